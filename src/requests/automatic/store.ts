import type { Db } from '../../database.ts';

/** Requests at which Warmdesk looks by itself until the instant `at` (UTC milliseconds), the earliest first. */
export const listAutomaticDue = (db: Db, at: number, limit = 100): Promise<number[]> =>
  db('requests').where('automatic_at', '<=', at).orderBy(['automatic_at', 'id']).limit(limit).pluck('id');

/** Leaves a request, which the caller has locked, to people. */
export const clearAutomatic = (trx: Db, id: number): Promise<number> =>
  trx('requests').where({ id }).update({ automatic_at: null });

/** S-12: how many requests of an account were approved automatically since an instant (UTC milliseconds). */
export async function countAutomatic(db: Db, accountId: number, since: number): Promise<number> {
  const row = await db('requests as r')
    .join('decisions as d', 'd.request_id', 'r.id')
    .where('r.account_id', accountId)
    .whereNull('d.reviewer_id')
    .where('d.decided_at', '>', since)
    .countDistinct({ count: 'r.id' })
    .first();
  return Number(row?.count ?? 0);
}

/** Whether a request of an account was declined since an instant (UTC milliseconds), whatever became of it later. */
export async function hasDeclined(db: Db, accountId: number, since: number): Promise<boolean> {
  const found = await db('requests as r')
    .join('decisions as d', 'd.request_id', 'r.id')
    .where({ 'r.account_id': accountId, 'd.verdict': 'decline' })
    .where('d.decided_at', '>', since)
    .first('d.id');
  return found !== undefined;
}
