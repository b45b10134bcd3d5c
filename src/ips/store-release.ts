// What giving IPs back reads and writes beside the allocation itself.
import type { Db } from '../database.ts';
import type { Day } from '../day.ts';
import type { Region, SendingRoute } from '../policy/checks/facts.ts';
import { type GivenBack, LIVE } from './allocation.ts';
import type { IpStatus } from './lifecycle.ts';

/** An IP of the inventory. */
export type Ip = {
  readonly id: number;
  readonly address: string;
  readonly region: Region;
  readonly status: IpStatus;
  /** When its quarantine ends (UTC milliseconds); null: it never had one. */
  readonly quarantinedUntil: number | null;
};

export async function findIp(db: Db, id: number): Promise<Ip | undefined> {
  const row = await db('ips').where({ id }).first();
  if (row === undefined) return undefined;
  const { address, region, status, quarantined_until: quarantinedUntil } = row;
  return { id, address, region, status, quarantinedUntil };
}

/** Moves an IP on. False where it was not in `from` any more. */
export async function moveIp(
  trx: Db,
  id: number,
  { from, to }: { readonly from: IpStatus; readonly to: IpStatus },
  change: { readonly quarantinedUntil?: number } = {},
): Promise<boolean> {
  // One that comes free is looked at before anybody gets it (S-19).
  const columns = { status: to, quarantined_until: change.quarantinedUntil, ...(to === 'free' && { names_due_at: 0 }) };
  return (await trx('ips').where({ id, status: from }).update(columns)) === 1;
}

/** Allocations whose drain is over at the instant `at`, the earliest first. */
export const listDrained = (db: Db, at: number, limit: number): Promise<number[]> =>
  db('allocations')
    .where({ status: 'releasing' })
    .where('drains_until', '<=', at)
    .orderBy(['drains_until', 'id'])
    .limit(limit)
    .pluck('id');

/** IPs whose quarantine is over at the instant `at`, the earliest first. */
export const listRested = (db: Db, at: number, limit: number): Promise<number[]> =>
  db('ips')
    .where({ status: 'quarantined' })
    .where('quarantined_until', '<=', at)
    .orderBy(['quarantined_until', 'id'])
    .limit(limit)
    .pluck('id');

/** A domain that uses an IP, and what else carries its mail. */
export type LinkedDomain = {
  readonly allocationId: number;
  readonly id: number;
  readonly name: string;
  readonly route: SendingRoute;
};

/** Which domains use the live IPs of an account, by the domain's name and the IP's age. */
export const listLinksOf = (db: Db, accountId: number): Promise<LinkedDomain[]> =>
  db('allocation_domains as l')
    .join('allocations as a', 'a.id', 'l.allocation_id')
    .join('domains as d', 'd.id', 'l.domain_id')
    .where('a.account_id', accountId)
    .whereIn('a.status', LIVE)
    .orderBy(['d.name', 'l.allocation_id'])
    .select({ allocationId: 'l.allocation_id' }, 'd.id', 'd.name', 'd.route');

/** What was given back of the IPs that these requests brought; requests of which nothing was are left out. */
export async function listGivenBack(db: Db, requestIds: readonly number[]): Promise<Map<number, GivenBack>> {
  if (requestIds.length === 0) return new Map();
  const rows: { request_id: number; all: number; given: number; last: Day }[] = await db('allocations')
    .whereIn('request_id', [...requestIds])
    .groupBy('request_id')
    .havingRaw('count(released_on) > 0')
    .select('request_id')
    .count({ all: '*', given: 'released_on' })
    .max({ last: 'released_on' });
  return new Map(
    rows.map((row) => [row.request_id, { of: Number(row.all), count: Number(row.given), lastOn: Number(row.last) }]),
  );
}

/** An IP that an account had. */
export type FormerIp = {
  readonly allocationId: number;
  /** null: it was moved in. */
  readonly requestId: number | null;
  readonly address: string;
  readonly region: Region;
  readonly allocatedAt: number;
  readonly releasedOn: Day;
  readonly warmupId: number | null;
};

/** The IPs that an account gave back, the last first. */
export async function listFormerIps(db: Db, accountId: number, limit = 50): Promise<FormerIp[]> {
  const rows = await db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .leftJoin('warmups as w', 'w.allocation_id', 'a.id')
    .where({ 'a.account_id': accountId, 'a.status': 'released' })
    .whereNotNull('a.released_on')
    .orderBy('a.released_on', 'desc')
    .orderBy('a.id', 'desc')
    .limit(limit)
    .select('a.id', 'a.request_id', 'i.address', 'i.region', 'a.allocated_at', 'a.released_on', { warmup: 'w.id' });
  return rows.map((row) => ({
    allocationId: row.id,
    requestId: row.request_id,
    address: row.address,
    region: row.region,
    allocatedAt: row.allocated_at,
    releasedOn: row.released_on,
    warmupId: row.warmup,
  }));
}
