import type { Knex } from 'knex';
import type { Db } from '../database.ts';
import type { Day } from '../day.ts';
import type { Region } from '../policy/checks/facts.ts';
import { type Allocation, type AllocationStatus, isLive } from './allocation.ts';
import { listedIds } from './listings/store.ts';
import { unsoundIds } from './names/store.ts';
import { insertLinks } from './store-use.ts';

/** How many IPs are free, on no blocklist, and not held back by their names (S-19), by region. */
export async function countFreeIps(db: Db): Promise<ReadonlyMap<Region, number>> {
  const rows: { region: Region; free: number | string }[] = await countFreeByRegion(db, db.raw('0'));
  return new Map(rows.map((row) => [row.region, Number(row.free)]));
}

/** The same as a query with the columns `region` and `free`. `promised`: how many to leave out of the region `i.region`, which can be more. */
export function countFreeByRegion(db: Db, promised: Knex.QueryBuilder | Knex.Raw): Knex.QueryBuilder {
  // Few are held back, so they are counted by themselves: looking at each free one for it took most of this.
  const held = db
    .from(listedIds(db).union(unsoundIds(db)).as('held'))
    // SQLite takes the two of a cross join in this order.
    .crossJoin(db.ref('ips').as('h'))
    .whereRaw("h.id = held.ip_id and h.status = 'free' and h.region = i.region")
    .count();
  return db('ips as i')
    .where({ status: 'free' })
    .groupBy('region')
    .select('region', db.raw('count(*) - (?) - (?) as free', [held, promised]));
}

/**
 * How many live IPs an account has, how many it was given since some instant, how many are through their warm-up and carry its
 * own mail (S-17), by region, and the domains whose mail goes over each.
 */
export type Holding = {
  readonly allocated: number;
  readonly addedSince: number;
  readonly warm: Readonly<Record<Region, number>>;
  /** The domains that use each live IP. */
  readonly usedBy: readonly (readonly UsingDomain[])[];
};

export type UsingDomain = { readonly id: number; readonly name: string };

export const NO_IPS: Holding = { allocated: 0, addedSince: 0, warm: { us: 0, eu: 0 }, usedBy: [] };

/** What each of these accounts has of dedicated IPs; those that never had one are left out. */
export async function listHoldings(
  db: Db,
  accountIds: readonly number[],
  since: number,
): Promise<Map<number, Holding>> {
  const rows: HoldingRow[] = await db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .leftJoin('allocation_domains as l', 'l.allocation_id', 'a.id')
    .leftJoin('domains as d', 'd.id', 'l.domain_id')
    .whereIn('a.account_id', [...accountIds])
    .orderBy('a.id')
    .orderBy('d.name')
    .select('a.id', 'a.account_id', 'a.status', 'a.owner_sends', 'a.allocated_at')
    .select('i.region', 'l.domain_id', 'd.name');
  const byAccount = Map.groupBy(rows, (row) => row.account_id);
  return new Map([...byAccount].map(([accountId, of]) => [accountId, holdingOf(of, since)]));
}

type HoldingRow = {
  id: number;
  account_id: number;
  status: string;
  owner_sends: boolean | 0 | 1;
  allocated_at: number;
  region: Region;
  domain_id: number | null;
  name: string | null;
};

function holdingOf(rows: readonly HoldingRow[], since: number): Holding {
  // One that was given back costs nothing any more and carries no new mail, while it drains too.
  const live = rows.filter((row) => row.status !== 'releasing' && row.status !== 'released');
  const distinct = (of: readonly HoldingRow[]) => new Set(of.map((row) => row.id)).size;
  // S-17: one over which the account itself does not send never takes its mail.
  const warm = live.filter((row) => row.status === 'active' && Boolean(row.owner_sends));
  const warmIn = (region: Region) => distinct(warm.filter((row) => row.region === region));
  return {
    allocated: distinct(live),
    addedSince: distinct(rows.filter((row) => row.allocated_at >= since)),
    warm: { us: warmIn('us'), eu: warmIn('eu') },
    usedBy: [...Map.groupBy(live, (row) => row.id).values()].map((of) =>
      of.flatMap(({ domain_id: id, name }) => (id === null || name === null ? [] : [{ id, name }])),
    ),
  };
}

/** An address of the inventory. `lastHeldAt`: when its last release was over (UTC milliseconds); null: nobody had it yet. */
export type KnownIp = { readonly region: Region; readonly isFree: boolean; readonly lastHeldAt: number | null };

/** Those of these addresses (in normal form) that are in the inventory. */
export async function listIpsAt(db: Db, addresses: readonly string[]): Promise<Map<string, KnownIp>> {
  const lastHeldAt = db('allocations as a').whereRaw('a.ip_id = i.id').max('a.released_at').as('held');
  const rows = await db('ips as i')
    .whereIn('i.address', [...addresses])
    .select('i.address', 'i.region', 'i.status', lastHeldAt);
  return new Map(
    rows.map(({ address, region, status, held }) => [
      address,
      { region, isFree: status === 'free', lastHeldAt: held === null ? null : Number(held) },
    ]),
  );
}

