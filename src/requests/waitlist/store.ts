// Requests that wait: for an answer of the customer, or for free IPs.
import type { Knex } from 'knex';
import type { Db } from '../../database.ts';
import { countFreeByRegion } from '../../ips/store.ts';
import type { Region } from '../../policy/checks/facts.ts';
import type { IpRequest } from '../request.ts';
import { fromRow, select } from '../store.ts';

/** Requests whose time to answer is over. */
export async function listOverdueAnswers(db: Db, at: number, limit = 50): Promise<IpRequest[]> {
  const rows = await select(db)
    .whereIn('r.status', ['needs_info', 'offered'])
    .where('r.expires_at', '<=', at)
    .orderBy('r.expires_at')
    .limit(limit);
  return rows.map(fromRow);
}

export type WaitingRow = {
  readonly id: number;
  readonly region: Region;
  readonly count: number;
  /** UTC milliseconds. */
  readonly since: number;
  readonly policyVersionId: number;
};

/** Who waits for IPs, of all regions, the one that waits longest first. A suspended account keeps its place, but holds up nobody. */
export const listWaitingRows = (db: Db): Promise<WaitingRow[]> =>
  waiting(db).orderBy(['r.waits_since', 'r.id']) as unknown as Promise<WaitingRow[]>;

const waiting = (db: Db): Knex.QueryBuilder =>
  db('requests as r')
    .join('accounts as a', 'a.id', 'r.account_id')
    .where({ 'r.status': 'waitlisted', 'a.status': 'active' })
    .select('r.id', 'r.region', {
      count: 'r.granted_count',
      since: 'r.waits_since',
      policyVersionId: 'r.policy_version_id',
    });

/** A region with free IPs, how many, and who waits for them, the one that waits longest first. */
export type FreeRegion = { readonly region: Region; readonly free: number; readonly waiting: readonly WaitingRow[] };

/** The regions with free IPs, without those that approvals take which have not taken effect yet. */
export async function listFree(db: Db): Promise<FreeRegion[]> {
  type Row = WaitingRow & { readonly free: number | string; readonly of: Region };
  const rows: Row[] = await db
    .from(countFreeByRegion(db, pendingIps(db)).as('f'))
    .leftJoin(waiting(db).as('w'), 'w.region', 'f.region')
    .orderBy(['w.since', 'w.id'])
    .select('w.*', 'f.free', 'f.region as of');
  return [...Map.groupBy(rows, ({ of }) => of)].map(([region, found]) => ({
    region,
    free: leftOf(found[0]?.free ?? 0),
    waiting: found.filter(({ id }) => id !== null),
  }));
}

const leftOf = (free: number | string): number => Math.max(0, Number(free));

/**
 * The free IPs of each region, without those that approvals take which have not taken effect yet: all of them, or those
 * that are to take effect before `than`.
 */
export async function countFree(db: Db, than?: Turn): Promise<ReadonlyMap<Region, number>> {
  const rows: { region: Region; free: number | string }[] = await countFreeByRegion(db, pendingIps(db, than));
  return new Map(rows.map(({ region, free }) => [region, leftOf(free)]));
}

/** Whose turn a pending decision is, the earlier one first (UTC milliseconds). */
export type Turn = { readonly settlesAt: number; readonly requestId: number };

/** How many IPs of the region `i.region` pending approvals will take, as a query; with `than` only those whose turn is earlier. */
function pendingIps(db: Db, than?: Turn): Knex.QueryBuilder {
  const found = db('pending_decisions as p')
    .join('requests as r', 'r.id', 'p.request_id')
    .where('p.ips', '>', 0)
    .whereRaw('r.region = i.region');
  if (than !== undefined) {
    const { settlesAt, requestId } = than;
    found.where((earlier) =>
      earlier
        .where('p.settles_at', '<', settlesAt)
        .orWhere((same) => same.where('p.settles_at', settlesAt).where('p.request_id', '<', requestId)),
    );
  }
  return found.select(db.raw('coalesce(sum(p.ips), 0)'));
}
