// A day's cap, an hour's and a mailbox provider's limit as rates of KumoMTA. Pure.
import type { Day } from '../../day.ts';

/**
 * `day`: the day that the cap is of: one more is granted with each day, not with each run of the export. `hourly`: what an
 * hour may carry besides (S-20); not given: what the day may.
 */
export type KumoRate = { readonly day: Day; readonly rate: string; readonly hourly?: string };

const HOURS = 24;
/** Over how many days the rate is spread. */
const DAYS = 30;
/** Of a number an hour up to this, rounding would take a part that counts. */
const FEW = 100;

type Limits = { readonly cap: number; readonly hourCap: number | null };

/**
 * `cap` messages a day, all of them at once if they come at once. KumoMTA's limits are leaky buckets that refill steadily:
 * "200/day" lets 399 through on its first day, "200/day,max_burst=1" one each seven minutes. So each day has a bucket
 * of its own (the Lua module names it by the day), which refills over a month: it holds 29/30 of the cap, and the rest
 * drips in within the day. `max_burst` is one less than a bucket holds; at least 1, because with 0 nothing passes where
 * Redis counts. The same for an hour.
 */
export function rateOf({ cap, hourCap }: Limits, day: Day): KumoRate {
  const rate = bucketOf(cap, DAYS, 'd');
  return hourCap === null ? { day, rate } : { day, rate, hourly: bucketOf(hourCap, hoursOf(cap, hourCap), 'h') };
}

/** What a slowed provider gets of that a day. */
export function providerRateOf(limit: number, { cap, hourCap }: Limits, day: Day): KumoRate {
  if (hourCap === null) return { day, rate: bucketOf(limit, DAYS, 'd') };
  const slower = Math.ceil((limit * hoursOf(cap, hourCap)) / (HOURS * hourCap));
  return { day, rate: bucketOf(limit, Math.max(DAYS, 2 * slower), 'd') };
}

/**
 * KumoMTA asks limits one after the other, the one with the lowest rate first, and keeps what the first ones counted where a
 * later one refuses. So the narrower a limit is, the slower its bucket refills: half as fast as the day's for an hour's,
 * half as fast as that for a provider's. What an hour refuses would use up the day otherwise.
 */
const hoursOf = (cap: number, hourCap: number): number =>
  Math.max(DAYS, hourCap <= FEW ? hourCap + 1 : 0, 2 * Math.ceil((DAYS * HOURS * hourCap) / cap));

function bucketOf(count: number, spread: number, span: 'd' | 'h'): string {
  // Where less than one message comes in within a day, or an hour, the bucket may hold all of them.
  const bucket = spread > count ? count : Math.floor((count * (spread - 1)) / spread);
  return `${count}/${spread}${span},max_burst=${Math.max(1, bucket - 1)}`;
}
