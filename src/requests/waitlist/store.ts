// Requests that wait: for an answer of the customer, or for free IPs.
import type { Db } from '../../database.ts';
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
export async function listWaitingRows(db: Db): Promise<WaitingRow[]> {
  return db('requests as r')
    .join('accounts as a', 'a.id', 'r.account_id')
    .where({ 'r.status': 'waitlisted', 'a.status': 'active' })
    .orderBy('r.waits_since')
    .orderBy('r.id')
    .select('r.id', 'r.region', {
      count: 'r.granted_count',
      since: 'r.waits_since',
      policyVersionId: 'r.policy_version_id',
    });
}

/** Whose turn a pending decision is, the earlier one first (UTC milliseconds). */
export type Turn = { readonly settlesAt: number; readonly requestId: number };

/** How many IPs of each region pending approvals will take; with `than` only those whose turn is earlier. */
export async function countPendingIps(db: Db, than?: Turn): Promise<ReadonlyMap<Region, number>> {
  const found = db('pending_decisions as p').join('requests as r', 'r.id', 'p.request_id').where('p.ips', '>', 0);
  if (than !== undefined) {
    const { settlesAt, requestId } = than;
    found.where((earlier) =>
      earlier
        .where('p.settles_at', '<', settlesAt)
        .orWhere((same) => same.where('p.settles_at', settlesAt).where('p.request_id', '<', requestId)),
    );
  }
  const rows: { region: Region; ips: number | string }[] = await found
    .groupBy('r.region')
    .select('r.region')
    .sum({ ips: 'p.ips' });
  return new Map(rows.map(({ region, ips }) => [region, Number(ips)]));
}
