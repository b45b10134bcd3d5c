// What of each day's caps is handed out to those who route, in blocks, and at which hour.
import type { Db } from '../database.ts';
import { type Day, dayLength, dayOf } from '../day.ts';
import { listRows, rowsInJson } from '../dialect.ts';
import { hourCapOf, limitOf } from './sending-domain.ts';
import { findIpsById } from './store.ts';

/** Recipients by mailbox provider. */
export type Carried = ReadonlyMap<string, number>;

/**
 * A block of messages to one IP; `provider`: a slowed mailbox provider's key, '' for all others together. `carried`: what
 * who asks carried over the IP today and has not told yet.
 */
export type Block = {
  readonly ipId: number;
  readonly provider: string;
  readonly want: number;
  readonly carried?: Carried;
};

/** `carried`: what all together told of themselves today; not given: nobody asked. */
export type Taken = { readonly granted: number; readonly left: number; readonly carried?: Carried };

/** The UTC hour of the instant `at`, 0 to 23. */
const hourOf = (at: number): number => Math.floor((at % dayLength) / 3_600_000);

/**
 * Hands out blocks at the instant `at` (UTC milliseconds): of each at most the messages that it wants and that are left
 * today of its IP's cap, by the database; of a slowed provider's limit too (S-26). Returns for each, in their order, how many
 * (0 where nothing is left or the IP may carry nothing), and what is left for others. Of any number of processes
 * that take blocks at once, all together never get more than the cap.
 */
export async function takeBlocks(trx: Db, blocks: readonly Block[], at: number): Promise<Taken[]> {
  const [day, hour] = [dayOf(at), hourOf(at)];
  const ids = [...new Set(blocks.map(({ ipId }) => ipId))];
  const spent = await lockedSpending(trx, day, [...ids.map((ipId) => ({ ipId, provider: '' })), ...blocks]);
  const carried = await addCarried(trx, day, blocks);
  // Read after the lock, so that nobody who waited for it goes by an older cap.
  const ips = new Map((await findIpsById(trx, ids)).map((ip) => [ip.id, ip]));
  const inHour = await spentInHour(trx, ids, { day, hour });
  const grants: Grant[] = [];
  const spend = (part: Part, granted: number) => {
    spent.set(keyOf(part), (spent.get(keyOf(part)) ?? 0) + granted);
    grants.push({ ...part, granted });
  };
  const taken = blocks.map(({ ipId, provider, want, carried: told }): Taken => {
    const ip = ips.get(ipId);
    const limit = provider === '' ? undefined : ip?.warmup?.slowed[provider];
    const left = Math.min(
      (ip === undefined ? 0 : (limitOf(ip) ?? 0)) - (spent.get(keyOf({ ipId, provider: '' })) ?? 0),
      limit === undefined ? Number.POSITIVE_INFINITY : limit - (spent.get(keyOf({ ipId, provider })) ?? 0),
      ip === undefined ? 0 : (hourCapOf(ip) ?? Number.POSITIVE_INFINITY) - (inHour.get(ipId) ?? 0),
    );
    const granted = Math.max(0, Math.min(want, left));
    if (granted > 0) {
      spend({ ipId, provider: '' }, granted);
      if (limit !== undefined) spend({ ipId, provider }, granted);
      inHour.set(ipId, (inHour.get(ipId) ?? 0) + granted);
    }
    return {
      granted,
      left: granted > 0 ? left - granted : 0,
      ...(told && { carried: carried.get(ipId) ?? new Map() }),
    };
  });
  await addSpent(trx, day, grants);
  await addToHour(
    trx,
    { day, hour },
    grants.filter(({ provider }) => provider === ''),
  );
  return taken;
}

/** Adds what was carried over IPs on a day, by provider. Returns what all together did, by IP. */
export async function addCarried(
  trx: Db,
  day: Day,
  told: readonly Pick<Block, 'ipId' | 'carried'>[],
): Promise<ReadonlyMap<number, Carried>> {
  const asked = told.filter(({ carried }) => carried !== undefined);
  if (asked.length === 0) return new Map();
  const rows = asked.flatMap(({ ipId, carried = [] }) =>
    Array.from(carried, ([provider, count]) => ({ ip_id: ipId, day, provider, carried: count })),
  );
  if (rows.length > 0)
    await trx('route_carried')
      .insert(rows)
      .onConflict(['ip_id', 'day', 'provider'])
      .merge({ carried: trx.raw('route_carried.carried + excluded.carried') });
  const all = await trx('route_carried')
    .where({ day })
    .whereIn(
      'ip_id',
      asked.map(({ ipId }) => ipId),
    )
    .select('ip_id', 'provider', 'carried');
  const sums = new Map<number, Map<string, number>>();
  for (const { ip_id: ipId, provider, carried } of all) {
    const sum = sums.get(ipId) ?? new Map<string, number>();
    sums.set(ipId, sum.set(provider, carried));
  }
  return sums;
}

