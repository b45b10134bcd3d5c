import type { Knex } from 'knex';
import type { Db } from '../../database.ts';
import type { Claim, Opening } from './claim.ts';

/** The claims on these requests that have not lapsed at the instant `at` (UTC milliseconds), by request. */
export async function listClaims(db: Db, ids: readonly number[], at: number): Promise<Map<number, Claim>> {
  if (ids.length === 0) return new Map();
  const rows = await db('requests as r')
    .join('people as p', 'p.id', 'r.claimed_by')
    .whereIn('r.id', [...ids])
    .where('r.claimed_until', '>', at)
    .whereNull('p.disabled_at')
    .select('r.id', 'r.claimed_by', 'r.claimed_at', 'r.claimed_until', 'p.name');
  return new Map(
    rows.map((row) => [
      row.id,
      { personId: row.claimed_by, name: row.name, since: row.claimed_at, until: row.claimed_until },
    ]),
  );
}

/** What somebody has on the desk at the instant `at` (UTC milliseconds), the one due first on top. */
export const listClaimedBy = (db: Db, personId: number, at: number): Promise<number[]> =>
  db('requests').where({ claimed_by: personId }).where('claimed_until', '>', at).orderBy(['due_at', 'id']).pluck('id');

/** Narrows requests (`r`) to those that nobody has at the instant `at`: a claim ends with its time, and with its holder. */
export function narrowToUnclaimed(query: Knex.QueryBuilder, db: Db, at: number): void {
  query.where((free) =>
    free
      .whereNull('r.claimed_by')
      .orWhere('r.claimed_until', '<=', at)
      .orWhereIn('r.claimed_by', db('people').whereNotNull('disabled_at').select('id')),
  );
}

/** With any step of a request the one who claimed it has done what they claimed it for. */
export const NO_CLAIM = { claimed_by: null, claimed_at: null, claimed_until: null };

/** Puts a request on somebody's desk; null takes it off. The caller holds the request, and has looked who has it. */
export async function updateClaim(
  trx: Db,
  id: number,
  claim: Pick<Claim, 'personId' | 'since' | 'until'> | null,
): Promise<void> {
  await trx('requests')
    .where({ id })
    .update({
      claimed_by: claim?.personId ?? null,
      claimed_at: claim?.since ?? null,
      claimed_until: claim?.until ?? null,
      // What a person has is theirs to decide.
      ...(claim === null ? {} : { automatic_at: null }),
    });
}

/** Keeps that somebody opened the page of a request. */
export async function upsertOpening(db: Db, requestId: number, personId: number, at: number): Promise<void> {
  await db('request_openings')
    .insert({ request_id: requestId, person_id: personId, opened_at: at })
    .onConflict(['request_id', 'person_id'])
    .merge(['opened_at']);
}

/**
 * Who has a request on the desk at the instant `at`, and who opened its page after `since`, the last one first (UTC
 * milliseconds). One statement.
 */
export async function listDesk(
  db: Db,
  requestId: number,
  { at, since }: { readonly at: number; readonly since: number },
): Promise<{ readonly claim: Claim | null; readonly openings: readonly Opening[] }> {
  const rows = await db('requests as r')
    .leftJoin('people as c', (join) =>
      join
        .on('c.id', 'r.claimed_by')
        .andOnNull('c.disabled_at')
        .andOn('r.claimed_until', '>', db.raw('?', [at])),
    )
    .leftJoin('request_openings as o', (join) =>
      join.on('o.request_id', 'r.id').andOn('o.opened_at', '>', db.raw('?', [since])),
    )
    .leftJoin('people as p', 'p.id', 'o.person_id')
    .where('r.id', requestId)
    .orderBy('o.opened_at', 'desc')
    .select('c.id as claimer', 'c.name as claimed', 'r.claimed_at', 'r.claimed_until')
    .select('o.person_id', 'p.name', 'o.opened_at');
  const [row] = rows;
  const claim = { personId: row?.claimer, name: row?.claimed, since: row?.claimed_at, until: row?.claimed_until };
  return {
    claim: claim.personId ? claim : null,
    openings: rows.flatMap((one) =>
      one.person_id === null ? [] : [{ personId: one.person_id, name: one.name, at: one.opened_at }],
    ),
  };
}

/** Forgets who opened what before an instant (UTC milliseconds). Returns the number of deleted rows. */
export const deleteOpenings = (db: Db, before: number): Promise<number> =>
  db('request_openings').where('opened_at', '<', before).delete();
