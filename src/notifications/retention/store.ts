// Mails that ended long ago.
import type { Db } from '../../database.ts';
import type { Old, Piece } from '../../retention/actions.ts';

/** Rows that one transaction looks at. */
const ROWS = 500;

/**
 * Removes mails that were sent or failed before, and of which nothing was recorded since. What waits stays, and so do test
 * mails, of which the Set up page shows the last.
 */
export async function deleteOldMails(trx: Db, { before, after }: Old): Promise<Piece> {
  const rows = await trx('outbox').where('id', '>', after).orderBy('id').limit(ROWS).select('id', 'created_at');
  const last = rows.at(-1);
  if (last === undefined) return { removed: 0, next: null };
  const removed = await trx('outbox')
    .where('id', '>', after)
    .where('id', '<=', last.id)
    .whereIn('status', ['sent', 'failed'])
    .whereNot('template', 'test-mail')
    .where('created_at', '<', before)
    .whereRaw('coalesce(bounced_at, sent_at, created_at) < ?', [before])
    .whereNotExists(
      trx('audit_events as e')
        .whereRaw(`e.subject_type = 'mail' and e.subject_id = outbox.id`)
        .where('e.at', '>=', before)
        .select('e.id'),
    )
    .delete();
  return { removed, next: isOver(rows, before) ? null : last.id };
}

/** Removes what was not mailed before, because its reader wanted none or a summary. */
export async function deleteOldWithheld(trx: Db, { before, after }: Old): Promise<Piece> {
  const rows = await trx('withheld_mails').where('id', '>', after).orderBy('id').limit(ROWS).select('id', 'created_at');
  const last = rows.at(-1);
  if (last === undefined) return { removed: 0, next: null };
  const span = trx('withheld_mails').where('id', '>', after).where('id', '<=', last.id);
  const removed = await span.where('created_at', '<', before).delete();
  return { removed, next: isOver(rows, before) ? null : last.id };
}

/** Whether no later row can be old: ids are given in the order of time, but for what overlaps. */
const isOver = (rows: readonly { readonly created_at: number }[], before: number): boolean =>
  rows.length < ROWS || (rows.at(-1)?.created_at ?? 0) >= before;
