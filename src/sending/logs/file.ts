// A log as a file that grows and is rotated away.
import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const PIECE = 4 * 1024 * 1024;
const LONGEST_BEGINNING = 64 * 1024;

/** The beginning of a log: what it is known by, whatever it is called. */
export type Beginning = { readonly hash: string; readonly firstLine: string; readonly size: number };

/** Reads how a log begins, by its first whole lines; undefined where there are not so many yet, or it is not there. */
export async function beginningOf(path: string, lines: number): Promise<Beginning | undefined> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_BEGINNING), 0, LONGEST_BEGINNING, 0);
    const begun = buffer.toString('utf8', 0, bytesRead).split('\n').slice(0, -1).slice(0, lines);
    if (begun.length < lines) return undefined;
    const hash = createHash('sha256').update(begun.join('\n')).digest('hex');
    return { hash, firstLine: begun[0] ?? '', size: (await file.stat()).size };
  } finally {
    await file.close();
  }
}

/** Where a log goes when it is rotated: `maillog.1`, `maillog-20261127` beside `maillog`; the oldest first. */
export async function rotatedOf(path: string): Promise<string[]> {
  const name = basename(path);
  const beside = await readdir(dirname(path));
  const rotated = beside.filter((one) => /^[.-][0-9.-]+$/.test(one.slice(name.length)) && one.startsWith(name));
  const found = await Promise.all(
    rotated.map(async (one) => {
      const whole = join(dirname(path), one);
      return { whole, at: (await stat(whole)).mtimeMs };
    }),
  );
  return found
    .toSorted((one, other) => one.at - other.at)
    .slice(-20)
    .map(({ whole }) => whole);
}

/** Whole lines of a log, and the byte behind the last of them. */
export type Piece = { readonly lines: readonly string[]; readonly readTo: number };

/** Reads the whole lines from byte `from` on, some megabytes at a time. A line that has no end yet is left for later. */
export async function* piecesOf(path: string, from: number, size = PIECE): AsyncGenerator<Piece> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(size);
    for (let at = from; ; ) {
      const { bytesRead } = await file.read(buffer, 0, size, at);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
      // A line longer than a piece is none of a mail server: it is passed over.
      const taken = end === 0 && bytesRead === size ? size : end;
      if (taken === 0) return;
      at += taken;
      yield { lines: end === 0 ? [] : buffer.toString('utf8', 0, end - 1).split('\n'), readTo: at };
    }
  } finally {
    await file.close();
  }
}
