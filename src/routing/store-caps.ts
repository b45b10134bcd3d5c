// What of each day's caps is handed out to those who route, in blocks, and at which hour.
import type { Db } from '../database.ts';
import { type Day, dayLength, dayOf } from '../day.ts';
import { hourCapOf, limitOf } from './sending-domain.ts';
import { findIpById } from './store.ts';

/** Recipients by mailbox provider. */
export type Carried = ReadonlyMap<string, number>;

/**
 * A block of messages to one IP; `provider`: a slowed mailbox provider's key, '' for all others together. `carried`: what
 * who asks carried over the IP today and has not told yet.
 */
export type Block = {
  readonly ipId: number;
  readonly provider: string;
  readonly at: number;
  readonly want: number;
  readonly carried?: Carried;
};

/** `carried`: what all together told of themselves today; not given: nobody asked. */
export type Taken = { readonly granted: number; readonly left: number; readonly carried?: Carried };

/** The UTC hour of the instant `at`, 0 to 23. */
const hourOf = (at: number): number => Math.floor((at % dayLength) / 3_600_000);

/**
 * Hands out at most `want` messages of what is left today of an IP's cap, by the database; of a slowed
 * provider's limit too (S-26). Returns how many (0 where nothing is left or the IP may carry nothing), and what is left for others. Of any number of
 * processes that take blocks at once, all together never get more than the cap.
 */
export async function takeBlock(trx: Db, { ipId, provider, at, want, carried: told }: Block): Promise<Taken> {
  const day = dayOf(at);
  const all = await lockedSpending(trx, { ipId, day, provider: '' });
  const carried = told && { carried: await addCarried(trx, { ipId, day }, told) };
  const nothing: Taken = { granted: 0, left: 0, ...carried };
  // Read after the lock, so that nobody who waited for it goes by an older cap.
  const ip = await findIpById(trx, ipId);
  const cap = ip === undefined ? 0 : limitOf(ip);
  if (cap === null) return nothing;
  const limit = provider === '' ? undefined : ip?.warmup?.slowed[provider];
  let left = cap - all;
  if (limit !== undefined) left = Math.min(left, limit - (await lockedSpending(trx, { ipId, day, provider })));
  const hourly = ip === undefined ? null : hourCapOf(ip);
  if (hourly !== null) left = Math.min(left, hourly - (await spentInHour(trx, ipId, at)));
  const granted = Math.min(want, left);
  if (granted <= 0) return nothing;
  await addSpent(trx, { ipId, day, provider: '' }, granted);
  if (limit !== undefined) await addSpent(trx, { ipId, day, provider }, granted);
  await trx('route_hours')
    .insert({ ip_id: ipId, day, hour: hourOf(at), spent: granted })
    .onConflict(['ip_id', 'day', 'hour'])
    .merge({ spent: trx.raw('route_hours.spent + ?', [granted]) });
  return { granted, left: left - granted, ...carried };
}

/** Adds what was carried over an IP on a day, by provider. Returns what all together did. */
export async function addCarried(
  trx: Db,
  { ipId, day }: { readonly ipId: number; readonly day: Day },
  told: Carried,
): Promise<Carried> {
  const rows = Array.from(told, ([provider, carried]) => ({ ip_id: ipId, day, provider, carried }));
  if (rows.length > 0)
    await trx('route_carried')
      .insert(rows)
      .onConflict(['ip_id', 'day', 'provider'])
      .merge({ carried: trx.raw('route_carried.carried + excluded.carried') });
  const all = await trx('route_carried').where({ ip_id: ipId, day }).select('provider', 'carried');
  return new Map(all.map(({ provider, carried }) => [provider, carried]));
}

async function spentInHour(trx: Db, ipId: number, at: number): Promise<number> {
  const key = { ip_id: ipId, day: dayOf(at), hour: hourOf(at) };
  return (await trx('route_hours').where(key).first('spent'))?.spent ?? 0;
}

/** Returns to the cap what is left of a block that was taken at `at`: nothing was sent for it. */
export async function returnBlock(trx: Db, { ipId, provider, at, want: left }: Block): Promise<void> {
  const key = { ip_id: ipId, day: dayOf(at) };
  for (const one of provider === '' ? [''] : ['', provider]) {
    await trx('route_spending')
      .where({ ...key, provider: one })
      .where('spent', '>=', left)
      .decrement('spent', left);
  }
  await trx('route_hours')
    .where({ ...key, hour: hourOf(at) })
    .where('spent', '>=', left)
    .decrement('spent', left);
}

/** The part of an IP's cap on one day; `provider` as in a block. */
type Part = { readonly ipId: number; readonly day: Day; readonly provider: string };

/** What is handed out of a day's cap so far. Nobody else takes of it until the transaction ends. */
async function lockedSpending(trx: Db, { ipId, day, provider }: Part): Promise<number> {
  const key = { ip_id: ipId, day, provider };
  await trx('route_spending')
    .insert({ ...key, spent: 0 })
    .onConflict(['ip_id', 'day', 'provider'])
    .ignore();
  const row = await trx('route_spending').where(key).forUpdate().first('spent');
  return row.spent;
}

const addSpent = (trx: Db, { ipId, day, provider }: Part, count: number) =>
  trx('route_spending').where({ ip_id: ipId, day, provider }).increment('spent', count);

const DAYS_KEPT = 60;

/** Deletes what was handed out long ago: a warm-up's own days keep the outcomes. Returns how many rows. */
export async function deleteOldSpending(db: Db, now: number): Promise<number> {
  const before = dayOf(now) - DAYS_KEPT;
  const spending = await db('route_spending').where('day', '<', before).delete();
  const hours = await db('route_hours').where('day', '<', before).delete();
  return spending + hours + (await db('route_carried').where('day', '<', before).delete());
}
