// When warm-up would be done as somebody mails, why that takes long, and what would be quicker. Pure.
import { startOfDay } from '../day.ts';
import type { Policy } from '../policy/document/policy.ts';
import { type Pattern, partOfPattern, weeklyPattern } from '../sending/pattern.ts';
import { rhythmInWords } from '../sending/pattern-wording.ts';
import { restsOn } from '../warmup/ahead.ts';
import { type PlannedWarmup, planWarmup } from '../warmup/plan.ts';
import { counted, listed } from '../wording.ts';

type Days = { readonly from: number; readonly to: number };

/** C-14: the days that a schedule takes by volume; null where it is a published table. */
function usualDays({ schedules, warmup }: Policy): Days | null {
  const schedule = schedules[warmup.schedule];
  if (schedule?.kind !== 'growth' || warmup.clock.value === 'calendar') return null;
  return { from: schedule.shortest.days.value, to: schedule.longest.days.value };
}

/** A forecast in words: `span`, followed by the date; `why` it is longer than usual, null where it is not. */
export type ForecastWords = { readonly span: string; readonly why: string | null };

export function forecastInWords(forecast: PlannedWarmup, policy: Policy): ForecastWords {
  const { caps, daily, pattern } = forecast;
  const usual = usualDays(policy);
  const rhythm = usual && rhythmInWords(pattern);
  const isOften = pattern.kind === 'weekdays' && rhythm !== 'once a week';
  const days = `${rhythm === null ? '' : 'about '}${daily.length} days`;
  const span = rhythm === null ? days : `${caps.length} ${isOften ? 'sending days' : 'mailings'}, ${days}`;
  const rest = restInWords(forecast, policy);
  if (usual === null || daily.length <= usual.to) return { span, why: rest };
  // Even mail of equal days takes longer than usual only where there is more of it than stages that double can reach by then.
  const ofEven =
    daily.length > caps.length
      ? 'the days differ in size, and a stage can take several small ones'
      : `so much mail takes ${caps.length} stages, each at most twice the one before`;
  const because = rhythm === null ? ofEven : `mail goes out ${rhythm}, and each sending day is one stage`;
  const why = `longer than the usual ${usual.from} to ${usual.to} days, because ${because}`;
  return { span, why: rest === null ? why : `${why}; ${rest}` };
}

const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** The days within a plan on which its sender usually mails and is not expected to; null: there are none. */
function restInWords({ pattern, startsOn, finishesOn }: PlannedWarmup, { warmup }: Policy): string | null {
  const days = Array.from({ length: finishesOn - startsOn + 1 }, (_, i) => startsOn + i);
  const rest = days.filter((day) => restsOn(pattern, day, warmup.restDays.value));
  return rest.length === 0
    ? null
    : `no mailing is expected on ${listed(rest.map((day) => DATE.format(startOfDay(day))))}`;
}

/** A sender, as a plan is made of it: the whole pattern, the IPs among which it is shared, the first day. */
export type Planned = { readonly pattern: Pattern; readonly parts: number; readonly startsOn: number };

export const forecastFor = (policy: Policy, { pattern, parts, startsOn }: Planned): PlannedWarmup =>
  planWarmup(policy, partOfPattern(pattern, parts), startsOn);

/** The mail of a pattern on `days` days of each week, the same on each, from its busiest weekday on. */
export function splitOver(pattern: Pattern, days: number): Pattern {
  const first = pattern.kind === 'weekdays' ? pattern.usual.indexOf(pattern.busiest) : 0;
  const sent = Math.ceil(pattern.weekly / days);
  return weeklyPattern(
    Array.from({ length: 7 }, (_, day) => ((day - first + 7) % 7 < days ? sent : 0)),
    pattern.basis,
  );
}

/** What would be quicker: the same mail on this many days of each week. */
export type Quicker = { readonly label: string; readonly forecast: PlannedWarmup };

/**
 * The fewest days of each week over which the mail can be split so that warm-up takes no longer than usual, or as short as
 * it gets; null where it is no longer than usual anyway, or where splitting does not help. What is quicker is so in any
 * season: days of rest count only in the forecast that is shown.
 */
export function quickerThan(policy: Policy, planned: Planned): Quicker | null {
  const usual = usualDays(policy);
  if (usual === null || rhythmInWords(planned.pattern) === null) return null;
  const always = { ...policy, warmup: { ...policy.warmup, restDays: { ...policy.warmup.restDays, value: [] } } };
  const daysOn = (pattern: Pattern): number => forecastFor(always, { ...planned, pattern }).daily.length;
  let least = daysOn(planned.pattern);
  let best = 0;
  for (let days = 1; days <= 7 && least > usual.to; days += 1) {
    const took = daysOn(splitOver(planned.pattern, days));
    if (took < least) [least, best] = [took, days];
  }
  if (best === 0) return null;
  const forecast = forecastFor(policy, { ...planned, pattern: splitOver(planned.pattern, best) });
  // Holidays may take more of the days than of the mailings.
  if (forecast.finishesOn >= forecastFor(policy, planned).finishesOn) return null;
  return { label: best === 7 ? 'on every day' : `on ${counted(best, 'day')} of each week`, forecast };
}
