import { INTERNAL_EVENTS } from '../audit/internal.ts';
import type { Db } from '../database.ts';
import type { Attached, NewFile } from './attachment.ts';

/** Ties files to the record with which they came. */
export async function insertAttachments(
  trx: Db,
  { eventId, accountId, at }: { readonly eventId: number; readonly accountId: number; readonly at: number },
  files: readonly NewFile[],
): Promise<void> {
  const rows = files.map(({ key, name, type, bytes, sha256 }) => ({
    event_id: eventId,
    account_id: accountId,
    name,
    type,
    bytes,
    sha256,
    file_key: key,
    attached_at: at,
  }));
  if (rows.length > 0) await trx('attachments').insert(rows);
}

/**
 * A file of a request; undefined where it does not have one with this id. `staff`: also what came with records that customers do not
 * read.
 */
export async function findAttachment(
  db: Db,
  { requestId, id }: { readonly requestId: number; readonly id: number },
  { staff }: { readonly staff: boolean },
): Promise<(Attached & { readonly key: string }) | undefined> {
  const query = db('attachments as f')
    .join('audit_events as e', 'e.id', 'f.event_id')
    .where({ 'f.id': id, 'e.subject_type': 'request', 'e.subject_id': requestId });
  if (!staff) query.whereNotIn('e.name', [...INTERNAL_EVENTS]);
  const row = await query.first('f.id', 'f.name', 'f.type', 'f.bytes', 'f.file_key');
  return row && { id: row.id, name: row.name, type: row.type, bytes: row.bytes, key: row.file_key };
}

/** The bytes of all files that an account's own people attached, and the number of those since an instant (UTC milliseconds). */
export async function countAttached(
  db: Db,
  accountId: number,
  since: number,
): Promise<{ readonly bytes: number; readonly files: number }> {
  const own = () =>
    db('attachments as f')
      .join('audit_events as e', 'e.id', 'f.event_id')
      .where('f.account_id', accountId)
      .whereNotIn('e.name', ['request.asked', ...INTERNAL_EVENTS]);
  const all = await own().sum({ n: 'f.bytes' }).first();
  const late = await own().where('f.attached_at', '>=', since).count({ n: '*' }).first();
  return { bytes: Number(all?.['n'] ?? 0), files: Number(late?.['n'] ?? 0) };
}

/** Those of these keys that a row names, or a decision that has not taken effect. */
export async function findKnownKeys(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const forms: string[] = await db('pending_decisions').pluck('form');
  const attached: string[] = await db('attachments')
    .whereIn('file_key', [...keys])
    .pluck('file_key');
  return new Set([...attached, ...keys.filter((key) => forms.some((form) => form.includes(key)))]);
}

/** When the newest file was attached (UTC milliseconds); undefined where nothing ever was. */
export const findNewest = async (db: Db): Promise<number | undefined> =>
  (await db('attachments').orderBy('id', 'desc').first('attached_at'))?.attached_at;

/** Files after an id, in order, as they have to be in the folder. */
export const listStored = (
  db: Db,
  after: number,
  limit: number,
): Promise<{ readonly id: number; readonly key: string; readonly sha256: string }[]> =>
  db('attachments').where('id', '>', after).orderBy('id').limit(limit).select('id', 'file_key as key', 'sha256');
