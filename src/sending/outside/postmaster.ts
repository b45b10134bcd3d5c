/*
 * Google Postmaster Tools, API v2: answers of `domains.domainStats.query` and `domainStats.batchQuery`, as JSON, one or
 * several (pages) one after the other. By its discovery document, revision 20260512. The names of metrics are the asker's
 * own, so they have to be those of docs/outside-views.md. Pure.
 */
import { z } from 'zod';
import { dayOf } from '../../day.ts';
import { asciiName } from '../domain-name.ts';
import { shown } from '../reported.ts';
import { type Fault, type PostmasterDay, type PostmasterMetric, postmasterMetrics, type Read } from './seen.ts';

const rate = z.number().min(0).max(1);
const stat = z.looseObject({
  name: z.string().optional(),
  metric: z.string(),
  date: z.looseObject({ year: z.int(), month: z.int(), day: z.int() }).optional(),
  value: z.looseObject({ floatValue: z.unknown().optional(), doubleValue: z.unknown().optional() }).optional(),
});
const answer = z.looseObject({ domainStats: z.array(z.unknown()).optional() });
const batch = z.looseObject({
  results: z.array(
    z.looseObject({ response: answer.optional(), error: z.looseObject({ message: z.string() }).optional() }),
  ),
});

/** Reads a file of it. */
export function readPostmaster(text: string): Read<PostmasterDay> {
  const faults: Fault[] = [];
  const stats = documentsIn(text, faults).flatMap((one) => statsIn(one, faults));
  const lines = linesOfMetrics(text);
  // Each entry has one metric, so that the n-th of them is where the n-th entry is.
  const lineOf = (nth: number) => (lines.length === stats.length ? (lines[nth] ?? null) : null);
  const days = new Map<string, PostmasterDay>();
  let without = 0;
  for (const [nth, one] of stats.entries()) {
    const read = readStat(one);
    if (read === 'without') without += 1;
    else if (typeof read === 'string') faults.push({ line: lineOf(nth), sentence: `Entry ${nth + 1}: ${read}` });
    else {
      const key = `${read.domain} ${read.day}`;
      days.set(key, { ...read, rates: { ...days.get(key)?.rates, ...read.rates } });
    }
  }
  return { days: [...days.values()], faults, without };
}

type Document = { readonly line: number; readonly value: unknown };

/** The JSON documents of a file: one, or one in each line. */
function documentsIn(text: string, faults: Fault[]): Document[] {
  const plain = text.replace(/^\ufeff/, '');
  try {
    return [{ line: 1, value: JSON.parse(plain) }];
  } catch {
    const lines = plain.split('\n').map((line, nth) => ({ line: nth + 1, text: line.trim() }));
    const written = lines.filter((one) => one.text !== '');
    if (!written.some((one) => isJson(one.text) && one.text.startsWith('{'))) {
      faults.push({ line: lineOfError(plain), sentence: 'This is not JSON.' });
      return [];
    }
    return written.flatMap((one) => {
      if (isJson(one.text)) return [{ line: one.line, value: JSON.parse(one.text) as unknown }];
      faults.push({ line: one.line, sentence: 'This line is not JSON.' });
      return [];
    });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is the beginning of JSON: what is wrong with it is only that it ends. */
function isBegun(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const [, at] = /position (\d+)/.exec(message) ?? [];
    return /end of JSON|Unterminated/.test(message) || Number(at ?? -1) >= text.length;
  }
}

/** The first line up to which a text does not begin like JSON; the last one where it only ends too early. */
function lineOfError(text: string): number {
  const lines = text.split('\n');
  let good = 0;
  let bad = lines.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isBegun(lines.slice(0, middle).join('\n'))) good = middle;
    else bad = middle;
  }
  return bad;
}

/** The entries of one answer. */
function statsIn({ line, value }: Document, faults: Fault[]): unknown[] {
  const several = batch.safeParse(value);
  if (several.success)
    return several.data.results.flatMap(({ response, error }) => {
      if (error)
        faults.push({ line, sentence: `Google did not answer one of the questions: ${shown(error.message)}.` });
      return response?.domainStats ?? [];
    });
  const one = answer.safeParse(value);
  if (one.success && (one.data.domainStats !== undefined || Object.keys(one.data).length === 0))
    return one.data.domainStats ?? [];
  const isOld = /"(userReportedSpamRatio|domainReputation|ipReputations|trafficStats)"/.test(JSON.stringify(value));
  faults.push({
    line,
    sentence: isOld
      ? 'This is an answer of version 1 of the API, which Google no longer offers. Ask domainStats of version 2.'
      : 'This is not an answer of domainStats: it has no “domainStats” and no “results”.',
  });
  return [];
}

/** The lines on which entries name their metric: within a text, quotation marks are escaped. */
const linesOfMetrics = (text: string): number[] => {
  const found: number[] = [];
  for (const [nth, line] of text.split('\n').entries())
    for (const _ of line.matchAll(/(?<!\\)"metric"\s*:/g)) found.push(nth + 1);
  return found;
};

const isMetric = (name: string): name is PostmasterMetric => (postmasterMetrics as readonly string[]).includes(name);

/** An entry, `without` where Google has no value, or what is wrong with it. */
function readStat(value: unknown): PostmasterDay | string {
  const read = stat.safeParse(value);
  if (!read.success) return 'It is not a DomainStat with a metric.';
  const { name = '', metric, date, value: given } = read.data;
  if (!isMetric(metric)) return `${shown(metric)} is not one of the metrics ${postmasterMetrics.join(', ')}.`;
  const [, domain] = /^domains\/([^/]+)\/domainStats\//.exec(name) ?? [];
  if (domain === undefined) return `${shown(name)} does not name a domain.`;
  if (date === undefined) return 'It has no date. Ask with "aggregationGranularity": "DAILY".';
  const { year, month, day } = date;
  const at = Date.UTC(year, month - 1, day);
  if (new Date(at).getUTCDate() !== day || new Date(at).getUTCMonth() !== month - 1)
    return `${year}-${month}-${day} is not a date.`;
  const figure = given?.floatValue ?? given?.doubleValue;
  if (figure === undefined) return 'without';
  const found = rate.safeParse(figure);
  if (!found.success) return `${shown(JSON.stringify(figure))} is not a share from 0 to 1.`;
  return { domain: asciiName(domain), day: dayOf(at), rates: { [metric]: found.data } };
}
