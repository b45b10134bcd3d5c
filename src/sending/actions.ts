import type { Act } from '../act.ts';
import { type DayCount, faultOf } from './counts.ts';
import { upsertCounts } from './store.ts';

/** Takes in what a domain sent on some days, replacing earlier counts. Throws where counts cannot be true. */
export async function recordCounts({ trx, actor }: Act, domainId: number, counts: readonly DayCount[]): Promise<void> {
  for (const count of counts) {
    const fault = faultOf(count);
    if (fault) throw new Error(`day ${count.day}: ${fault}`);
  }
  await upsertCounts(trx, domainId, counts, actor.at);
}
