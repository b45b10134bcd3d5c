// What was counted over the IPs of many plans, and over whatever their domains use, as far as judging them takes.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import { hasPoolIn } from '../../policy/document/overflow.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { NOTHING } from '../../sending/counts.ts';
import { listDayAndWindow } from '../../sending/store-reports.ts';
import type { DayWhole } from '../climb.ts';
import type { DayFacts } from './day-facts.ts';
import { asksForWhole } from './follow-sender.ts';
import type { DuePlan } from './store.ts';
import { listAccountRegions, listSentTo, listWhole } from './store-whole.ts';
import { asksForProviders } from './throttled-providers.ts';

/** What was counted over the IP of each plan, by the IP. Plans whose rates are of the same days are asked for together. */
export async function gatherFacts(
  trx: Db,
  plans: readonly DuePlan[],
  day: Day,
  { warmup, pools }: Pick<Policy, 'warmup' | 'pools'>,
): Promise<ReadonlyMap<number, DayFacts>> {
  const first = day - warmup.brakes.windowDays.value + 1;
  const bySince = Map.groupBy(plans, (plan) => Math.min(day, Math.max(plan.judgedFrom, first)));
  const facts = new Map<number, DayFacts>();
  const whole = await wholeOf(trx, plans, day);
  const asking = plans.filter(asksForProviders).map(({ allocationId }) => allocationId);
  const sentTo = await listSentTo(trx, asking, day);
  const poolless = await poollessOf(trx, plans, pools);
  for (const [since, some] of bySince) {
    const ips = some.map((plan) => plan.ipId);
    const found = await listDayAndWindow(trx, ips, since, day);
    for (const { ipId, allocationId } of some) {
      const { counts, window } = found.get(ipId) ?? { counts: {}, window: NOTHING };
      const to = sentTo.get(allocationId);
      const pool = poolless.has(allocationId) ? ({ hasPool: false } as const) : {};
      const all = { whole: whole.get(allocationId) ?? [], ...(to && { sentTo: to }), ...pool };
      facts.set(ipId, { day, counts, window: { '': window }, ...all });
    }
  }
  return facts;
}

/** The allocations whose account has no shared pool in its region. */
async function poollessOf(trx: Db, plans: readonly DuePlan[], pools: Policy['pools']): Promise<ReadonlySet<number>> {
  if (hasPoolIn(pools, 'us') && hasPoolIn(pools, 'eu')) return new Set();
  const ids = plans.map(({ allocationId }) => allocationId);
  const regions = await listAccountRegions(trx, ids);
  return new Set(ids.filter((id) => !hasPoolIn(pools, regions.get(id) ?? null)));
}

/** What the domains of those plans sent in all that have to know it, by the allocation. */
async function wholeOf(trx: Db, plans: readonly DuePlan[], day: Day): Promise<ReadonlyMap<number, DayWhole[]>> {
  const found = new Map<number, DayWhole[]>();
  const byDays = Map.groupBy(plans, (plan) => asksForWhole(plan, day));
  for (const [days, some] of byDays) {
    if (days === 0) continue;
    const ids = some.map(({ allocationId }) => allocationId);
    for (const [id, list] of await listWhole(trx, ids, day - days + 1, day)) found.set(id, list);
  }
  return found;
}
