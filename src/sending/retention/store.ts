// What is removed once it is older than the settings keep it. Nothing else ever deletes a count.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import type { Piece } from '../store-daily.ts';

/**
 * Removes counts of days before `before` of some domains: those of the oldest `days` days that they have, so that no transaction
 * is long. Returns how many, and whether none are left.
 */
export async function deleteOldCounts(
  trx: Db,
  { after, through }: Piece,
  { before, days }: { readonly before: Day; readonly days: number },
): Promise<{ readonly deleted: number; readonly isDone: boolean }> {
  const ids: number[] = await trx('domains').where('id', '>', after).where('id', '<=', through).pluck('id');
  if (ids.length === 0) return { deleted: 0, isDone: true };
  // Day by day from the key of each domain: a minimum over all of them would read all of their counts.
  const oldest = trx('sending_counts').where('domain_id', trx.ref('d.id')).min('day');
  const rows = await trx('domains as d').whereIn('d.id', ids).select(oldest.as('oldest'));
  const first = Math.min(...rows.map((row) => row.oldest ?? before));
  if (first >= before) return { deleted: 0, isDone: true };
  const until = Math.min(before, first + days);
  const deleted = await trx('sending_counts').whereIn('domain_id', ids).where('day', '<', until).delete();
  return { deleted, isDone: until === before };
}

/** Removes at most `limit` batches that were taken before an instant (UTC milliseconds). Returns how many. */
export async function deleteOldBatches(trx: Db, before: number, limit: number): Promise<number> {
  // Word by word as the partial index has it: SQLite does not see that `not source = ?` is the same.
  const old = trx('sending_batches').whereRaw("source <> 'upload'").where('taken_at', '<', before);
  const ids: number[] = await old.orderBy('taken_at').limit(limit).pluck('id');
  return trx('sending_batches').whereIn('id', ids).delete();
}