type Hour = { readonly day: Day; readonly hour: number };

async function spentInHour(trx: Db, ipIds: readonly number[], at: Hour): Promise<Map<number, number>> {
  const rows = await trx('route_hours').where(at).whereIn('ip_id', ipIds).select('ip_id', 'spent');
  return new Map(rows.map(({ ip_id: ipId, spent }) => [ipId, spent]));
}

/** Returns to the cap what is left of a block that was taken at `at`: nothing was sent for it. */
export async function returnBlock(trx: Db, { ipId, provider, want: left }: Block, at: number): Promise<void> {
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

/** The part of an IP's cap on a day; `provider` as in a block. */
type Part = Pick<Block, 'ipId' | 'provider'>;

const keyOf = ({ ipId, provider }: Part): string => `${ipId} ${provider}`;

/** What is handed out of a day's caps so far, by `keyOf`. Nobody else takes of them until the transaction ends. */
async function lockedSpending(trx: Db, day: Day, parts: readonly Part[]): Promise<Map<string, number>> {
  const rows = [...new Map(parts.map((part) => [keyOf(part), part])).values()]
    // In one order for everybody, so that two who take several wait for one another and not in a circle.
    .sort((a, b) => a.ipId - b.ipId || (a.provider < b.provider ? -1 : 1))
    .map(({ ipId, provider }) => [ipId, day, provider, 0]);
  // Merging changes nothing, but locks a row that was added before.
  const locked: Row[] = await listRows(
    trx,
    `insert into route_spending (ip_id, day, provider, spent) ${rowsInJson(trx, SPENDING)} where true
      on conflict (ip_id, day, provider) do update set spent = route_spending.spent returning ip_id, provider, spent`,
    [JSON.stringify(rows)],
  );
  return new Map(locked.map(({ ip_id: ipId, provider, spent }) => [keyOf({ ipId, provider }), spent]));
}

type Row = { readonly ip_id: number; readonly provider: string; readonly spent: number };

// One list for all rows of a statement: of values by the hundred the statement would take longer to write than to run, and answers wait.
const SPENDING = { ip_id: 'integer', day: 'integer', provider: 'text', spent: 'integer' } as const;
const HOURS = { ip_id: 'integer', day: 'integer', hour: 'integer', spent: 'integer' } as const;

type Grant = Part & { readonly granted: number };

async function addSpent(trx: Db, day: Day, grants: readonly Grant[]): Promise<void> {
  const sums = new Map<string, Grant>();
  for (const { granted, ...part } of grants)
    sums.set(keyOf(part), { ...part, granted: granted + (sums.get(keyOf(part))?.granted ?? 0) });
  if (sums.size === 0) return;
  const rows = Array.from(sums.values(), ({ ipId, provider, granted }) => [ipId, day, provider, granted]);
  await trx.raw(
    `insert into route_spending (ip_id, day, provider, spent) ${rowsInJson(trx, SPENDING)} where true
      on conflict (ip_id, day, provider) do update set spent = route_spending.spent + excluded.spent`,
    [JSON.stringify(rows)],
  );
}

async function addToHour(trx: Db, { day, hour }: Hour, grants: readonly Grant[]): Promise<void> {
  const sums = new Map<number, number>();
  for (const { ipId, granted } of grants) sums.set(ipId, (sums.get(ipId) ?? 0) + granted);
  if (sums.size === 0) return;
  await trx.raw(
    `insert into route_hours (ip_id, day, hour, spent) ${rowsInJson(trx, HOURS)} where true
      on conflict (ip_id, day, hour) do update set spent = route_hours.spent + excluded.spent`,
    [JSON.stringify(Array.from(sums, ([ipId, spent]) => [ipId, day, hour, spent]))],
  );
}

const DAYS_KEPT = 60;

/** Deletes what was handed out long ago: a warm-up's own days keep the outcomes. Returns how many rows. */
export async function deleteOldSpending(db: Db, now: number): Promise<number> {
  const before = dayOf(now) - DAYS_KEPT;
  const spending = await db('route_spending').where('day', '<', before).delete();
  const hours = await db('route_hours').where('day', '<', before).delete();
  return spending + hours + (await db('route_carried').where('day', '<', before).delete());
}
