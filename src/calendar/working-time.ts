// Time that counts by a working calendar. A moment counts where the clocks of the calendar's zone show a time within the
// hours of their day, and that day is not a holiday: so an hour that is left out in spring does not count, and one that
// comes twice in autumn counts twice. Pure.
import { type Day, dayLength, dayOf } from '../day.ts';
import { type Calendar, openingsOn } from './calendar.ts';
import { offsetAt } from './zone.ts';

const MINUTE = 60_000;

/** From one instant to another, the end left out (UTC milliseconds). */
type Span = readonly [from: number, to: number];

/** Farther away nothing is looked for: a century. */
const MOST_DAYS = 36_525;

// A calendar does not change, so what was worked out for one of its days stays right.
const known = new WeakMap<Calendar, Map<Day, readonly Span[]>>();

/** The instant at which `work` milliseconds of working time have passed since `from`. Times are UTC milliseconds. */
export function afterWork(from: number, work: number, calendar: Calendar): number {
  if (work <= 0) return from;
  let left = work;
  for (let day = dayOf(from), n = 0; n < MOST_DAYS; day += 1, n += 1) {
    for (const [start, end] of spansOf(day, calendar)) {
      const begin = Math.max(start, from);
      if (begin + left <= end) return begin + left;
      left -= Math.max(0, end - begin);
    }
  }
  throw new Error('the working calendar has no such long time');
}

/** The last instant from which `work` milliseconds of working time pass until `to`. Times are UTC milliseconds. */
export function beforeWork(to: number, work: number, calendar: Calendar): number {
  if (work <= 0) return to;
  let left = work;
  for (let day = dayOf(to), n = 0; n < MOST_DAYS; day -= 1, n += 1) {
    for (const [start, end] of spansOf(day, calendar).toReversed()) {
      const last = Math.min(end, to);
      if (last - left >= start) return last - left;
      left -= Math.max(0, last - start);
    }
  }
  throw new Error('the working calendar has no such long time');
}

/** The working time between two instants (UTC milliseconds), in milliseconds; 0 where the second is not later. */
export function workBetween(from: number, to: number, calendar: Calendar): number {
  let sum = 0;
  for (let day = dayOf(from); day <= dayOf(to) && from < to; day += 1) {
    for (const [start, end] of spansOf(day, calendar)) sum += Math.max(0, Math.min(end, to) - Math.max(start, from));
  }
  return sum;
}

/** What counts of a day of UTC, in order. */
function spansOf(day: Day, calendar: Calendar): readonly Span[] {
  const days = known.get(calendar) ?? new Map<Day, readonly Span[]>();
  known.set(calendar, days);
  const spans = days.get(day) ?? piecesOf(day, calendar.zone).flatMap((piece) => openingsIn(piece, calendar));
  days.set(day, spans);
  return spans;
}

/** A stretch of time in which a zone's clocks are ahead of UTC by the same `offset` (milliseconds). */
type Piece = { readonly from: number; readonly to: number; readonly offset: number };

/** A day of UTC as one piece, or as two where the zone's clocks are changed in it. */
function piecesOf(day: Day, zone: string): Piece[] {
  const [from, to] = [day * dayLength, (day + 1) * dayLength];
  const [before, after] = [offsetAt(from, zone), offsetAt(to, zone)];
  if (before === after) return [{ from, to, offset: before }];
  let [same, changed] = [from, to];
  while (changed - same > 1000) {
    const middle = Math.floor((same + changed) / 2000) * 1000;
    if (offsetAt(middle, zone) === before) same = middle;
    else changed = middle;
  }
  return [
    { from, to: changed, offset: before },
    { from: changed, to, offset: after },
  ];
}

function openingsIn({ from, to, offset }: Piece, calendar: Calendar): Span[] {
  const spans: Span[] = [];
  for (let local = dayOf(from + offset); local <= dayOf(to - 1 + offset); local += 1) {
    const midnight = local * dayLength - offset;
    for (const opening of openingsOn(local, calendar)) {
      const start = Math.max(from, midnight + opening.from * MINUTE);
      const end = Math.min(to, midnight + opening.to * MINUTE);
      if (start < end) spans.push([start, end]);
    }
  }
  return spans;
}
