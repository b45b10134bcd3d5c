import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import { findAllocation } from '../store.ts';
import type { PriceChange } from './plan-change.ts';
import {
  applyPrice,
  cancelPrice,
  insertPrice,
  listPricesAhead,
  listPricesDue,
  type PriceAhead,
  setPrice,
} from './store.ts';

/** Changes or announces prices in the running transaction, each with its record. What was announced before is taken back. */
export async function repriceIps(act: Act, changes: readonly PriceChange[]): Promise<void> {
  const { trx, actor } = act;
  const ahead = await listPricesAhead(
    trx,
    changes.map(({ allocation }) => allocation.id),
  );
  for (const { allocation, monthlyCents, fromDay } of changes) {
    const { id: allocationId, accountId, address, currency } = allocation;
    const beforeCents = await settle(act, allocation, ahead.get(allocationId));
    const isNews = fromDay !== null || monthlyCents !== beforeCents;
    if (!isNews) continue;
    const eventId = await record(act, {
      name: 'allocation.repriced',
      subject: { type: 'allocation', id: allocationId },
      accountId,
      facts: { address, beforeCents, afterCents: monthlyCents, currency, fromDay },
    });
    if (fromDay === null) await setPrice(trx, allocationId, monthlyCents);
    const appliedAt = fromDay === null ? actor.at : null;
    const price = { allocationId, monthlyCents, currency, fromDay: fromDay ?? dayOf(actor.at), eventId, appliedAt };
    await insertPrice(trx, price);
  }
}

/**
 * Takes an announced price back, or puts it in force where its day has come and nobody did so yet. Returns what the IP costs a
 * month before the change that follows.
 */
async function settle(act: Act, allocation: PriceChange['allocation'], ahead: PriceAhead | undefined): Promise<number> {
  if (ahead === undefined) return allocation.monthlyCents;
  if (ahead.fromDay <= dayOf(act.actor.at) && (await putInForce(act, allocation, ahead))) return ahead.monthlyCents;
  await cancelPrice(act.trx, ahead.id, act.actor.at);
  return allocation.monthlyCents;
}

/** Puts an announced price in force, with its record. False where that was done already, or it was taken back. */
async function putInForce(act: Act, allocation: PriceChange['allocation'], price: PriceAhead): Promise<boolean> {
  if (!(await applyPrice(act.trx, price, act.actor.at))) return false;
  const { id, address, accountId, monthlyCents: beforeCents, currency } = allocation;
  await record(act, {
    name: 'allocation.repriced',
    subject: { type: 'allocation', id },
    accountId,
    facts: { address, beforeCents, afterCents: price.monthlyCents, currency, fromDay: null },
  });
  return true;
}

const TOGETHER = 100;

/**
 * Puts announced prices in force whose day has come, also of an IP that was given back on that day or later: those days are
 * charged. Returns how many.
 */
export async function applyDuePrices(db: Db, at: number): Promise<number> {
  let applied = 0;
  for (const price of await listPricesDue(db, dayOf(at), TOGETHER)) {
    const done = await act<boolean, 'gone'>(db, { person: null, at }, async (act) => {
      const allocation = (await findAllocation(act.trx, price.allocationId)) ?? act.refuse('gone');
      const { releasedOn } = allocation;
      if (releasedOn !== null && releasedOn < price.fromDay) return cancelPrice(act.trx, price.id, at);
      return (await putInForce(act, allocation, price)) || act.refuse('gone');
    });
    if (done.ok) applied += 1;
  }
  return applied;
}
