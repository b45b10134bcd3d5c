// Lays what was read of a log on the counts.
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import { NOTHING } from '../counts.ts';
import type { Directory } from '../directory.ts';
import { added, type Resolved, summed } from '../reported.ts';
import { holdDays, lockTotals, replaceCounts } from '../store-bulk.ts';
import { LATE_DAYS, type Late, placeLate } from './late.ts';
import type { Ingested } from './summary.ts';
import { NONE_SKIPPED, raised, resolveLate, resolveTallied, type Skipped, type Tally } from './tally.ts';

/** What was read, with names looked up. `records`: of all, also those that are skipped. */
export type Counted = {
  readonly counts: readonly Resolved[];
  readonly late: readonly Late[];
  readonly records: number;
  readonly skipped: Readonly<Record<Skipped, number>>;
};

/** Looks up the names in a tally. `now`: UTC milliseconds. */
export async function countsOf(directory: Directory, tally: Tally, now: number): Promise<Counted> {
  await directory.learn(tally.names());
  const counts: Resolved[] = [];
  const late: Late[] = [];
  const skipped = { ...NONE_SKIPPED, 'unknown sender': tally.unknownSender, 'own fault': tally.ownFault };
  let records = tally.unknownSender + tally.ownFault;
  for (const one of tally.all) {
    records += one.records;
    const resolved = resolveTallied(one, directory, dayOf(now));
    if (typeof resolved === 'string') skipped[resolved] += one.records;
    else counts.push(resolved);
  }
  for (const one of tally.late) {
    records += one.records;
    const resolved = resolveLate(one, directory, dayOf(now));
    if (typeof resolved === 'string') skipped[resolved] += one.records;
    else late.push(resolved);
  }
  return { counts, late, records, skipped };
}

/** What a transaction added: complaints and bounces among it that are about mail that was counted before. */
export type Stored = { readonly complained: number; readonly returned: number; readonly homeless: number };

/** Adds counts, then what is only known later. Part of the transaction that notes how far the log is read. */
export async function storeCounts(trx: Db, { counts, late }: Counted, at: number): Promise<Stored> {
  await addCounts(trx, counts, at);
  if (late.length === 0) return { complained: 0, returned: 0, homeless: 0 };
  const days = late.map(({ day }) => day);
  const there = await holdDays(trx, [...new Set(late.map(({ domainId }) => domainId))], {
    from: Math.min(...days) - LATE_DAYS,
    to: Math.max(...days),
  });
  const { add, homeless } = placeLate(late, there);
  await addCounts(trx, add, at);
  const sum = (name: 'complained' | 'bounced') => add.reduce((total, one) => total + one[name], 0);
  return { complained: sum('complained'), returned: sum('bounced'), homeless };
}

async function addCounts(trx: Db, counts: readonly Resolved[], at: number): Promise<void> {
  if (counts.length === 0) return;
  const sums = summed(counts);
  const there = await lockTotals(trx, sums.values(), at);
  const totals = Array.from(sums, ([key, sum]) => raised(added(there.get(key) ?? { ...NOTHING, opened: null }, sum)));
  await replaceCounts(trx, totals, at);
}

/** Adds to the sum of a run what it counted. */
export function note(sum: Ingested, { counts, records, skipped }: Counted, stored: Stored): void {
  sum.records += records;
  for (const [why, count] of Object.entries(skipped)) sum.skipped[why as Skipped] += count;
  for (const count of counts)
    for (const name of ['sent', 'delivered', 'deferred', 'bounced', 'complained'] as const) sum[name] += count[name];
  sum.complained += stored.complained;
  sum.bounced += stored.returned;
  sum.skipped['no such mail'] += stored.homeless;
}
