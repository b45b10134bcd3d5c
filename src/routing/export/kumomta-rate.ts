// A day's cap as a rate of KumoMTA. Pure.
import type { Day } from '../../day.ts';

/** `day`: the day that the cap is of: one more is granted with each day, not with each run of the export. */
export type KumoRate = { readonly day: Day; readonly rate: string };

/** Over how many days the rate is spread. */
const DAYS = 30;

/**
 * `cap` messages a day, all of them at once if they come at once. KumoMTA's limits are leaky buckets that refill steadily:
 * "200/day" lets 399 through on its first day, "200/day,max_burst=1" one each seven minutes. So each day has a bucket
 * of its own (the Lua module names it by the day), which refills over a month: it holds 29/30 of the cap, and the rest
 * drips in within the day. `max_burst` is one less than a bucket holds; at least 1, because with 0 nothing passes where
 * Redis counts.
 */
export function rateOf(cap: number, day: Day): KumoRate {
  const bucket = Math.floor((cap * (DAYS - 1)) / DAYS);
  return { day, rate: `${cap}/${DAYS}d,max_burst=${Math.max(1, bucket - 1)}` };
}
