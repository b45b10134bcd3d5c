// What a run read, and how it is said. Pure.
import { type Counts, NOTHING } from '../counts.ts';
import { NONE_SKIPPED, type Skipped } from './tally.ts';

/** Something of a log that was not read: a line of it, or (line null) all of it. It is read again at each run. */
export type Unread = { readonly path: string; readonly line: number | null; readonly sentence: string };

/** What a run read. `records`: what became of messages, one for each recipient. */
export type Ingested = { -readonly [Name in keyof Counts]: number } & {
  files: number;
  lines: number;
  records: number;
  skipped: Record<Skipped, number>;
  unread: Unread[];
};

/** A run that has read nothing yet. */
export const emptyRun = (): Ingested => ({
  files: 0,
  lines: 0,
  records: 0,
  ...NOTHING,
  skipped: { ...NONE_SKIPPED },
  unread: [],
});

/** Adds what another run read. */
export function addRun(sum: Ingested, more: Ingested): void {
  for (const name of ['files', 'lines', 'records', 'sent', 'delivered', 'deferred', 'bounced', 'complained'] as const)
    sum[name] += more[name];
  for (const [why, count] of Object.entries(more.skipped)) sum.skipped[why as Skipped] += count;
  sum.unread.push(...more.unread);
}

const MOST_EXAMPLES = 5;
const LONGEST_EXAMPLE = 200;

/** A line as a terminal can show it: short, without control characters. */
export function exampleOf(line: string): string {
  const plain = line.toWellFormed().replace(/\p{Cc}/gu, '�');
  return plain.length > LONGEST_EXAMPLE ? `${plain.slice(0, LONGEST_EXAMPLE)}…` : plain;
}

const of = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The run in a line, for a terminal. */
export function summaryOf(reader: string, path: string, run: Ingested): string {
  const skipped = Object.entries(run.skipped).filter(([, count]) => count > 0);
  const left =
    skipped.length === 0 ? 'nothing skipped' : `skipped ${skipped.map(([why, count]) => `${count} ${why}`).join(', ')}`;
  const { files, lines, records, sent, delivered, deferred, bounced, complained } = run;
  const counted = `${sent} sent, ${delivered} delivered, ${deferred} deferred, ${bounced} bounced, ${complained} complained`;
  const read = reader === 'arf' ? of(files, 'mail') : `${of(lines, 'new line')} in ${of(files, 'file')}`;
  return `${reader} ${path}: ${read}, ${of(records, 'record')}: ${counted}; ${left}.`;
}

/** What was not read, in lines for a terminal; '' where everything was. */
export function unreadOf({ unread }: Pick<Ingested, 'unread'>): string {
  const lines = unread
    .slice(0, MOST_EXAMPLES)
    .map(({ path, line, sentence }) => `${path}${line === null ? '' : `, line ${line}`}: ${sentence}`);
  const more = unread.length - lines.length;
  if (more > 0) lines.push(`… and ${of(more, 'more line')} that could not be read.`);
  return lines.join('\n');
}
