// When the desk works: hours of each weekday, holidays and the time zone in which they are meant. Pure.

import { type Day, startOfDay } from '../day.ts';

/** Minutes since local midnight; `to` is 1440 at the end of the day. */
export type Opening = { readonly from: number; readonly to: number };

/** `on`: one day (`2026-12-25`) or each year's (`12-25`). `name` may be empty. */
export type Holiday = { readonly on: string; readonly name: string };

export type Calendar = {
  /** An IANA name. */
  readonly zone: string;
  /** From Monday to Sunday; each day's openings in order, none overlapping. */
  readonly week: readonly (readonly Opening[])[];
  readonly holidays: readonly Holiday[];
  /** Working hours before a decision is due at which staff are reminded. */
  readonly soonHours: number;
  /** Working hours after it was due at which the administrators are told. */
  readonly escalateHours: number;
};

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

export const MINUTES_A_DAY = 1_440;

/** What holds until somebody sets working hours: every hour counts. */
export const ROUND_THE_CLOCK: Calendar = {
  zone: 'UTC',
  week: WEEKDAYS.map(() => [{ from: 0, to: MINUTES_A_DAY }]),
  holidays: [],
  soonHours: 2,
  escalateHours: 4,
};

/** The hours at which the desk works on a day of its zone's calendar; empty on a holiday. */
export function openingsOn(day: Day, { week, holidays }: Calendar): readonly Opening[] {
  const date = new Date(startOfDay(day)).toISOString().slice(0, 10);
  if (holidays.some(({ on }) => on === date || on === date.slice(5))) return [];
  // Day 0, 1970-01-01, was a Thursday.
  return week[(((day + 3) % 7) + 7) % 7] ?? [];
}

/** Whether every hour counts, so that an hour of work is an hour of the clock. */
export const isRoundTheClock = ({ week, holidays }: Calendar): boolean =>
  holidays.length === 0 &&
  week.every((openings) => openings.reduce((sum, { from, to }) => sum + to - from, 0) === MINUTES_A_DAY);
