// Mails that came in long ago. What was filed stays as what it became: a comment or an answer, with its files.
import type { Knex } from 'knex';
import type { Db } from '../../database.ts';
import type { Old, Piece } from '../../retention/actions.ts';

/** A mail as it came has up to some megabytes. */
const ROWS = 100;

/** Removes mails that came before and are settled since. */
export const deleteOldInbound = (trx: Db, old: Old): Promise<Piece> =>
  each(trx, old, (settled) =>
    settled.where((decided) => decided.whereNull('decided_at').orWhere('decided_at', '<', old.before)).delete(),
  );

/** Forgets settled mails as they came; what is known of them stays. */
export const forgetRaw = (trx: Db, old: Old): Promise<Piece> =>
  each(trx, old, (settled) => settled.whereNotNull('raw').update({ raw: null }));

async function each(
  trx: Db,
  { before, after }: Old,
  remove: (settled: Knex.QueryBuilder) => PromiseLike<number>,
): Promise<Piece> {
  const rows = await trx('inbound_mails').where('id', '>', after).orderBy('id').limit(ROWS).select('id', 'received_at');
  const last = rows.at(-1);
  if (last === undefined) return { removed: 0, next: null };
  const removed = await remove(
    trx('inbound_mails')
      .where('id', '>', after)
      .where('id', '<=', last.id)
      .whereNotIn('status', ['received', 'quarantined'])
      .where('received_at', '<', before),
  );
  return { removed, next: rows.length < ROWS || last.received_at >= before ? null : last.id };
}
