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

export type RunningClock = { readonly id: number; readonly dueAt: number; readonly clock: Clock };

/** The clocks that run of requests after `after`, by id, at most `limit`: nobody else changes them until the transaction ends. */
export async function lockRunningClocks(trx: Db, after: number, limit: number): Promise<RunningClock[]> {
  const rows = await trx('requests')
    .whereNotNull('due_at')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .select('id', 'due_at', 'clock_since', 'clock_spent', 'soon_at', 'notice', 'notice_at');
  return rows.map((row) => ({ id: row.id, dueAt: row.due_at, clock: clockFromRow(row) }));
}

const CLOCK = ['due_at', 'clock_since', 'clock_spent', 'soon_at', 'notice', 'notice_at'] as const;
const typeOf = (column: (typeof CLOCK)[number]): string => (column === 'notice' ? 'text' : 'bigint');

/** Sets when decisions are due, and their clocks, in one statement. */
export async function updateClocks(trx: Db, clocks: readonly RunningClock[]): Promise<void> {
  if (clocks.length === 0) return;
  // A list of values has the same names for its columns on both engines.
  const row = `(cast(? as integer), ${CLOCK.map((column) => `cast(? as ${typeOf(column)})`).join(', ')})`;
  const values = clocks.flatMap(({ id, dueAt, clock }) => {
    const columns = { due_at: dueAt, ...clockColumns(clock) };
    return [id, ...CLOCK.map((column) => columns[column])];
  });
  const set = CLOCK.map((column, index) => `${column} = v.column${index + 2}`).join(', ');
  await trx.raw(
    `update requests set ${set} from (values ${clocks.map(() => row).join(', ')}) as v where requests.id = v.column1`,
    values,
  );
}
