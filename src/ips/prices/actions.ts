import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import { isLive } from '../allocation.ts';
import { findAllocation } from '../store.ts';
import type { PriceChange } from './plan-change.ts';
import { applyPrice, cancelPrice, insertPrice, listPricesAhead, listPricesDue, setPrice } from './store.ts';

/** Changes or announces prices in the running transaction, each with its record. What was announced before is taken back. */
export async function repriceIps(act: Act, changes: readonly PriceChange[]): Promise<void> {
  const { trx, actor } = act;
  const ahead = await listPricesAhead(
    trx,
    changes.map(({ allocation }) => allocation.id),
  );
  for (const { allocation, monthlyCents, fromDay } of changes) {
    const { id: allocationId, accountId, address, currency } = allocation;
    const before = ahead.get(allocationId);
    if (before) await cancelPrice(trx, before.id, actor.at);
    const isNews = fromDay !== null || monthlyCents !== allocation.monthlyCents;
    if (!isNews) continue;
    const eventId = await record(act, {
      name: 'allocation.repriced',
      subject: { type: 'allocation', id: allocationId },
      accountId,
      facts: { address, beforeCents: allocation.monthlyCents, afterCents: monthlyCents, currency, fromDay },
    });
    if (fromDay === null) await setPrice(trx, allocationId, monthlyCents);
    const appliedAt = fromDay === null ? actor.at : null;
    const price = { allocationId, monthlyCents, currency, fromDay: fromDay ?? dayOf(actor.at), eventId, appliedAt };
    await insertPrice(trx, price);
  }
}

const TOGETHER = 100;

/** Puts announced prices in force whose day has come. Returns how many. */
export async function applyDuePrices(db: Db, at: number): Promise<number> {
  let applied = 0;
  for (const price of await listPricesDue(db, dayOf(at), TOGETHER)) {
    const done = await act<void, 'gone'>(db, { person: null, at }, async (act) => {
      const allocation = (await findAllocation(act.trx, price.allocationId)) ?? act.refuse('gone');
      if (!isLive(allocation)) {
        await cancelPrice(act.trx, price.id, at);
        return;
      }
      if (!(await applyPrice(act.trx, price, at))) return act.refuse('gone');
      const { address, accountId, monthlyCents: beforeCents, currency } = allocation;
      await record(act, {
        name: 'allocation.repriced',
        subject: { type: 'allocation', id: allocation.id },
        accountId,
        facts: { address, beforeCents, afterCents: price.monthlyCents, currency, fromDay: null },
      });
    });
    if (done.ok) applied += 1;
  }
  return applied;
}
