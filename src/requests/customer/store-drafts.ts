// What somebody typed and has not sent: kept for a week, so that the page with the checks can be loaded and gone back to.
import type { Db } from '../../database.ts';
import { dayLength } from '../../day.ts';
import type { Typed } from '../../form.ts';
import type { Kind } from '../request.ts';

const KEPT_MS = 7 * dayLength;
/** More than anybody works on at once: who goes on typing loses the oldest. */
const MOST_EACH = 20;

type Draft = { readonly token: string; readonly personId: number; readonly kind: Kind; readonly typed: Typed };

/**
 * Keeps what somebody typed under their form's token, replacing an earlier draft. False where the token is another
 * person's or of another kind. `at` is UTC milliseconds.
 */
export async function keepDraft(db: Db, draft: Draft, at: number): Promise<boolean> {
  const { token, personId, kind } = draft;
  const kept = await db('drafts')
    .insert({ token, person_id: personId, kind, typed: JSON.stringify(draft.typed), at })
    .onConflict('token')
    .merge(['typed', 'at'])
    .where({ 'drafts.person_id': personId, 'drafts.kind': kind })
    .returning('token');
  const newest = db('drafts').where({ person_id: personId }).orderBy('at', 'desc').orderBy('token').limit(MOST_EACH);
  await db('drafts').where({ person_id: personId }).whereNotIn('token', newest.select('token')).delete();
  return kept.length === 1;
}

/** What a person typed under a token; null where there is no such draft of theirs. */
export async function findTyped(db: Db, { token, personId, kind }: Omit<Draft, 'typed'>): Promise<Typed | null> {
  const row = await db('drafts').where({ token, person_id: personId, kind }).first('typed');
  return row ? JSON.parse(row.typed) : null;
}

/** Deletes drafts that nobody touched for a week before the instant `at`. Returns how many. */
export const deleteOldDrafts = (db: Db, at: number): Promise<number> =>
  db('drafts')
    .where('at', '<', at - KEPT_MS)
    .delete();
