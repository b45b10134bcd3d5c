// What leaves the stock and what comes back: for its forecast.
import type { Db } from '../database.ts';
import { dayLength } from '../day.ts';
import type { Region } from '../policy/checks/facts.ts';

/**
 * IPs of a region: `taken` by requests since an instant (`at`: the first of them), `resting` until `at`, or `draining` until `at`, those
 * that rest or drain until the same UTC day together. Times in UTC milliseconds.
 */
export type Move = {
  readonly region: Region;
  readonly kind: 'taken' | 'resting' | 'draining';
  readonly count: number;
  readonly at: number;
};

/** What was taken since an instant (UTC milliseconds), and what comes back. What was moved in was not taken from the stock. */
export async function listMoves(db: Db, since: number): Promise<Move[]> {
  const of = (kind: Move['kind'], time: string) => ({
    region: 'i.region',
    kind: db.raw('?', [kind]),
    count: db.raw('count(*)'),
    at: db.raw(`min(${time})`),
  });
  const taken = db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .where('a.allocated_at', '>=', since)
    .whereNotNull('a.request_id')
    .groupBy('i.region')
    .select(of('taken', 'a.allocated_at'));
  const resting = db('ips as i')
    .where('i.status', 'quarantined')
    .whereNotNull('i.quarantined_until')
    .groupByRaw(`i.region, i.quarantined_until / ${dayLength}`)
    .select(of('resting', 'i.quarantined_until'));
  const draining = db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .where('a.status', 'releasing')
    .whereNotNull('a.drains_until')
    .groupByRaw(`i.region, a.drains_until / ${dayLength}`)
    .select(of('draining', 'a.drains_until'));
  const rows = await db.unionAll([taken, resting, draining]);
  return rows.map((row) => ({ ...row, count: Number(row.count), at: Number(row.at) }));
}
