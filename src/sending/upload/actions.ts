// A CSV file of counts, taken in whole or not at all: first looked at, row by row, then stored.
import { createHash, randomUUID } from 'node:crypto';
import type { Actor } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, unhurried } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { grouped } from '../../wording.ts';
import { insertBatch } from '../api/store.ts';
import { type Reported, resolve } from '../reported.ts';
import { countListed, replaceListed } from '../store-bulk.ts';
import { Directory } from '../store-directory.ts';
import { type CsvRecord, readCsv, Unreadable } from './csv-stream.ts';
import { type RejectedLine, RejectedLines } from './rejected-lines.ts';
import { type Header, readHeader, readRow, trimmedRow } from './rows.ts';
import { Spool } from './spool.ts';

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

/** What became of a file's rows. */
export type Applied = {
  readonly rows: number;
  readonly new: number;
  readonly replaced: number;
  readonly unchanged: number;
};

/**
 * Stores a file without rejected lines: its counts replace those stored for their keys. One transaction,
 * however long it takes. On SQLite nothing else is written meanwhile; what is read shows the state before.
 */
export async function applyFile(db: Db, actor: Actor, name: string, checked: Checked): Promise<Applied> {
  if (checked.rejected > 0) throw new Error('a file with rejected lines is not stored');
  const applied = await act<Applied, never>(db, actor, async (act) => {
    const { trx } = act;
    await unhurried(trx);
    const sums = { rows: 0, known: 0, same: 0 };
    for await (const { list, rows } of checked.spool.lists()) {
      const { known, same } = await countListed(trx, list);
      await replaceListed(trx, list, actor.at);
      sums.rows += rows;
      sums.known += known;
      sums.same += same;
    }
    const { rows, known, same } = sums;
    const facts = { file: name, rows, new: rows - known, replaced: known - same };
    await recordUpload(act, checked.contentHash, facts);
    return { rows, new: facts.new, replaced: facts.replaced, unchanged: same };
  });
  if (!applied.ok) throw new Error('an upload cannot be refused');
  return applied.value;
}

async function recordUpload(
  act: Act,
  contentHash: string,
  facts: { file: string; rows: number; new: number; replaced: number },
): Promise<void> {
  const batch = { source: 'upload', name: randomUUID(), contentHash, counts: facts.rows, at: act.actor.at };
  const id = await insertBatch(act.trx, batch);
  if (id === undefined) throw new Error('a random name came twice');
  await record(act, { name: 'counts.uploaded', subject: { type: 'upload', id }, accountId: null, facts });
}
