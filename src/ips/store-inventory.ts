// The inventory: every IP, free or given to somebody.
import type { Db } from '../database.ts';
import type { Day } from '../day.ts';
import type { Region } from '../policy/checks/facts.ts';
import type { Allocation } from './allocation.ts';
import type { IpStatus } from './lifecycle.ts';
import type { IpDetails } from './stock-details.ts';

export type InventoryRow = {
  readonly id: number;
  readonly address: string;
  readonly region: Region;
  readonly status: IpStatus;
  /** When its quarantine ends (UTC milliseconds). */
  readonly quarantinedUntil: number | null;
  /** Whether it is allocated, and no domain uses it. */
  readonly isUnused: boolean;
  readonly account: string | null;
  readonly allocationStatus: Allocation['status'] | null;
  readonly warmupId: number | null;
  /** The first day of a warm-up that has not begun. */
  readonly startsOn: Day | null;
  readonly details: IpDetails;
};

/** One page of the inventory, by region and address order of arrival. */
export async function listInventory(db: Db, page: { offset: number; limit: number }): Promise<InventoryRow[]> {
  const rows = await db('ips as i')
    .leftJoin('allocations as a', (join) =>
      join.on('a.ip_id', 'i.id').andOn('a.status', '<>', db.raw('?', ['released'])),
    )
    .leftJoin('accounts as c', 'c.id', 'a.account_id')
    .leftJoin('warmups as w', 'w.allocation_id', 'a.id')
    .orderBy('i.id')
    .offset(page.offset)
    .limit(page.limit)
    .select('i.*', 'c.name as account', 'a.status as allocation_status', 'a.unused_since', 'w.id as warmup_id')
    .select('w.status as warmup_status', 'w.starts_on');
  return rows.map((row) => ({
    id: row.id,
    address: row.address,
    region: row.region,
    status: row.status,
    quarantinedUntil: row.quarantined_until,
    isUnused: row.unused_since !== null,
    account: row.account,
    allocationStatus: row.allocation_status,
    warmupId: row.warmup_id,
    startsOn: row.warmup_status === 'planned' ? row.starts_on : null,
    details: detailsOf(row),
  }));
}

/** How many IPs there are of each region and status. */
export async function countIps(db: Db): Promise<{ region: Region; status: InventoryRow['status']; count: number }[]> {
  const rows = await db('ips')
    .groupBy('region', 'status')
    .orderBy('region')
    .select('region', 'status', db.raw('count(*) as count'));
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** Who took an IP out of stock, when and why. */
export type Withdrawal = { readonly by: string; readonly at: number; readonly reason: string };

/** The last withdrawal of an IP; undefined where it never was. */
export async function findWithdrawal(db: Db, ipId: number): Promise<Withdrawal | undefined> {
  const row = await db('audit_events as e')
    .leftJoin('people as p', 'p.id', 'e.actor_id')
    .leftJoin('messages as m', 'm.event_id', 'e.id')
    .where({ 'e.subject_type': 'ip', 'e.subject_id': ipId, 'e.name': 'ip.withdrawn' })
    .orderBy('e.seq', 'desc')
    .first('p.name', 'e.at', 'm.body');
  return row && { by: row.name ?? 'Warmdesk', at: row.at, reason: row.body ?? '' };
}

/** Adds addresses that are not there yet. Returns those that were added. */
export async function insertIps(trx: Db, addresses: readonly string[], region: Region, at: number) {
  const added: { id: number; address: string }[] = [];
  // SQLite takes no more rows than this in one statement.
  for (let from = 0; from < addresses.length; from += ROWS_TOGETHER) {
    const some = addresses.slice(from, from + ROWS_TOGETHER);
    const rows = some.map((address) => ({ address, region, status: 'free', created_at: at }));
    added.push(...(await trx('ips').insert(rows).onConflict('address').ignore().returning(['id', 'address'])));
  }
  return added;
}

/** Keeps what is known of an address. */
export const updateDetails = (
  trx: Db,
  id: number,
  { hostName, mta, costCents, earlierUse }: IpDetails,
): Promise<number> =>
  trx('ips').where({ id }).update({ host_name: hostName, mta, cost_cents: costCents, earlier_use: earlierUse });

/** The details of a row of ips. */
export const detailsOf = (row: {
  host_name: string | null;
  mta: string | null;
  cost_cents: number | null;
  earlier_use: string | null;
}): IpDetails => ({
  hostName: row.host_name,
  mta: row.mta,
  costCents: row.cost_cents,
  earlierUse: row.earlier_use,
});

const ROWS_TOGETHER = 250;
