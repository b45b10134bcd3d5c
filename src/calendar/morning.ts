// When the desk's day begins. Pure.
import { type Day, dayIn, startOfDay } from '../day.ts';
import { type Calendar, openingsOn } from './calendar.ts';
import { offsetAt } from './zone.ts';

const MINUTE = 60_000;

/** Nobody reads a summary before; it is also when a desk that never closes begins its day (minutes since local midnight). */
const EARLIEST = 7 * 60;
/** The longest that a desk is thought to be closed, days. */
const MOST_DAYS = 31;

/** `day`: of the calendar's zone. `from`: when its work begins; `before`: when that of the working day before it began (UTC milliseconds). */
export type Morning = { readonly day: Day; readonly from: number; readonly before: number };

/** The working day on which the instant `at` is (UTC milliseconds); null on a day off, and before work begins. */
export function morningOf(at: number, calendar: Calendar): Morning | null {
  const day = dayIn(at, calendar.zone);
  const from = beginningOf(day, calendar);
  if (from === null || at < from) return null;
  for (let n = 1; n <= MOST_DAYS; n += 1) {
    const before = beginningOf(day - n, calendar);
    if (before !== null) return { day, from, before };
  }
  return { day, from, before: from - MOST_DAYS * 24 * 60 * MINUTE };
}

function beginningOf(day: Day, calendar: Calendar): number | null {
  const [first] = openingsOn(day, calendar);
  if (first === undefined) return null;
  const local = startOfDay(day) + Math.max(first.from, EARLIEST) * MINUTE;
  return local - offsetAt(local - offsetAt(local, calendar.zone), calendar.zone);
}
