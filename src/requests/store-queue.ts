// The queue, page by page.
import type { Db } from '../database.ts';
import { type IpRequest, type Kind, openStatuses, type Status } from './request.ts';
import { fromRow, select } from './store.ts';

export type Narrowed = {
  readonly statuses: readonly Status[] | null;
  readonly kind: Kind | null;
  /** Part of a customer's name; with `id` the reference that was typed counts instead. */
  readonly search: string;
  readonly id: number | undefined;
};

function narrow(query: ReturnType<typeof select>, by: Narrowed): void {
  if (by.statuses !== null) query.whereIn('r.status', [...by.statuses]);
  if (by.kind !== null) query.where('r.kind', by.kind);
  if (by.id !== undefined) query.where('r.id', by.id);
  else if (by.search !== '') {
    const pattern = `%${by.search.replace(/[\\%_]/g, '\\$&')}%`;
    // SQLite makes only the letters of ASCII small: a name with others is found as it is written.
    const names = "(lower(a.name) like ? escape '\\' or a.name like ? escape '\\')";
    query.whereRaw(names, [pattern.toLowerCase(), pattern]);
  }
}

/** Requests of the queue, the one due first on top; those without a due time after them, newest first. */
export async function listQueueRows(db: Db, by: Narrowed, offset: number, limit: number): Promise<IpRequest[]> {
  const query = select(db).offset(offset).limit(limit);
  narrow(query, by);
  const isDue = by.statuses?.every((status) => status === 'submitted' || status === 'second_review') ?? false;
  if (isDue) query.orderBy('r.due_at');
  query.orderBy('r.id', isDue ? 'asc' : 'desc');
  return (await query).map(fromRow);
}

export async function countQueueRows(db: Db, by: Narrowed): Promise<number> {
  const query = db('requests as r');
  if (by.search !== '' && by.id === undefined) query.join('accounts as a', 'a.id', 'r.account_id');
  narrow(query, by);
  const row = await query.count({ count: '*' }).first();
  return Number(row?.count ?? 0);
}

/** How many open requests there are in each state. */
export async function countStatuses(db: Db): Promise<Map<Status, number>> {
  const rows = await db('requests')
    .whereIn('status', [...openStatuses])
    .groupBy('status')
    .select('status', db.raw('count(*) as count'));
  return new Map(rows.map((row) => [row.status, Number(row.count)]));
}

/** The request that a reviewer should open next: the one due first, `except` aside. */
export async function findNextDue(db: Db, except: number): Promise<number | null> {
  const row = await db('requests')
    .whereIn('status', ['submitted', 'second_review'])
    .whereNot('id', except)
    .orderBy('due_at')
    .orderBy('id')
    .first('id');
  return row?.id ?? null;
}
