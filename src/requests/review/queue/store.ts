// The queue, page by page.
import type { Knex } from 'knex';
import type { Db } from '../../../database.ts';
import { narrowToUnclaimed } from '../../claims/store.ts';
import { type IpRequest, isOpen, type Kind, openStatuses, type Status } from '../../request.ts';
import { fromRow, select } from '../../store.ts';
import type { Sort } from './filter.ts';

export type Narrowed = {
  readonly statuses: readonly Status[] | null;
  readonly kind: Kind | null;
  readonly plan: string | null;
  readonly region: string | null;
  /** Due before this instant (UTC milliseconds). */
  readonly dueBefore: number | null;
  /** Whose desk it is on at the instant `at` (UTC milliseconds): a person's, or nobody's as one of `ownAccountId` may know. */
  readonly desk: { readonly personId: number | null; readonly ownAccountId: number | null; readonly at: number } | null;
  /** null: the one due first on top; those without a due time newest first. */
  readonly sort: Sort | null;
  /** Part of a customer's name; with `id` the reference that was typed counts instead. */
  readonly search: string;
  /** Accounts that what was typed finds by something other than their name. */
  readonly accountIds: readonly number[];
  readonly id: number | undefined;
};

const searches = (by: Narrowed): boolean => by.search !== '' && by.id === undefined;
const isDue = (status: Status): boolean => status === 'submitted' || status === 'second_review';

/** The requests that are left, in no order. */
function narrowed(db: Db, by: Narrowed) {
  const query = db('requests as r');
  if (searches(by) || by.plan !== null || by.sort === 'customer') query.join('accounts as a', 'a.id', 'r.account_id');
  if (by.statuses !== null) narrowToStatuses(query, by.statuses);
  if (by.kind !== null) query.where('r.kind', by.kind);
  if (by.plan !== null) query.where('a.plan', by.plan);
  if (by.region !== null) query.where('r.region', by.region);
  if (by.dueBefore !== null) query.where('r.due_at', '<', by.dueBefore);
  if (by.desk !== null) narrowToDesk(query, db, by.desk);
  if (by.id !== undefined) query.where('r.id', by.id);
  if (searches(by)) {
    const pattern = `%${by.search.replace(/[\\%_]/g, '\\$&')}%`;
    // SQLite makes only the letters of ASCII small: a name with others is found as it is written.
    const names = "(lower(a.name) like ? escape '\\' or a.name like ? escape '\\')";
    query.where((found) =>
      found.whereRaw(names, [pattern.toLowerCase(), pattern]).orWhereIn('r.account_id', [...by.accountIds]),
    );
  }
  return query;
}

// Written so that the database can read an index in the order of the list: due requests are all that reviewers have, and
// closed ones are nearly all requests.
function narrowToStatuses(query: Knex.QueryBuilder, statuses: readonly Status[]): void {
  if (statuses.length > 1 && statuses.every(isDue)) query.whereNotNull('r.due_at');
  else if (!statuses.some(isOpen)) query.whereNotIn('r.status', [...openStatuses]);
  else query.whereIn('r.status', [...statuses]);
}

function narrowToDesk(
  query: Knex.QueryBuilder,
  db: Db,
  { personId, ownAccountId, at }: NonNullable<Narrowed['desk']>,
): void {
  if (personId !== null) return void query.where('r.claimed_by', personId).where('r.claimed_until', '>', at);
  query.whereNotNull('r.due_at').where((known) => {
    known.where((free) => narrowToUnclaimed(free, db, at));
    // Who of the staff has it is not for the customer's own people, so to them theirs always count as nobody's.
    if (ownAccountId !== null) known.orWhere('r.account_id', ownAccountId);
  });
}

type Order = readonly (readonly [column: string, direction: 'asc' | 'desc'])[];

function orderOf({ sort, statuses }: Narrowed): Order {
  if (sort === 'customer')
    return [
      ['a.name_key', 'asc'],
      ['r.id', 'asc'],
    ];
  if (sort === 'volume')
    return [
      ['r.weekly_volume', 'desc'],
      ['r.id', 'desc'],
    ];
  if (sort === 'oldest') return [['r.id', 'asc']];
  const byDue = sort === null && (statuses?.every(isDue) ?? false);
  return byDue
    ? [
        ['r.due_at', 'asc'],
        ['r.id', 'asc'],
      ]
    : [['r.id', 'desc']];
}

function ordered<Q extends Knex.QueryBuilder>(query: Q, by: Narrowed, backwards: boolean): Q {
  for (const [column, direction] of orderOf(by)) {
    query.orderBy(column, (direction === 'asc') === backwards ? 'desc' : 'asc');
  }
  return query;
}

/** One page of the queue, of which `total` requests are left. */
export async function listQueueRows(
  db: Db,
  by: Narrowed,
  { offset, limit, total }: { readonly offset: number; readonly limit: number; readonly total: number },
): Promise<IpRequest[]> {
  const count = Math.min(limit, total - offset);
  if (count <= 0) return [];
  // The database walks over all that comes before: in the second half it begins at the end.
  const backwards = offset > total / 2;
  const ids = ordered(narrowed(db, by), by, backwards)
    .offset(backwards ? total - offset - count : offset)
    .limit(count)
    .select('r.id');
  return (await ordered(select(db).whereIn('r.id', ids), by, false)).map(fromRow);
}

/** These requests, the one due first on top. */
export async function listRequests(db: Db, ids: readonly number[]): Promise<IpRequest[]> {
  const rows = await select(db)
    .whereIn('r.id', [...ids])
    .orderBy('r.due_at')
    .orderBy('r.id');
  return rows.map(fromRow);
}

export async function countQueueRows(db: Db, by: Narrowed): Promise<number> {
  const row = await narrowed(db, by).count({ count: '*' }).first();
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
