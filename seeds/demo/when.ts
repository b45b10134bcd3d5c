import { type Day, dayOf, startOfDay } from '../../src/day.ts';

/** Instants before the moment of seeding, so that the demo looks lived in whenever it is started. */
export type When = {
  readonly now: number;
  readonly today: Day;
  /** A time of day (UTC, like '09:40') that many whole days ago; at least yesterday, so never in the future. */
  readonly day: (ago: number, time: string) => number;
  readonly hours: (ago: number) => number;
  /** Like `hours`, but never before today began: what is counted by the day is the same as now. */
  readonly sinceMidnight: (hoursAgo: number) => number;
};

const HOUR = 3_600_000;
const MINUTE = 60_000;

export function whenFrom(now: number): When {
  const today = dayOf(now);
  const hours = (ago: number) => now - Math.round(ago * HOUR);
  return {
    now,
    today,
    hours,
    day(ago, time) {
      const [hour = 0, minute = 0] = time.split(':').map(Number);
      if (ago < 1) throw new Error('a time of day is of yesterday or earlier');
      return startOfDay(today - ago) + hour * HOUR + minute * MINUTE;
    },
    sinceMidnight: (hoursAgo) => Math.max(hours(hoursAgo), startOfDay(today)),
  };
}
