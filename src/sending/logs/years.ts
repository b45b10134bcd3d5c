// Dates of the older form have no year: `Nov 27`. Where one year ends and the next begins is told by the order of the lines,
// and which years they are by an id that Postfix made, else by the time at which the last line was written. Pure.
import { dayLength } from '../../day.ts';
import { FIRST_TIME } from '../earliest.ts';
import { firstFrom, MONTHS } from './clock.ts';

/** Hosts hand on lines late, and clocks are set back: a line that is older than others before it, is by no more than this. */
const DISORDER = 14 * dayLength;
/** A date further ahead than this may be a damaged one: another line has to agree with it. */
const SURE = 7 * dayLength;
/** How long one mark holds. */
const LONGEST = 100 * dayLength;
/** Times without lines that are longer than this may be a year longer still, in a log of about a year or more. */
const GAP = 31 * dayLength;
/** How many dates in a row may be far from all others. */
const MOST_STRAYS = 5;
/** Years are counted from here on until it is known which they are. */
const SOME_YEAR = 2000;
/** Where no two dates agree, lines are of at most this long before the last one. */
const FAR_APART = 300 * dayLength;
/** The system log may be in any time zone, the id is in UTC. */
const ZONES = 2 * dayLength;
/** A mail that comes without a Message-ID gets one of the second and of its name in the queue, which nobody can know before. */
const OWN_ID = /\/cleanup\[\d+\]: ([0-9A-Za-z]+): message-id=<(\d{4})(\d\d)(\d\d)\d{6}\.\1@/;

/** From this byte on, no line is of a time before `since` (UTC milliseconds). */
export type YearMark = { readonly at: number; readonly since: number };

type Lines = { readonly lines: readonly string[]; readonly at: (index: number) => number };
type InYear = (year: number) => number;

/** The last date of a log: which of its lines has it first (counted from 0), the instant at which that day begins, and whether the log itself says the year. */
export type LastDate = { readonly line: number; readonly at: number; readonly isTold: boolean };

/** Whether a log that begins with this line has dates without years. */
export const hasNoYear = (line: string): boolean => /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:/.test(line);

/** Follows the dates of one log, line by line. */
export class Years {
  readonly #marks: YearMark[] = [];
  #latest = Date.UTC(SOME_YEAR, 0, 1) + DISORDER;
  #latestLine = 0;
  #strays: { readonly at: number; readonly time: number; readonly line: number }[] = [];
  #lastDate = '';
  #hasGap = false;
  #lines = 0;
  /** By how many years the log is later than it was taken to be; null: it does not say. */
  #later: number | null = null;

  /** Takes in the next lines. */
  add({ lines, at }: Lines): void {
    for (let index = 0; index < lines.length && !this.#isScattered; index += 1) {
      const line = lines[index] ?? '';
      const from = line.charCodeAt(0) === 60 ? line.indexOf('>') + 1 : 0;
      if (line.charCodeAt(from + 3) !== 32 || line.charCodeAt(from + 9) !== 58) continue;
      const date = line.slice(from, from + 6);
      const isNew = date !== this.#lastDate || this.#strays.length > 0;
      const mayTell = this.#later === null && line.includes(': message-id=<2');
      if (!isNew && !mayTell) continue;
      const month = MONTHS.indexOf(date.slice(0, 3)) / 3;
      const dayOfMonth = Number(date.slice(4));
      if (!Number.isInteger(month) || month < 0 || !(dayOfMonth >= 1)) continue;
      this.#lastDate = date;
      const inYear = (year: number) => Date.UTC(year, month, dayOfMonth);
      if (isNew) this.#note(inYear, this.#lines + index, () => at(index));
      if (mayTell) this.#tell(inYear, line);
    }
    this.#lines += lines.length;
  }

  #note(inYear: InYear, line: number, at: () => number): void {
    const time = firstFrom(this.#latest - DISORDER, inYear);
    if (this.#marks.length > 0 && time - this.#latest <= SURE) {
      if (time - (this.#marks.at(-1)?.since ?? 0) > LONGEST) this.#begin(at(), time);
      this.#reach(time, line);
      return;
    }
    for (const stray of this.#strays) {
      const after = firstFrom(stray.time - DISORDER, inYear);
      if (after - stray.time > SURE) continue;
      this.#hasGap ||= this.#marks.length > 0 && stray.time - this.#latest > GAP;
      this.#begin(stray.at, Math.min(stray.time, after));
      this.#latest = stray.time;
      this.#latestLine = stray.line;
      this.#reach(after, line);
      return;
    }
    this.#strays.push({ at: at(), time, line });
  }

  #reach(time: number, line: number): void {
    if (time > this.#latest) {
      this.#latest = time;
      this.#latestLine = line;
    }
    this.#strays = [];
  }

  #tell(inYear: InYear, line: string): void {
    const [, , year, month, day] = OWN_ID.exec(line)?.map(Number) ?? [];
    if (year === undefined || month === undefined || this.#marks.length === 0 || this.#strays.length > 0) return;
    const made = Date.UTC(year, month - 1, day);
    const real = [year - 1, year, year + 1].find((one) => Math.abs(inYear(one) - made) <= ZONES);
    if (real === undefined) return;
    this.#later = real - new Date(firstFrom(this.#latest - DISORDER, inYear)).getUTCFullYear();
  }

  #begin(at: number, since: number): void {
    this.#marks.push({ at, since });
  }

