// IPs in use without automated warm-up (S-15): they have no plan, so nothing else knows of them here.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';

export type Unplanned = {
  readonly allocationId: number;
  readonly ipId: number;
  readonly address: string;
  readonly accountId: number;
  readonly account: string;
  readonly requestId: number | null;
  /** When the IP was allocated (UTC milliseconds). */
  readonly allocatedAt: number;
};

/**
 * Those that carried mail from `since` up to and with `until`, and of which staff were not notified after the instant
 * `quietSince`. `ids`: of these allocations alone.
 */
export async function listUnplanned(
  db: Db,
  { since, until, quietSince }: { readonly since: Day; readonly until: Day; readonly quietSince: number },
  ids?: readonly number[],
): Promise<Unplanned[]> {
  const carried = db('sending_counts as s')
    .whereRaw('s.ip_id = a.ip_id')
    .where('s.ip_id', '>', 0)
    .whereBetween('s.day', [since, until]);
  const notified = db('audit_events as e')
    .where({ 'e.subject_type': 'allocation', 'e.name': 'warmup.alarmed' })
    .whereRaw('e.subject_id = a.id')
    .where('e.at', '>', quietSince);
  const query = db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .join('accounts as c', 'c.id', 'a.account_id')
    .leftJoin('warmups as w', 'w.allocation_id', 'a.id')
    .where('a.status', 'active')
    .whereNull('w.id')
    .whereExists(carried)
    .whereNotExists(notified)
    .orderBy('a.id');
  if (ids !== undefined) query.whereIn('a.id', [...ids]);
  return query.select('i.address', {
    allocationId: 'a.id',
    ipId: 'a.ip_id',
    accountId: 'a.account_id',
    account: 'c.name',
    requestId: 'a.request_id',
    allocatedAt: 'a.allocated_at',
  });
}

/** Keeps others from notifying of the same allocations until the transaction ends. */
export async function lockAllocations(trx: Db, ids: readonly number[]): Promise<void> {
  await trx('allocations')
    .whereIn('id', [...ids])
    .orderBy('id')
    .forUpdate()
    .select('id');
}
