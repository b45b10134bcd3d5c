// What somebody typed and has not sent: kept for a week, so that the page with the checks can be loaded and gone back to.
import type { Db } from '../../database.ts';
import { dayLength } from '../../day.ts';
import type { Typed } from '../../form.ts';
import type { Kind } from '../request.ts';

const KEPT_MS = 7 * dayLength;
/** More than anybody works on at once: who goes on typing loses the oldest. */
const MOST_EACH = 20;

/** A form as somebody typed it. The table is called `drafts`; a draft that was handed over is another thing. */
type TypedForm = { readonly token: string; readonly personId: number; readonly kind: Kind; readonly typed: Typed };

/**
 * Keeps what somebody typed under their form's token, replacing what was kept under it. False where the token is another
 * person's or of another kind. `at` is UTC milliseconds.
 */
export async function keepTyped(db: Db, form: TypedForm, at: number): Promise<boolean> {
  const { token, personId, kind } = form;
  const kept = await db('drafts')
    .insert({ token, person_id: personId, kind, typed: JSON.stringify(form.typed), at })
    .onConflict('token')
    .merge(['typed', 'at'])
    .where({ 'drafts.person_id': personId, 'drafts.kind': kind })
    .returning('token');
  const newest = db('drafts').where({ person_id: personId }).orderBy('at', 'desc').orderBy('token').limit(MOST_EACH);
  await db('drafts').where({ person_id: personId }).whereNotIn('token', newest.select('token')).delete();
  return kept.length === 1;
}

/** What a person typed under a token; null where they typed nothing under it. */
export async function findTyped(db: Db, { token, personId, kind }: Omit<TypedForm, 'typed'>): Promise<Typed | null> {
  const row = await db('drafts').where({ token, person_id: personId, kind }).first('typed');
  return row ? JSON.parse(row.typed) : null;
}

/** Deletes what nobody touched for a week before the instant `at`. Returns how many. */
export const deleteOldTyped = (db: Db, at: number): Promise<number> =>
  db('drafts')
    .where('at', '<', at - KEPT_MS)
    .delete();
