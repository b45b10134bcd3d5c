// Looking at a whole file before anything of it is stored.
import { type CsvRecord, readCsv, Unreadable } from '../sending/upload/csv-stream.ts';
import { type RejectedLine, RejectedLines } from '../sending/upload/rejected-lines.ts';
import type { Spool } from './spool.ts';

/** A file that was looked at. Nothing of it is stored yet; the caller closes its spool. */
export type Checked = {
  readonly items: number;
  readonly rejected: number;
  readonly rejectedLines: readonly RejectedLine[];
  readonly spool: Spool;
};

/** Where a check puts what it found. */
export type Found = { readonly spool: Spool; readonly rejected: RejectedLines };

/** Looks at the lines of one kind of file. */
export type LineCheck = {
  /** Those that can be taken in so far. */
  readonly items: number;
  take(records: readonly CsvRecord[]): Promise<void>;
  /** To be called after the last line. */
  end(): Promise<void>;
};

/**
 * Looks at a file that streams in, into an empty spool, which it closes where it throws. `nouns`: what is noted in the spool under each first letter, as a sentence begins with
 * it: what is in the file twice is rejected.
 */
export async function checkFile(
  { file, spool }: { readonly file: AsyncIterable<Buffer>; readonly spool: Spool },
  nouns: Readonly<Record<string, string>>,
  begin: (found: Found) => LineCheck,
): Promise<Checked> {
  const rejected = new RejectedLines();
  const check = begin({ spool, rejected });
  try {
    try {
      for await (const records of readCsv(file)) await check.take(records);
      await check.end();
      if (check.items === 0 && rejected.count === 0) rejected.add(null, 'The file has a header and no line.');
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      rejected.add(error.line, error.message);
    }
    await spool.end();
    for await (const { key, line, first } of spool.twice())
      rejected.add(line, `${nouns[key.slice(0, 1)]} ${key.slice(1)} is in line ${first} already.`);
    return { items: check.items, rejected: rejected.count, rejectedLines: rejected.first, spool };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

/** The header of a file by `read`. Throws `Unreadable` where it is wrong: nothing below it can be read then. */
export function headerOf<H>(
  record: CsvRecord | undefined,
  read: (cells: readonly string[]) => { ok: true; value: H } | { ok: false; problem: string },
): H {
  const header = read(record?.cells ?? []);
  if (!header.ok) throw new Unreadable(record?.line ?? 1, header.problem);
  return header.value;
}
