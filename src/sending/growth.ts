// What is sent of each stream, and what it comes to if it goes on growing as it did. Pure.
import { dayOf, weekStart } from '../day.ts';
import { measure, type WeekCount } from './counts.ts';

/** Messages a week of each stream. */
export type StreamMail = { readonly marketing: number; readonly transactional: number };

/** Weeks that a growth is followed into the future, and of which its two halves are: own choice, a quarter of a year ahead. */
export const AHEAD_WEEKS = 12;
const HALF = 4;

/**
 * What is sent in a week by the mean that the checks count (C-08), and in twelve weeks if it goes on as it did from the four weeks
 * before the last four to these: by as many messages each week, in today's shares. null: too few weeks are measured.
 */
export type Growth = { readonly today: StreamMail | null; readonly later: StreamMail | null };

/** Looks at the weeks of some domains up to the instant `at` (UTC milliseconds). */
export function growthOf(counts: readonly WeekCount[], at: number): Growth {
  const { weeks, weekly, meanOf } = measure(counts, at);
  if (weekly === null) return { today: null, later: null };
  const since = weekStart(dayOf(at)) - 7 * meanOf;
  const ofStream = counts.filter(({ from }) => from >= since).reduce((sum, one) => sum + (one.transactional ?? 0), 0);
  const transactional = Math.min(weekly, Math.round(ofStream / meanOf));
  const today = { marketing: weekly - transactional, transactional };
  const sums = [weeks.slice(-2 * HALF, -HALF), weeks.slice(-HALF)].map((of) =>
    of.reduce((sum, { sent }) => sum + sent, 0),
  );
  const [before = 0, now = 0] = sums;
  const first = weeks.findIndex(({ sent }) => sent > 0);
  if (first > weeks.length - 2 * HALF || now === 0) return { today, later: null };
  const perWeek = (now - before) / HALF / HALF;
  return { today, later: scaled(today, Math.max(0, Math.round(weekly + perWeek * AHEAD_WEEKS))) };
}

/** The same shares of another weekly volume; all of it marketing where nothing is known of shares. */
export function scaled({ marketing, transactional }: StreamMail, weekly: number): StreamMail {
  const all = marketing + transactional;
  const ofStream = all === 0 ? 0 : Math.round((weekly * transactional) / all);
  return { marketing: weekly - ofStream, transactional: ofStream };
}
