import type { Db } from '../../../database.ts';
import type { Old, Piece } from '../../../retention/actions.ts';

const ROWS = 500;

/** Removes entries of blocklists that were seen to be over before. */
export async function deleteOldListings(trx: Db, { before, after }: Old): Promise<Piece> {
  const ids: number[] = await trx('ip_listings').where('id', '>', after).orderBy('id').limit(ROWS).pluck('id');
  const removed = await trx('ip_listings').whereIn('id', ids).where('gone_at', '<', before).delete();
  return { removed, next: ids.length < ROWS ? null : (ids.at(-1) ?? null) };
}
