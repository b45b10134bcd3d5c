// The queue, page by page.
import type { Knex } from 'knex';
import { keyPattern } from '../../../accounts/person.ts';
import type { Db } from '../../../database.ts';
import { numbersInJson } from '../../../dialect.ts';
import { narrowToUnclaimed } from '../../claims/store.ts';
import { type IpRequest, isOpen, type Kind, openStatuses, type Status } from '../../request.ts';
import { fromRow, select } from '../../store.ts';
import type { Sort } from './filter.ts';

export type Narrowed = {
  /** Whose requests; null: everybody's. */
  readonly accountId: number | null;
  readonly statuses: readonly Status[] | null;
  readonly kind: Kind | null;
  readonly plan: string | null;
  readonly region: string | null;
  /** Due before this instant (UTC milliseconds). */
  readonly dueBefore: number | null;
  /** Due soon, and not overdue, at this instant (UTC milliseconds). */
  readonly soonAt: number | null;
  /** Whose desk it is on at the instant `at` (UTC milliseconds): a person's, or nobody's as one of `ownAccountId` may know. */
  readonly desk: { readonly personId: number | null; readonly ownAccountId: number | null; readonly at: number } | null;
  /** S-12: only what was approved without a person. */
  readonly isAutomatic: boolean;
  /** null: the one due first on top; those without a due time newest first. */
  readonly sort: Sort | null;
  /** What was typed found these: a request is left where it is one of them, or of one of these accounts. null: nothing was typed. */
  readonly found: Found | null;
};

export type Found = {
  readonly requestIds: readonly number[];
  readonly accountIds: readonly number[];
  /** Part of a customer's name that more of them have than can be listed here; null: all of them are. */
  readonly named: string | null;
};

const isDue = (status: Status): boolean => status === 'submitted' || status === 'second_review';

/** The requests that are left, in no order. */
function narrowed(db: Db, by: Narrowed) {
  const query = db('requests as r');
  if (by.plan !== null || by.sort === 'customer' || by.found?.named)
    query.join('accounts as a', 'a.id', 'r.account_id');
  if (by.accountId !== null) query.where('r.account_id', by.accountId);
  if (by.statuses !== null) narrowToStatuses(query, by.statuses);
  if (by.kind !== null) query.where('r.kind', by.kind);
  if (by.plan !== null) query.where('a.plan', by.plan);
  if (by.region !== null) query.where('r.region', by.region);
  if (by.dueBefore !== null) query.where('r.due_at', '<', by.dueBefore);
  if (by.soonAt !== null) query.where('r.due_at', '>=', by.soonAt).where('r.soon_at', '<=', by.soonAt);
  if (by.desk !== null) narrowToDesk(query, db, by.desk);
  if (by.isAutomatic)
    query.whereIn('r.id', db('decisions').whereNull('reviewer_id').whereNull('void_at').select('request_id'));
  if (by.found !== null) narrowToFound(query, db, by.found);
  return query;
}

function narrowToFound(query: Knex.QueryBuilder, db: Db, { requestIds, accountIds, named }: Found): void {
  const amongThese = numbersInJson(db);
  query.where((found) => {
    found.whereRaw(`r.id in ${amongThese}`, [JSON.stringify(requestIds)]);
    if (accountIds.length > 0) found.orWhereRaw(`r.account_id in ${amongThese}`, [JSON.stringify(accountIds)]);
    if (named !== null) found.orWhereRaw("a.name_key like ? escape '\\'", [keyPattern(named)]);
  });
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

/** The ids of what is left, in the queue's order, at most `limit`. */
export const listQueueIds = (db: Db, by: Narrowed, limit: number): Promise<number[]> =>
  ordered(narrowed(db, by), by, false).limit(limit).pluck('r.id');

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
