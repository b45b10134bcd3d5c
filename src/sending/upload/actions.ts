// A CSV file of counts, taken in whole or not at all: looked at row by row, then kept, to be stored piece by piece.
import { createHash } from 'node:crypto';
import type { Actor } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { grouped } from '../../wording.ts';
import { type Reported, resolve } from '../reported.ts';
import { Directory } from '../store-directory.ts';
import { dropUpload } from './background.ts';
import { type CsvRecord, readCsv, Unreadable } from './csv-stream.ts';
import { type RejectedLine, RejectedLines } from './rejected-lines.ts';
import { type Header, readHeader, readRow, trimmedRow } from './rows.ts';
import { Spool } from './spool.ts';
import { insertPart, insertUpload, markKept, packed } from './store.ts';

export const MOST_ROWS = 10_000_000;

/** A file that was looked at. Nothing of it is stored yet; its holder closes the spool. */
export type Checked = {
  readonly rows: number;
  readonly rejected: number;
  /** The first 200 of them by their number. */
  readonly rejectedLines: readonly RejectedLine[];
  readonly contentHash: string;
  readonly spool: Spool;
};

/** Looks at a file that streams in. Writes nothing to the database. */
export async function checkFile(
  db: Db,
  policy: Policy,
  file: AsyncIterable<Buffer>,
  { now, mostRows = MOST_ROWS }: { readonly now: number; readonly mostRows?: number },
): Promise<Checked> {
  const spool = await Spool.open();
  try {
    const rejected = new RejectedLines();
    const hash = createHash('sha256');
    const check = new RowCheck(new Directory(db, policy), spool, rejected, dayOf(now));
    try {
      for await (const records of readCsv(hashing(file, hash))) {
        await check.take(records, mostRows);
        if (check.rows > mostRows)
          throw new Unreadable(
            null,
            `The file has more than ${grouped(mostRows)} rows. Split it by days and upload the parts one after the other.`,
          );
      }
      if (check.rows === 0 && rejected.count === 0) rejected.add(null, 'The file has a header and no row.');
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      rejected.add(error.line, error.message);
    }
    await spool.end();
    for await (const { line, first } of spool.twice())
      rejected.add(
        line,
        `Duplicate of line ${first} (same day, domain, IP or pool, provider and stream). Remove one of them.`,
      );
    const { count: rejectedCount, first: rejectedLines } = rejected;
    return { rows: check.rows, rejected: rejectedCount, rejectedLines, contentHash: hash.digest('hex'), spool };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function* hashing(file: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of file) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Looks at one row after the other. */
class RowCheck {
  readonly #directory: Directory;
  readonly #spool: Spool;
  readonly #rejected: RejectedLines;
  readonly #today: number;
  #header: Header | undefined;
  rows = 0;

  constructor(directory: Directory, spool: Spool, rejected: RejectedLines, today: number) {
    this.#directory = directory;
    this.#spool = spool;
    this.#rejected = rejected;
    this.#today = today;
  }

  async take(records: readonly CsvRecord[], most: number): Promise<void> {
    const header = this.#header ?? this.#headerOf(records[0]);
    const rows = this.#header === undefined ? records.slice(1) : records;
    this.#header = header;
    const read: { line: number; count: Reported }[] = [];
    for (const { line, cells } of rows) {
      // A spreadsheet writes rows that were once used as separators alone.
      if (trimmedRow(cells).length === 0) continue;
      this.rows += 1;
      if (this.rows > most) break;
      const row = readRow(header, cells);
      if (row.ok) read.push({ line, count: row.value });
      else this.#rejected.add(line, row.problem.join(' '));
    }
    await this.#directory.learn(read.map(({ count }) => count));
    for (const { line, count } of read) {
      const resolved = resolve(count, this.#directory, this.#today);
      if (resolved.ok) await this.#spool.add(resolved.count, line);
      else this.#rejected.add(line, resolved.problems.map(({ sentence }) => sentence).join(' '));
    }
  }

  #headerOf(record: CsvRecord | undefined): Header {
    const header = readHeader(record?.cells ?? []);
    if (!header.ok) throw new Unreadable(record?.line ?? 1, header.problem);
    return header.value;
  }
}

/**
 * Keeps a file without rejected lines in the database, to be stored piece by piece (`storeUploads`): from then on nothing
 * keeps it from being stored. One piece in each transaction; where one fails, nothing of the file is kept. Returns its id.
 */
export async function keepUpload(db: Db, actor: Actor, file: string, checked: Checked): Promise<number> {
  if (checked.rejected > 0) throw new Error('a file with rejected lines is not stored');
  const { contentHash, rows } = checked;
  const upload = { file, contentHash, counts: rows, madeById: actor.person?.id ?? null, madeAt: actor.at };
  const uploadId = await acted(db, actor, ({ trx }) => insertUpload(trx, upload));
  try {
    let part = 0;
    for await (const { list, rows: counts } of checked.spool.lists()) {
      part += 1;
      const kept = { uploadId, part, counts, list: await packed(list) };
      await acted(db, actor, ({ trx }) => insertPart(trx, kept));
    }
    if (!(await acted(db, actor, ({ trx }) => markKept(trx, uploadId, actor.at))))
      throw new Error(`upload ${uploadId} was given up meanwhile`);
  } catch (error) {
    await dropUpload(db, uploadId, actor.at);
    throw error;
  }
  return uploadId;
}

async function acted<T>(db: Db, actor: Actor, work: (act: Act) => Promise<T>): Promise<T> {
  const done = await act<T, never>(db, actor, work);
  if (!done.ok) throw new Error('nothing refuses this');
  return done.value;
}
