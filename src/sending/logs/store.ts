import { type Db, eachInJson } from '../../database.ts';
import type { PutOff } from './record.ts';

export type KnownLog = { readonly id: number; readonly readTo: number };

/** How far a log is read, by the hash of its beginning; undefined where it was never read. */
export async function findLog(db: Db, reader: string, firstLineHash: string): Promise<KnownLog | undefined> {
  const row = await db('sending_logs').where({ reader, first_line_hash: firstLineHash }).first('id', 'read_to');
  return row && { id: row.id, readTo: row.read_to };
}

/** Begins a log, or finds it where another run just began it. */
export async function beginLog(db: Db, reader: string, firstLineHash: string, at: number): Promise<KnownLog> {
  await db('sending_logs')
    .insert({ reader, first_line_hash: firstLineHash, read_to: 0, read_at: at })
    .onConflict(['reader', 'first_line_hash'])
    .ignore();
  const log = await findLog(db, reader, firstLineHash);
  if (!log) throw new Error('a log that was begun is not there');
  return log;
}

/** Notes that a log is read up to a byte. False where another run got on with it meanwhile. */
export async function moveLog(trx: Db, log: KnownLog, readTo: number, at: number): Promise<boolean> {
  const moved = await trx('sending_logs')
    .where({ id: log.id, read_to: log.readTo })
    .update({ read_to: readTo, read_at: at });
  return moved === 1;
}

/** `tried`: hashes of recipients who were put off, with what is known of each; null: what became of it is known. */
export type Queued = {
  readonly message: string;
  readonly sender: string;
  readonly tried: readonly (readonly [string, PutOff | null])[];
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
