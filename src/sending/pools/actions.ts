import type { Db } from '../../database.ts';
import { type Day, dayOf } from '../../day.ts';
import { RECENT_DAYS } from '../rates.ts';
import { findProgress, lockJob } from '../store-daily.ts';
import { writeWindows } from './store.ts';

/** A count, as far as it says whose window it belongs to. */
export type Counted = { readonly domainId: number; readonly day: Day; readonly ipId: number };

/**
 * Works out again what domains sent over the shared pools, where counts of the last 28 complete days changed. Counts of
 * today are looked at tomorrow. Part of the act that wrote the counts, after it wrote the last of them.
 */
export async function refreshPools(trx: Db, counts: Iterable<Counted>, at: number): Promise<void> {
  const today = dayOf(at);
  const domains = new Set<number>();
  for (const { domainId, day, ipId } of counts)
    if (ipId === 0 && day < today && day >= today - RECENT_DAYS) domains.add(domainId);
  if (domains.size === 0) return;
  await lockJob(trx, 'pool windows');
  const { day } = await findProgress(trx, 'pool windows');
  await writeWindows(trx, [...domains], Math.max(today, day));
}
