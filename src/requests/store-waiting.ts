// Requests that wait: for an answer of the customer, or for free IPs.
import type { Db } from '../database.ts';
import type { Region } from '../policy/checks/facts.ts';
import type { IpRequest } from './request.ts';
import { fromRow, select } from './store.ts';
import type { Waiting } from './waitlist.ts';

/** Requests whose time to answer is over. */
export async function listOverdueAnswers(db: Db, at: number, limit = 50): Promise<IpRequest[]> {
  const rows = await select(db)
    .whereIn('r.status', ['needs_info', 'offered'])
    .where('r.expires_at', '<=', at)
    .orderBy('r.expires_at')
    .limit(limit);
  return rows.map(fromRow);
}

/** The waitlist of each region, the one that waits longest first. */
export async function listWaiting(db: Db): Promise<ReadonlyMap<Region, Waiting[]>> {
  const rows = await db('requests as r')
    .join('accounts as a', 'a.id', 'r.account_id')
    // A suspended account keeps its place, but holds up nobody.
    .where({ 'r.status': 'waitlisted', 'a.status': 'active' })
    .orderBy('r.decided_at')
    .orderBy('r.id')
    .select('r.id', 'r.region', 'r.granted_count as count');
  const found = new Map<Region, Waiting[]>();
  for (const { region, id, count } of rows) found.set(region, [...(found.get(region) ?? []), { id, count }]);
  return found;
}
