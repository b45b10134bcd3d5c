// Dates of the older form have no year: `Nov 27`. Where one year ends and the next begins is told by the order of the lines,
// and which year the last of them is of by the time at which the file was last changed. Pure.
import { dayLength } from '../../day.ts';
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

/** From this byte on, no line is of a time before `since` (UTC milliseconds). */
export type YearMark = { readonly at: number; readonly since: number };

type Lines = { readonly lines: readonly string[]; readonly at: (index: number) => number };

/** Whether a log that begins with this line has dates without years. */
export const hasNoYear = (line: string): boolean => /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:/.test(line);

/** Follows the dates of one log, line by line. */
export class Years {
  readonly #marks: YearMark[] = [];
  #latest = Date.UTC(SOME_YEAR, 0, 1) + DISORDER;
  #strays: { readonly at: number; readonly time: number }[] = [];
  #lastDate = '';
  #hasGap = false;

  /** Takes in the next lines. */
  add({ lines, at }: Lines): void {
    for (let index = 0; index < lines.length && !this.#isScattered; index += 1) {
      const line = lines[index] ?? '';
      const from = line.charCodeAt(0) === 60 ? line.indexOf('>') + 1 : 0;
      if (line.charCodeAt(from + 3) !== 32 || line.charCodeAt(from + 9) !== 58) continue;
      const date = line.slice(from, from + 6);
      if (date === this.#lastDate && this.#strays.length === 0) continue;
      const month = MONTHS.indexOf(date.slice(0, 3)) / 3;
      const dayOfMonth = Number(date.slice(4));
      if (!Number.isInteger(month) || month < 0 || !(dayOfMonth >= 1)) continue;
      this.#lastDate = date;
      this.#note(
        (year) => Date.UTC(year, month, dayOfMonth),
        () => at(index),
      );
    }
  }

  #note(inYear: (year: number) => number, at: () => number): void {
    const time = firstFrom(this.#latest - DISORDER, inYear);
    if (this.#marks.length > 0 && time - this.#latest <= SURE) {
      if (time - (this.#marks.at(-1)?.since ?? 0) > LONGEST) this.#begin(at(), time);
      this.#latest = Math.max(this.#latest, time);
      this.#strays = [];
      return;
    }
    for (const stray of this.#strays) {
      const after = firstFrom(stray.time - DISORDER, inYear);
      if (after - stray.time > SURE) continue;
      this.#hasGap ||= this.#marks.length > 0 && stray.time - this.#latest > GAP;
      this.#begin(stray.at, Math.min(stray.time, after));
      this.#latest = Math.max(stray.time, after);
      this.#strays = [];
      return;
    }
    this.#strays.push({ at: at(), time });
  }

  #begin(at: number, since: number): void {
    this.#marks.push({ at, since });
  }

  get #isScattered(): boolean {
    return this.#strays.length > MOST_STRAYS;
  }

  /**
   * Where in the log which time begins, if its last line is not of a time after `until` (UTC milliseconds). Undefined where
   * that cannot be told: it has lines of more than a year, and months without any, of which there may be more.
   */
  marks(until: number): readonly YearMark[] | undefined {
    const [first] = this.#marks;
    if (this.#isScattered || (first && this.#hasGap && this.#latest - first.since > 365 * dayLength - GAP))
      return undefined;
    const last = new Date(this.#latest);
    const later = latestYear(until, last) - last.getUTCFullYear();
    return this.#marks.map(({ at, since }) => ({ at, since: moved(new Date(since), later) - DISORDER - dayLength }));
  }
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
