// Which request a reviewer should open next.
import type { Knex } from 'knex';
import type { Person } from '../../accounts/person.ts';
import type { Db } from '../../database.ts';
import { OPENED_AVOIDED_MS } from './claim.ts';
import { narrowToUnclaimed } from './store.ts';

/** A place in the queue: what is due at once is told apart by its id. */
type Place = {
  readonly id: number;
  readonly due_at: number | null;
  readonly claimed_by: number | null;
  readonly claimed_until: number | null;
};

/**
 * The request that `person` should open next: of their own the one due first, then of those that nobody has and no
 * colleague opened just now. Only what they may decide. After `after`, which is left out, in that order, where it is still
 * with the reviewers: so one request after the other can be skipped. null: nothing is left.
 */
export async function findNextFor(db: Db, person: Person, at: number, after: number | null): Promise<number | null> {
  const place: Place | undefined = after === null ? undefined : await db('requests').where({ id: after }).first();
  const isQueued = place !== undefined && place.due_at !== null;
  const isOwn = isQueued && place.claimed_by === person.id && (place.claimed_until ?? 0) > at;
  const own = () => decidable(db, person, after).where('r.claimed_by', person.id).where('r.claimed_until', '>', at);
  const free = () =>
    unseen(
      decidable(db, person, after).modify((query) => narrowToUnclaimed(query, db, at)),
      person,
      at,
    );
  const ownRow = isQueued && !isOwn ? undefined : await first(own(), isOwn ? place : undefined);
  const row = ownRow ?? (await first(free(), isQueued && !isOwn ? place : undefined));
  return row?.id ?? null;
}

const first = (query: Knex.QueryBuilder, past: Place | undefined): Promise<{ id: number } | undefined> =>
  query
    .modify((all) => {
      if (past) all.whereRaw('(r.due_at > ? or (r.due_at = ? and r.id > ?))', [past.due_at, past.due_at, past.id]);
    })
    .orderBy('r.due_at')
    .orderBy('r.id')
    .first('r.id');

/** What reviewers have, without what keep from this one. */
function decidable(db: Db, person: Person, except: number | null): Knex.QueryBuilder {
  const query = db('requests as r').whereNotNull('r.due_at').whereNot('r.requester_id', person.id);
  if (except !== null) query.whereNot('r.id', except);
  // What Warmdesk is about to look at may need nobody.
  query.whereNull('r.automatic_at');
  // A decline that was appealed is looked at by somebody else.
  query.where((other) => other.whereNull('r.appealed_at').orWhereNot('r.declined_by', person.id));
  query.whereNotExists((decided) =>
    decided.select('pd.request_id').from('pending_decisions as pd').whereRaw('pd.request_id = r.id'),
  );
  if (person.accountId !== null) query.whereNot('r.account_id', person.accountId);
  return query.whereNotExists((own) =>
    own
      .select('d.id')
      .from('decisions as d')
      .whereRaw('d.request_id = r.id')
      .where({ 'd.rank': 1, 'd.reviewer_id': person.id })
      .whereNull('d.void_at'),
  );
}

const unseen = (query: Knex.QueryBuilder, person: Person, at: number): Knex.QueryBuilder =>
  query.whereNotExists((opened) =>
    opened
      .select('o.request_id')
      .from('request_openings as o')
      .whereRaw('o.request_id = r.id')
      .whereNot('o.person_id', person.id)
      .where('o.opened_at', '>', at - OPENED_AVOIDED_MS),
  );
