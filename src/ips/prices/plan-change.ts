// What a change of plan does to the prices of the IPs that an account holds. Pure.
import type { Day } from '../../day.ts';
import type { Allocation } from '../allocation.ts';

/** How an IP's price changes: `fromDay` null means at once. */
export type PriceChange = {
  readonly allocation: Pick<Allocation, 'id' | 'address' | 'monthlyCents' | 'currency' | 'accountId'>;
  readonly monthlyCents: number;
  readonly fromDay: Day | null;
};

/**
 * C-09, C-10: the oldest IPs are those that the plan includes. One that becomes included costs nothing at once; one
 * that was included and is not any more is charged after notice. A price that is neither stays as it was fixed.
 * `live` is oldest first; `ahead` are the prices announced before, by the allocation's id.
 */
export function pricesAfter(
  live: readonly PriceChange['allocation'][],
  ahead: ReadonlyMap<number, { readonly monthlyCents: number }>,
  plan: { readonly includedIps: number; readonly unitCents: number; readonly chargedFrom: Day },
): PriceChange[] {
  return live.flatMap((allocation, index): PriceChange[] => {
    const isIncluded = index < plan.includedIps;
    const expected = ahead.get(allocation.id)?.monthlyCents ?? allocation.monthlyCents;
    if (isIncluded) return expected === 0 && !ahead.has(allocation.id) ? [] : included(allocation);
    return expected > 0 ? [] : [{ allocation, monthlyCents: plan.unitCents, fromDay: plan.chargedFrom }];
  });
}

const included = (allocation: PriceChange['allocation']): PriceChange[] => [
  { allocation, monthlyCents: 0, fromDay: null },
];