export async function insertAllocation(
  trx: Db,
  allocation: {
    ipId: number;
    accountId: number;
    requestId: number | null;
    monthlyCents: number;
    currency: string;
    /** UTC milliseconds. */
    at: number;
    changedAt?: number;
    chargedFrom?: Day;
    domainIds: readonly number[];
    status: AllocationStatus;
  },
): Promise<number> {
  const [row] = await trx('allocations')
    .insert({
      ip_id: allocation.ipId,
      account_id: allocation.accountId,
      request_id: allocation.requestId,
      status: allocation.status,
      monthly_cents: allocation.monthlyCents,
      currency: allocation.currency,
      allocated_at: allocation.at,
      changed_at: allocation.changedAt ?? allocation.at,
      charged_from: allocation.chargedFrom ?? null,
    })
    .returning('id');
  await insertLinks(trx, row.id, allocation.domainIds);
  return row.id;
}

/** Moves an allocation on, with what changes along. False where it was not in `from` any more. */
export async function moveAllocation(
  trx: Db,
  id: number,
  { from, to, at }: { from: AllocationStatus; to: AllocationStatus; at: number },
  change: { readonly releasedOn?: Day; readonly drainsUntil?: number } = {},
): Promise<boolean> {
  const columns = {
    status: to,
    changed_at: at,
    released_on: change.releasedOn,
    drains_until: change.drainsUntil,
    unused_since: to === 'releasing' ? null : undefined,
    released_at: to === 'released' ? at : undefined,
  };
  return (await trx('allocations').where({ id, status: from }).update(columns)) === 1;
}

/** The account's live IPs (S-09: every one of them), oldest first. */
export async function listAllocationsOf(db: Db, accountId: number): Promise<Allocation[]> {
  return listAllocations(db, (query) => query.where('a.account_id', accountId).whereNot('a.status', 'released'));
}

/** The IPs of its parent that are assigned to a subuser (S-18), oldest first, without the warm-ups, which are its parent's to see. */
export async function listAssignedTo(db: Db, subuserId: number): Promise<Allocation[]> {
  const assigned = db('ip_assignments').where({ account_id: subuserId }).select('allocation_id');
  const found = await listAllocations(db, (query) => query.whereIn('a.id', assigned));
  return found.map((allocation) => ({ ...allocation, warmupId: null, startsOn: null }));
}

/** One allocation, live or released. */
export async function findAllocation(db: Db, id: number): Promise<Allocation | undefined> {
  const [found] = await listAllocations(db, (query) => query.where('a.id', id));
  return found;
}

/** The IPs that a request was given. */
export async function listAllocationsFor(db: Db, requestId: number): Promise<Allocation[]> {
  return listAllocations(db, (query) => query.where('a.request_id', requestId));
}

async function listAllocations(db: Db, narrow: (query: ReturnType<Db>) => unknown): Promise<Allocation[]> {
  const query = db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .leftJoin('warmups as w', 'w.allocation_id', 'a.id')
    .orderBy('a.id');
  narrow(query);
  const rows = await query
    .select('a.*', 'i.address', 'i.region', 'w.id as warmup_id')
    .select(db.raw("case when w.status = 'planned' then w.starts_on end as starts_on"));
  return rows.map((row) => ({
    id: row.id,
    ipId: row.ip_id,
    address: row.address,
    region: row.region,
    accountId: row.account_id,
    requestId: row.request_id,
    status: row.status,
    monthlyCents: row.monthly_cents,
    currency: row.currency,
    allocatedAt: row.allocated_at,
    chargedFrom: row.charged_from ?? null,
    startsOn: row.starts_on ?? null,
    warmupId: row.warmup_id ?? null,
    releasedOn: row.released_on,
    drainsUntil: row.drains_until,
    unusedSince: row.unused_since,
    stream: row.stream,
    ownerSends: Boolean(row.owner_sends),
  }));
}

/** A dedicated IP as its customer sees it. */
export type AccountIp = Allocation & {
  /** `accountId`: its own, or that of a subuser. */
  readonly domains: readonly { readonly id: number; readonly accountId: number; readonly name: string }[];
};

/** Every live dedicated IP of an account (S-09), oldest first, with the domains that use it. */
export async function listIpsOfAccount(db: Db, accountId: number): Promise<AccountIp[]> {
  const allocations = await listAllocationsOf(db, accountId);
  const ids = allocations.map((allocation) => allocation.id);
  const domains = await db('allocation_domains as ad')
    .join('domains as d', 'd.id', 'ad.domain_id')
    .whereIn('ad.allocation_id', ids)
    .orderBy('d.name')
    .select('ad.allocation_id', 'd.id', 'd.account_id', 'd.name');
  return allocations.map((allocation) => ({
    ...allocation,
    // What it carried before it was given back is history.
    domains: (isLive(allocation) ? domains : [])
      .filter((one) => one.allocation_id === allocation.id)
      .map(({ id, account_id: accountId, name }: { id: number; account_id: number; name: string }) => ({
        ...{ id, accountId, name },
      })),
  }));
}

/** Those of these addresses (in normal form, some thousand at most) that are in the inventory. */
export const listKnownAddresses = (db: Db, addresses: readonly string[]): Promise<string[]> =>
  db('ips')
    .whereIn('address', [...addresses])
    .pluck('address');