  get #isScattered(): boolean {
    return this.#strays.length > MOST_STRAYS;
  }

  /** The last date of the log, which is not after `until` (UTC milliseconds) where the log does not say the year; undefined: it has no dates. */
  last(until: number): LastDate | undefined {
    const alone = this.#marks.length === 0 ? this.#strays.at(-1) : undefined;
    if (this.#marks.length === 0 && !alone) return undefined;
    const date = new Date(alone?.time ?? this.#latest);
    const at = moved(date, this.#later ?? latestYear(until, date) - date.getUTCFullYear());
    return { line: alone?.line ?? this.#latestLine, at, isTold: this.#later !== null };
  }

  /**
   * Where in the log which time begins, if its last date is `last`. Undefined where that cannot be told: it has lines of more
   * than a year, and months without any, of which there may be more.
   */
  marks(last: LastDate | undefined): readonly YearMark[] | undefined {
    const [first] = this.#marks;
    if (this.#isScattered || (first && this.#hasGap && this.#latest - first.since > 365 * dayLength - GAP))
      return undefined;
    if (!last) return [];
    if (!first) return [{ at: 0, since: last.at - FAR_APART }];
    const later = new Date(last.at).getUTCFullYear() - new Date(this.#latest).getUTCFullYear();
    return this.#marks.map(({ at, since }) => ({ at, since: moved(new Date(since), later) - DISORDER - dayLength }));
  }
}

/** An instant until which every date is of this year, or of an earlier one. */
export const endOfYear = (year: number): number => Date.UTC(year, 11, 30);

/** How the year of a log's last date came to be known; `year`: as somebody said it. Times are UTC milliseconds. */
type Known = { readonly year: number | null; readonly until: number; readonly now: number };

/** What speaks against the year of a log's last date, and what to do; undefined: nothing does. */
export function doubtOf({ at, isTold }: LastDate, { year, until, now }: Known): string | undefined {
  const found = new Date(at).getUTCFullYear();
  if (year !== null && found !== year)
    return `By ids that Postfix made, this date is in ${found}, not in ${year}. Nothing was counted.`;
  if (at > now + dayLength) return `In ${found}, this date would be in the future. Nothing was counted.`;
  if (isTold || year !== null || (until - at <= GAP && at >= FIRST_TIME)) return undefined;
  const isLost = at < FIRST_TIME;
  const days = Math.floor((until - at) / dayLength);
  const doubt = isLost
    ? 'has lost its time'
    : `was changed ${days} days later, so it seems to be a copy that lost its time`;
  const example = isLost ? new Date(now).getUTCFullYear() : found;
  return `The dates have no year. This is the last one, and the file ${doubt}. Nothing was counted. Say the year of this line (--year ${example}), or copy the file with its time (cp -p).`;
}

/** The last year in which this date is not after `until`; dates are those of any time zone. */
function latestYear(until: number, date: Date): number {
  const year = new Date(until).getUTCFullYear() + 1;
  const isUntil = (one: number) => Date.UTC(one, date.getUTCMonth(), date.getUTCDate()) <= until + dayLength;
  return [year, year - 1].find(isUntil) ?? year - 2;
}

const moved = (date: Date, years: number): number =>
  Date.UTC(date.getUTCFullYear() + years, date.getUTCMonth(), date.getUTCDate());

/** The marks that hold for lines: the last one that begins before them, and those that begin among them, by line. */
export function marksAmong(marks: readonly YearMark[], { lines, at }: Lines): { index: number; at: number }[] {
  const among: { index: number; at: number }[] = [];
  for (const mark of marks) {
    const index = lineAt(mark.at, lines.length, at);
    if (index === 0) among.length = 0;
    if (index < lines.length) among.push({ index: among.length === 0 ? 0 : index, at: mark.since });
  }
  return among;
}

/** The first line that begins at this byte or later. */
function lineAt(byte: number, lines: number, at: (index: number) => number): number {
  let [low, high] = [0, lines];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < byte) low = middle + 1;
    else high = middle;
  }
  return low;
}
