// The clocks of requests, and whom to tell of what is due.
import type { Db } from '../../database.ts';
import type { Clock, Notice } from './clock.ts';

/** The columns of a clock. */
export type ClockRow = {
  clock_since: number | null;
  clock_spent: number;
  soon_at: number | null;
  notice: Notice | null;
  notice_at: number | null;
};

export const clockFromRow = (row: ClockRow): Clock => ({
  since: row.clock_since,
  spent: row.clock_spent,
  soonAt: row.soon_at,
  notice: row.notice,
  noticeAt: row.notice_at,
});

export const clockColumns = ({ since, spent, soonAt, notice, noticeAt }: Clock): ClockRow => ({
  clock_since: since,
  clock_spent: spent,
  soon_at: soonAt,
  notice,
  notice_at: noticeAt,
});

/** Requests of which staff are to be told at the instant `at`, the earliest first. What is decided and not in effect yet waits. */
export const listNoticesDue = (db: Db, at: number, limit = 100): Promise<number[]> =>
  db('requests as r')
    .where('r.notice_at', '<=', at)
    .whereNotExists((decided) =>
      decided.select('pd.request_id').from('pending_decisions as pd').whereRaw('pd.request_id = r.id'),
    )
    .orderBy('r.notice_at')
    .orderBy('r.id')
    .limit(limit)
    .pluck('r.id');

/** Sets what staff are told next. The caller holds the request. */
export async function updateNotice(trx: Db, id: number, next: Pick<Clock, 'notice' | 'noticeAt'>): Promise<void> {
  await trx('requests').where({ id }).update({ notice: next.notice, notice_at: next.noticeAt });
}

type RunningClock = { readonly id: number; readonly dueAt: number; readonly clock: Clock };

/** The clocks that run, which nobody else changes until the transaction ends. */
export async function lockRunningClocks(trx: Db): Promise<RunningClock[]> {
  const rows = await trx('requests').whereNotNull('due_at').orderBy('id').forUpdate();
  return rows.map((row) => ({ id: row.id, dueAt: row.due_at, clock: clockFromRow(row) }));
}

/** Sets when a decision is due, and its clock. */
export async function updateClock(trx: Db, { id, dueAt, clock }: RunningClock): Promise<void> {
  await trx('requests')
    .where({ id })
    .update({ due_at: dueAt, ...clockColumns(clock) });
}
