// What the mail servers counted, and what it comes to: weeks, means and sums. Pure.
import { type Day, dayOf, weekStart } from '../day.ts';
import type { Measured } from '../policy/facts.ts';

/** One domain's counts of one day. */
export type DayCount = {
  readonly day: Day;
  readonly sent: number;
  readonly bounced: number;
  readonly complained: number;
};

/** One domain's sums over one week; the `recent` ones are of days within the last 28 complete days. */
export type WeekCount = {
  readonly from: Day;
  readonly sent: number;
  readonly recentSent: number;
  readonly recentBounced: number;
  readonly recentComplained: number;
  readonly recordedAt: number;
};

const WEEKS = 12;
const COUNTED_WEEKS = 4;
const RECENT_DAYS = 28;

/** The days that are looked at on the day of `at`: twelve complete weeks, and the last 28 complete days. */
export function window(at: number): { since: Day; until: Day; recentSince: Day } {
  const today = dayOf(at);
  return { since: weekStart(today) - 7 * WEEKS, until: today, recentSince: today - RECENT_DAYS };
}

/** Adds up the weeks of all domains in question (C-08: summed over all domains that use the IPs). */
export function measure(counts: readonly WeekCount[], at: number): Measured {
  const thisWeek = weekStart(dayOf(at));
  const sum = (value: (count: WeekCount) => number, of = counts) => of.reduce((total, one) => total + value(one), 0);
  const weeks = Array.from({ length: WEEKS }, (_, index) => {
    const from = thisWeek - 7 * (WEEKS - index);
    return {
      from,
      sent: sum(
        (one) => one.sent,
        counts.filter((one) => one.from === from),
      ),
    };
  });
  const last = weeks.slice(-COUNTED_WEEKS).reduce((total, week) => total + week.sent, 0);
  return {
    weeks,
    weekly: counts.length === 0 ? null : Math.round(last / COUNTED_WEEKS),
    sent: sum((one) => one.recentSent),
    bounced: sum((one) => one.recentBounced),
    complained: sum((one) => one.recentComplained),
    asOf: counts.length === 0 ? null : Math.max(...counts.map((one) => one.recordedAt)),
  };
}
