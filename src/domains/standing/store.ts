import type { Db } from '../../database.ts';

/** A domain whose customer asked that it leaves the transactional pool, which nobody has decided yet. */
export type WaitingToLeave = {
  readonly id: number;
  readonly domain: string;
  readonly accountId: number;
  readonly account: string;
  /** UTC milliseconds. */
  readonly askedAt: number;
  /** What the customer wrote. */
  readonly reason: string;
};

/** Those that wait, the longest first. Of closed accounts nothing is left to decide. */
export async function listWaitingToLeave(db: Db): Promise<WaitingToLeave[]> {
  const asked = db('audit_events')
    .where({ subject_type: 'domain', name: 'domain.leaveAsked' })
    .groupBy('subject_id')
    .select('subject_id')
    .max('id as event_id')
    .as('e');
  const rows = await db('domains as d')
    .join('accounts as a', 'a.id', 'd.account_id')
    .leftJoin(asked, 'e.subject_id', 'd.id')
    .leftJoin('messages as m', 'm.event_id', 'e.event_id')
    .where({ 'd.route': 'transactional', 'd.removed_at': null })
    .whereNotNull('d.leave_asked_at')
    .whereNot('a.status', 'closed')
    .orderBy(['d.leave_asked_at', 'd.id'])
    .select('d.id', 'd.name', 'd.leave_asked_at', 'm.body', 'a.id as account_id', 'a.name as account');
  return rows.map((row) => ({
    id: row.id,
    domain: row.name,
    accountId: row.account_id,
    account: row.account,
    askedAt: row.leave_asked_at,
    reason: row.body ?? '',
  }));
}
