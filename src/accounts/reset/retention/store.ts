import type { Db } from '../../../database.ts';
import type { Old, Piece } from '../../../retention/actions.ts';

const ROWS = 500;

/** Removes links that were used before. One that was not used yet is replaced by the next for the same person. */
export async function deleteUsedLinks(trx: Db, { before, after }: Old): Promise<Piece> {
  const ids: number[] = await trx('password_resets').where('id', '>', after).orderBy('id').limit(ROWS).pluck('id');
  const removed = await trx('password_resets').whereIn('id', ids).where('used_at', '<', before).delete();
  return { removed, next: ids.length < ROWS ? null : (ids.at(-1) ?? null) };
}
