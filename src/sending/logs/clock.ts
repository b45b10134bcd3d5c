// The times of a system log's lines, in the forms in which syslog daemons and journald write them. Pure.
import { dayLength } from '../../day.ts';

/** The months, three letters each. */
export const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const CLOCK = /^\d\d:\d\d:\d\d(\.\d+)?$/;

/**
 * Reads times of log lines. Those of the older form have no year: they are of the first one from `since` on,
 * and not after `now`; of the year before `now` where `since` is not set. Without a zone they are in the time zone of the process.
 */
export class Clock {
  readonly #now: number;
  readonly #lastMinute: Minute = { before: '', zone: '', length: 0, at: 0 };
  #since: number | undefined;
  #lastText = '';
  #lastTime: number | undefined;

  /** `now`: UTC milliseconds. */
  constructor(now: number) {
    this.#now = now;
  }

  /** UTC milliseconds: from here on no line is of a time before. */
  set since(at: number) {
    this.#since = at;
    this.#lastText = '';
  }

  /** A line's time in UTC milliseconds; undefined where it is none. */
  read(text: string): number | undefined {
    if (text === this.#lastText) return this.#lastTime;
    this.#lastText = text;
    const at = /^\d/.test(text) ? rfc3339(text, this.#lastMinute) : this.#written(text);
    this.#lastTime = Number.isNaN(at) ? undefined : at;
    return this.#lastTime;
  }

  #written(text: string): number {
    const [, date, time = '', zone] = /^[A-Z][a-z]{2} (\d{4}-\d\d-\d\d) (\S+) (\S+)$/.exec(text) ?? [];
    if (date !== undefined)
      return CLOCK.test(time) ? Date.parse(`${date}T${time}${isUtc(zone) ? 'Z' : ''}`) : Number.NaN;
    const month = MONTHS.indexOf(text.slice(0, 3)) / 3;
    const dayOfMonth = Number(text.slice(4, 6));
    if (!Number.isInteger(month) || month < 0 || !CLOCK.test(text.slice(7)) || !(dayOfMonth >= 1 && dayOfMonth <= 31))
      return Number.NaN;
    const [hours = 0, minutes = 0, seconds = 0] = text.slice(7).split(':').map(Number);
    const inYear = (year: number) => new Date(year, month, dayOfMonth, hours, minutes, 0).getTime() + seconds * 1000;
    const year = new Date(this.#now).getFullYear();
    const at = this.#since === undefined ? inYear(year) : firstFrom(this.#since, inYear);
    const known = at > this.#now + dayLength ? inYear(new Date(at).getFullYear() - 1) : at;
    // 29 February is not in every year.
    return new Date(known).getDate() === dayOfMonth ? known : Number.NaN;
  }
}

/** The first time that is not before `earliest`, of what comes once a year. */
export function firstFrom(earliest: number, inYear: (year: number) => number): number {
  const year = new Date(earliest).getUTCFullYear();
  const times = [year - 1, year, year + 1].map(inYear);
  return times.find((time) => time >= earliest) ?? inYear(year + 2);
}

type Minute = { before: string; zone: string; length: number; at: number };

/** Lines of one minute differ in their seconds alone. */
function rfc3339(text: string, last: Minute): number {
  if (text.length === last.length && text.startsWith(last.before) && text.endsWith(last.zone)) {
    const seconds = text.slice(17, text.length - last.zone.length);
    if (/^[0-5]\d(\.\d+)?$/.test(seconds)) return last.at + Number(seconds) * 1000;
  }
  if (/^\d+\.\d+$/.test(text)) return Number(text) * 1000;
  const [, before, zone] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:)\d\d(?:\.\d+)?(Z|[+-]\d\d:?\d\d)$/.exec(text) ?? [];
  if (before === undefined || zone === undefined) return Number.NaN;
  last.at = Date.parse(`${before}00${zone}`);
  if (Number.isNaN(last.at)) return Number.NaN;
  Object.assign(last, { before, zone, length: text.length });
  const seconds = Number(text.slice(17, text.length - zone.length));
  return seconds < 61 ? last.at + seconds * 1000 : Number.NaN;
}

const isUtc = (zone: string | undefined): boolean => zone === 'UTC' || zone === 'GMT';
