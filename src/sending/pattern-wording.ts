// How a sending pattern is said. Pure.
import { counted, grouped, listed } from '../wording.ts';
import type { Pattern } from './pattern.ts';

const NAMES = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'] as const;
/** A day with less than this part of the busiest is passed over where days are named. */
const NAMED = 1 / 5;

/** When mail goes out, as the end of a sentence: `on Tuesdays and Thursdays`, `every day`, `about every 14 days`. */
export function daysInWords(pattern: Pattern): string {
  if (pattern.kind === 'mailings') {
    const period = Math.round(pattern.period);
    return period <= 7
      ? `about every ${counted(period, 'day')}, not always on the same one`
      : `about every ${counted(period, 'day')}`;
  }
  const { usual, busiest } = pattern;
  const on = NAMES.flatMap((name, day) => ((usual[day] ?? 0) >= busiest * NAMED ? [name] : []));
  const mostly = on.length < usual.filter((sent) => sent > 0).length ? 'mostly ' : '';
  if (on.length === 7) return 'every day';
  const isRun =
    on.length > 2 &&
    NAMES.slice(NAMES.indexOf(on[0] ?? 'Mondays'))
      .slice(0, on.length)
      .join() === on.join();
  return isRun ? `${mostly}from ${on[0]?.slice(0, -1)} to ${on.at(-1)?.slice(0, -1)}` : `${mostly}on ${listed(on)}`;
}

/** Days of a week, of `usual` messages each, that are more than a trickle beside its busiest. */
export const sendingDays = (usual: readonly number[], busiest: number): number =>
  usual.filter((sent) => sent >= busiest * NAMED).length;

/** Why a plan takes longer than one with mail on every day: `once a week`, `on two days a week`; null where it does not. */
export function rhythmInWords(pattern: Pattern): string | null {
  if (pattern.kind === 'mailings') return daysInWords(pattern);
  const days = sendingDays(pattern.usual, pattern.busiest);
  if (days >= 7) return null;
  return days === 1 ? 'once a week' : `on ${counted(days, 'day')} a week`;
}

/** The pattern in a sentence, with its volumes and where they come from. */
export function patternInWords(pattern: Pattern): string {
  const whose = pattern.basis === 'measured' ? 'Measured: mail goes out' : 'As stated: mail goes out';
  return `${whose} ${daysInWords(pattern)}, ${grouped(pattern.busiest)} on the busiest usual day.`;
}
