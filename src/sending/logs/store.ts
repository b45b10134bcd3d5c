import type { Db } from '../../database.ts';
import { eachInJson } from '../../dialect.ts';
import type { Deferred } from './record.ts';

/** How far a log is read: to which byte, and how many lines those are (null: not counted yet). */
export type KnownLog = {
  readonly id: number;
  readonly readTo: number;
  readonly lines: number | null;
  /** Size and time of change of a compressed file that was read to its end; null: none was. */
  readonly packedAs: string | null;
};

/** The log with a beginning of this hash; undefined where it was never read. */
export async function findLog(db: Db, reader: string, firstLineHash: string): Promise<KnownLog | undefined> {
  const row = await db('sending_logs').where({ reader, first_line_hash: firstLineHash }).first();
  return row && { id: row.id, readTo: row.read_to, lines: row.lines, packedAs: row.packed_as };
}

/** Begins a log, or finds it where another run just began it. */
export async function beginLog(db: Db, reader: string, firstLineHash: string, at: number): Promise<KnownLog> {
  await db('sending_logs')
    .insert({ reader, first_line_hash: firstLineHash, read_to: 0, lines: 0, read_at: at })
    .onConflict(['reader', 'first_line_hash'])
    .ignore();
  const log = await findLog(db, reader, firstLineHash);
  if (!log) throw new Error('a log that was begun is not there');
  return log;
}

/** Notes that a log is read up to a byte. False where another run got on with it meanwhile. */
export async function moveLog(
  trx: Db,
  log: KnownLog,
  to: Pick<KnownLog, 'readTo' | 'lines'>,
  at: number,
): Promise<boolean> {
  const moved = await trx('sending_logs')
    .where({ id: log.id, read_to: log.readTo })
    .update({ read_to: to.readTo, lines: to.lines, read_at: at });
  return moved === 1;
}

/** Notes that a compressed file was read to its end. */
export const markPacked = (db: Db, logId: number, packedAs: string): Promise<number> =>
  db('sending_logs').where({ id: logId }).update({ packed_as: packedAs });

/** A line that could not be read: the byte at which it begins, and its number as people count. */
export type UnreadLine = { readonly at: number; readonly line: number };

/** The lines of a log that could not be read, in their order. */
export const listUnread = (db: Db, logId: number): Promise<UnreadLine[]> =>
  db('sending_unread_lines').where({ log_id: logId }).orderBy('at').select('at', 'line');

/** Remembers lines that could not be read. */
export async function insertUnread(trx: Db, logId: number, lines: readonly UnreadLine[], at: number): Promise<void> {
  const rows = lines.map((one) => ({ log_id: logId, ...one, seen_at: at }));
  if (rows.length > 0) await trx.batchInsert('sending_unread_lines', rows, 200);
}

/** Forgets unread lines. Returns how many there were: fewer than were named where another run was faster. */
export const deleteUnread = (trx: Db, logId: number, at: readonly number[]): Promise<number> =>
  trx('sending_unread_lines').where({ log_id: logId }).whereIn('at', at).delete();

/**
 * What is known of a recipient: deferred (with what but the address), only by the mail server itself, or (null) settled. Or,
 * under a name of its own, over what it is being tried.
 */
export type Tried = Deferred | 'suspended' | null | { readonly over: readonly string[] };

/** `tried`: hashes of recipients, with what is known of each. */
export type Queued = {
  readonly message: string;
  readonly sender: string;
  readonly tried: readonly (readonly [string, Tried])[];
};

/** What is remembered of messages in the queue, the longest known first. */
export async function listQueue(db: Db, reader: string): Promise<Queued[]> {
  const rows = await db('sending_queue').where({ reader }).orderBy(['seen_at', 'message']);
  return rows.map(({ message, sender, tried }) => ({ message, sender, tried: JSON.parse(tried) }));
}

/** Keeps what is new about the queue, and lets go of the messages that left it. */
export async function storeQueue(
  trx: Db,
  reader: string,
  { changed, gone }: { readonly changed: readonly Queued[]; readonly gone: readonly string[] },
  at: number,
): Promise<void> {
  if (gone.length > 0) {
    await trx('sending_queue')
      .where({ reader })
      .whereRaw(`message in (select e.value ->> 0 from ${eachInJson(trx)})`, [
        JSON.stringify(gone.map((message) => [message])),
      ])
      .delete();
  }
  if (changed.length === 0) return;
  const list = JSON.stringify(changed.map(({ message, sender, tried }) => [message, sender, JSON.stringify(tried)]));
  await trx.raw(
    `insert into sending_queue (reader, message, sender, tried, seen_at)
      select cast(? as text), e.value ->> 0, e.value ->> 1, e.value ->> 2, ${at} from ${eachInJson(trx)}
      where true on conflict (reader, message) do update set
      sender = excluded.sender, tried = excluded.tried, seen_at = excluded.seen_at`,
    [reader, list],
  );
}
