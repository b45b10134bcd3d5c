import type { Act } from '../act.ts';
import type { Db } from '../database.ts';
import { type DayCount, faultOf, NOTHING } from './counts.ts';
import type { Counted, Stored } from './logs/count.ts';
import { LATE_DAYS, placeLate } from './logs/late.ts';
import { raised } from './logs/tally.ts';
import { refreshPools } from './pools/actions.ts';
import { added, type Resolved, summed } from './reported.ts';
import { upsertCounts } from './store.ts';
import { holdDays, lockTotals, replaceCounts } from './store-bulk.ts';

/** Takes in what a domain sent on some days, replacing earlier counts. Throws where counts cannot be true. */
export async function recordCounts({ trx, actor }: Act, domainId: number, counts: readonly DayCount[]): Promise<void> {
  for (const count of counts) {
    const fault = faultOf(count);
    if (fault) throw new Error(`day ${count.day}: ${fault}`);
  }
  await upsertCounts(trx, domainId, counts, actor.at);
  await refreshPools(
    trx,
    counts.map(({ day, ipId }) => ({ domainId, day, ipId })),
    actor.at,
  );
}

/** Adds counts, then what is only known later. Part of the act that notes how far the log is read. */
export async function storeCounts({ trx, actor: { at } }: Act, { counts, late }: Counted): Promise<Stored> {
  await addCounts(trx, counts, at);
  const { add, homeless } = await placed(trx, late);
  await addCounts(trx, add, at);
  await refreshPools(trx, [...counts, ...add], at);
  const sum = (name: 'complained' | 'bounced') => add.reduce((total, one) => total + one[name], 0);
  return { complained: sum('complained'), returned: sum('bounced'), homeless };
}

/** Where complaints and bounces that came late belong: to the mail that they are about. */
async function placed(trx: Db, late: Counted['late']): Promise<ReturnType<typeof placeLate>> {
  if (late.length === 0) return { add: [], homeless: 0 };
  const days = late.map(({ day }) => day);
  const there = await holdDays(trx, [...new Set(late.map(({ domainId }) => domainId))], {
    from: Math.min(...days) - LATE_DAYS,
    to: Math.max(...days),
  });
  return placeLate(late, there);
}

async function addCounts(trx: Db, counts: readonly Resolved[], at: number): Promise<void> {
  if (counts.length === 0) return;
  const sums = summed(counts);
  const there = await lockTotals(trx, sums.values(), at);
  const totals = Array.from(sums, ([key, sum]) => raised(added(there.get(key) ?? { ...NOTHING, opened: null }, sum)));
  await replaceCounts(trx, totals, at);
}
