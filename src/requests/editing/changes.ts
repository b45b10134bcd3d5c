// What differs between two versions of a request's answers. Pure.
import { startOfDay } from '../../day.ts';
import { grouped, inWords, listed } from '../../wording.ts';
import { mailingInWords } from '../mailing.ts';
import { regionName } from '../mails/wording.ts';
import type { Answers } from '../request.ts';

/** One answer that changed; texts are too long to be told here, so they are kept with the record. */
export type AnswerChange = { readonly what: string; readonly before: string; readonly after: string };

type Version = { readonly answers: Answers; readonly domains: readonly string[] };

const STREAMS = { marketing: 'marketing', transactional: 'transactional', both: 'marketing and transactional' };
const iso = (day: number): string => new Date(startOfDay(day)).toISOString().slice(0, 10);

/** Each short answer by its label, as it is told. */
function short({ answers, domains }: Version): Readonly<Record<string, string>> {
  const both = { 'Expected weekly volume': grouped(answers.weeklyVolume), Domains: listed([...domains].toSorted()) };
  if (answers.kind === 'transactional_pool') return both;
  const { weeklyVolume: weekly, peakWeeklyVolume: peak, mailing } = answers;
  return {
    'Number of IPs': inWords(answers.ipCount),
    ...both,
    'Highest weekly volume': peak > weekly ? grouped(peak) : 'not given',
    Region: regionName(answers.region),
    'What goes over them': STREAMS[answers.stream],
    'Preferred start': iso(answers.startsOn),
    'Warm-up': answers.automatedWarmup ? 'automated' : 'their own',
    'When they send': mailing === null ? 'not asked' : mailingInWords(mailing),
  };
}

const texts = (answers: Answers): Readonly<Record<string, string>> =>
  answers.kind === 'dedicated_ip'
    ? { 'What you send': answers.sends, 'How recipients signed up': answers.signup }
    : { 'What you send': answers.sends, 'Sample subjects': answers.samples };

/** The short answers that changed, each before and after. */
export function changesOf(before: Version, after: Version): AnswerChange[] {
  const [old, now] = [short(before), short(after)];
  return Object.keys(now).flatMap((what) => {
    const [was = '', is = ''] = [old[what], now[what]];
    return was === is ? [] : [{ what, before: was, after: is }];
  });
}

/** The labels of the texts that changed. */
function changedTexts(before: Answers, after: Answers): string[] {
  const [old, now] = [texts(before), texts(after)];
  return Object.keys(now).filter((what) => old[what] !== now[what]);
}

/** The texts that changed as they were before, to be kept with the record; empty where none did. */
export const formerTexts = (before: Answers, after: Answers): string =>
  changedTexts(before, after)
    .map((what) => `${what}, before:\n${texts(before)[what]}`)
    .join('\n\n');

/** What changed, a line each, for mails. */
export const changesInWords = (before: Version, after: Version): string[] => [
  ...changesOf(before, after).map(({ what, before: was, after: is }) => `${what}: ${was} → ${is}`),
  ...changedTexts(before.answers, after.answers).map((what) => `${what}: rewritten`),
];
