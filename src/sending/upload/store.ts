// Files of counts that are stored piece by piece. A piece goes with the transaction that stored it, so a crash repeats nothing.
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { type Db, lockSubject } from '../../database.ts';

const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);

export type Upload = {
  readonly id: number;
  readonly file: string;
  readonly contentHash: string;
  /** Rows of the file; how many of them are stored, how many of those had no row before or one with other figures. */
  readonly counts: number;
  readonly stored: number;
  readonly fresh: number;
  readonly replaced: number;
  /** null: Warmdesk itself. */
  readonly madeById: number | null;
  readonly madeBy: string | null;
  /** UTC milliseconds. */
  readonly madeAt: number;
  readonly finishedAt: number | null;
};

type NewUpload = Pick<Upload, 'file' | 'contentHash' | 'counts' | 'madeById' | 'madeAt'>;

/** Notes a file of which nothing is kept yet. Returns its id. */
export async function insertUpload(
  trx: Db,
  { file, contentHash, counts, madeById, madeAt }: NewUpload,
): Promise<number> {
  const row = { file, content_hash: contentHash, counts, made_by: madeById, made_at: madeAt };
  return (await trx('sending_uploads').insert(row).returning('id'))[0].id;
}

/** A JSON list, as `replaceListed` takes it, as it is kept: in a fraction of its room. */
export const packed = (list: string): Promise<Buffer> => pack(list, { level: 1 });

export type NewPart = {
  readonly uploadId: number;
  readonly part: number;
  readonly counts: number;
  readonly list: Buffer;
};

/** Keeps a piece of a file. */
export async function insertPart(trx: Db, { uploadId, ...part }: NewPart): Promise<void> {
  await trx('sending_upload_parts').insert({ upload_id: uploadId, ...part });
}

const SUBJECT = 'sending upload';

/** Marks a file as kept whole: from now on it is stored, and cannot be given up. Returns false where a piece is missing. */
export async function markKept(trx: Db, id: number, at: number): Promise<boolean> {
  await lockSubject(trx, SUBJECT, id);
  const kept = trx('sending_upload_parts').where({ upload_id: id }).sum('counts');
  return (await trx('sending_uploads').where({ id, counts: kept }).update({ kept_at: at })) === 1;
}

/** The oldest file that was not kept whole and was begun before `before` (UTC milliseconds). */
export async function findAbandoned(db: Db, before: number): Promise<number | undefined> {
  const open = db('sending_uploads').whereNull('finished_at').whereNull('kept_at').where('made_at', '<', before);
  return (await open.orderBy('id').first('id'))?.id;
}

/** Removes some pieces of a file that is not kept whole, or the file once it has none. Returns how many pieces it removed. */
export async function dropParts(trx: Db, id: number, most: number): Promise<number> {
  await lockSubject(trx, SUBJECT, id);
  const given = trx('sending_uploads').where({ id }).whereNull('kept_at');
  const parts = trx('sending_upload_parts').whereIn('upload_id', given.clone().select('id'));
  const some = await parts.orderBy('part').limit(most).pluck('part');
  if (some.length === 0) await given.delete();
  return trx('sending_upload_parts').where({ upload_id: id }).whereIn('part', some).delete();
}

export type Piece = { readonly upload: Upload; readonly part: number; readonly counts: number; readonly list: string };

/** A file takes a minute or two to be kept: one that takes longer was given up, and the next does not wait for it. */
const KEEPING_MS = 10 * 60 * 1000;

/**
 * The next piece to store: files one after the other in the order in which they came, or of two about the same counts the
 * older one could win. One that came earlier and is still being kept comes first. It is the transaction's until it ends;
 * others wait. Undefined where there is nothing to store now.
 */
export async function claimPiece(trx: Db, at: number): Promise<Piece | undefined> {
  await lockSubject(trx, SUBJECT, 0);
  const earlier = trx('sending_uploads as e')
    .whereNull('e.finished_at')
    .whereNull('e.kept_at')
    .where('e.made_at', '>', at - KEEPING_MS)
    .where('e.id', '<', trx.ref('u.id'));
  const row = await uploads(trx)
    .join('sending_upload_parts as n', 'n.upload_id', 'u.id')
    .whereNull('u.finished_at')
    .whereNotNull('u.kept_at')
    .whereNotExists(earlier)
    .orderBy('u.id')
    .orderBy('n.part')
    .select('n.part', 'n.counts as of_part', 'n.list')
    .first();
  if (row === undefined) return undefined;
  return { upload: fromRow(row), part: row.part, counts: row.of_part, list: (await unpack(row.list)).toString() };
}

/** Removes a piece that was stored and adds it to its file. Returns the file as it is then; finished with its last piece. */
export async function finishPiece(
  trx: Db,
  { upload, part, counts }: Piece,
  { fresh, replaced, at }: { readonly fresh: number; readonly replaced: number; readonly at: number },
): Promise<Upload> {
  const stored = upload.stored + counts;
  const after = {
    stored,
    fresh: upload.fresh + fresh,
    replaced: upload.replaced + replaced,
    finishedAt: stored === upload.counts ? at : null,
  };
  const { finishedAt, ...sums } = after;
  await trx('sending_upload_parts').where({ upload_id: upload.id, part }).delete();
  await trx('sending_uploads')
    .where({ id: upload.id })
    .update({ ...sums, finished_at: finishedAt });
  return { ...upload, ...after };
}

const uploads = (db: Db) =>
  db('sending_uploads as u').leftJoin('people as p', 'p.id', 'u.made_by').select('u.*', 'p.name as made_by_name');

/** A file that is kept whole, by its id. */
export async function findUpload(db: Db, id: number): Promise<Upload | undefined> {
  const row = await uploads(db).where('u.id', id).whereNotNull('u.kept_at').first();
  return row && fromRow(row);
}

/** The newest files that are kept whole, at most 20. */
export async function listUploads(db: Db): Promise<Upload[]> {
  return (await uploads(db).whereNotNull('u.kept_at').orderBy('u.id', 'desc').limit(20)).map(fromRow);
}

/** The file that is stored at the moment, or comes next; undefined where there is none. */
export async function findUploadUnderWay(db: Db): Promise<Upload | undefined> {
  const row = await uploads(db).whereNull('u.finished_at').whereNotNull('u.kept_at').orderBy('u.id').first();
  return row && fromRow(row);
}

/** How many files wait to be stored, or are being stored, of those that came after `since` (UTC milliseconds). */
export async function countUploadsUnderWay(db: Db, since: number): Promise<number> {
  const open = db('sending_uploads').whereNull('finished_at').whereNotNull('kept_at').where('made_at', '>', since);
  return Number((await open.count({ n: '*' }).first())?.['n'] ?? 0);
}

type Row = Pick<Upload, 'id' | 'file' | 'counts' | 'stored' | 'fresh' | 'replaced'> & {
  content_hash: string;
  made_by: number | null;
  made_by_name: string | null;
  made_at: number;
  finished_at: number | null;
};

const fromRow = (row: Row): Upload => ({
  id: row.id,
  file: row.file,
  contentHash: row.content_hash,
  counts: row.counts,
  stored: row.stored,
  fresh: row.fresh,
  replaced: row.replaced,
  madeById: row.made_by,
  madeBy: row.made_by_name,
  madeAt: row.made_at,
  finishedAt: row.finished_at,
});
