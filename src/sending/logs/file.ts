// A log as a file that grows and is rotated away, compressed or not.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { writtenUntil } from './written-until.ts';

/** The more of a log is counted at a time, the fewer rows are written again and again. */
const CHUNK = 16 * 1024 * 1024;
const LONGEST_BEGINNING = 64 * 1024;

type Compression = 'gzip' | 'zstd' | 'other' | null;

const MAGIC: readonly (readonly [string, Compression])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['425a68', 'other'],
  ['fd377a58', 'other'],
  ['504b0304', 'other'],
  ['04224d18', 'other'],
];

/** The beginning of a log: what it is known by, whatever it is called and whether it is compressed. */
export type Beginning = {
  readonly hash: string;
  readonly firstLine: string;
  /** How many bytes it has now; null: nobody knows before it is decompressed. */
  readonly size: number | null;
  /** Size and time of change of a compressed file; null: it is not compressed. */
  readonly packedAs: string | null;
  /** No line of it was written later than this (UTC milliseconds), as far as the file says. */
  readonly writtenUntil: number;
};

/** A file that cannot be read as a log, with the sentence that says why; `line`: where that shows, null: in all of it. */
export class UnreadableFile extends Error {
  readonly line: number | null;

  constructor(sentence: string, line: number | null = null) {
    super(sentence);
    this.line = line;
  }
}

/**
 * Which lines tell a log from all others: its first ones, or those up to the first that looks so. Until it has such a line, all
 * of them: nothing of them counts.
 */
export type Telling = number | RegExp;

/**
 * Reads how a log begins, by its first whole lines; undefined where there are not that many yet, or it is not there.
 * Throws `UnreadableFile` where it is damaged or compressed in a way that is not known here.
 */
export async function beginningOf(path: string, telling: Telling): Promise<Beginning | undefined> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size, mtimeMs } = await file.stat();
    const begins = await firstBytes(file);
    const compression = compressionOf(begins);
    const head = await headOf(file, compression);
    // No mail server writes a line of this many bytes: it is identified by its beginning.
    const whole = head.length === LONGEST_BEGINNING ? head.length : head.lastIndexOf(10);
    const all = head.toString('utf8', 0, Math.max(0, whole)).split('\n');
    const lines = typeof telling === 'number' ? telling : all.findIndex((line) => telling.test(line)) + 1 || all.length;
    const begun = all.slice(0, lines);
    if (whole <= 0 || begun.length < lines) return undefined;
    const hash = createHash('sha256').update(begun.join('\n')).digest('hex');
    const isPlain = compression === null;
    const packedAs = isPlain ? null : `${size} ${mtimeMs}`;
    return {
      hash,
      firstLine: begun[0] ?? '',
      size: isPlain ? size : null,
      packedAs,
      writtenUntil: writtenUntil(path, mtimeMs, begins),
    };
  } finally {
    await file.close();
  }
}

async function firstBytes(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
  return buffer.subarray(0, bytesRead);
}

const compressionOf = (begins: Buffer): Compression =>
  MAGIC.find(([magic]) => begins.toString('hex').startsWith(magic))?.[1] ?? null;

async function headOf(file: FileHandle, compression: Compression): Promise<Buffer> {
  if (compression === null) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_BEGINNING), 0, LONGEST_BEGINNING, 0);
    return buffer.subarray(0, bytesRead);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytesOf(file, compression)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= LONGEST_BEGINNING) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_BEGINNING);
}

/** All that can be decompressed by now: a file that is still being written ends in the middle of a block. */
async function* bytesOf(file: FileHandle, compression: Compression): AsyncGenerator<Buffer> {
  if (compression === 'other' || compression === null)
    throw new UnreadableFile('It is compressed, but neither by gzip nor by zstd.');
  const unzip: Transform =
    compression === 'gzip'
      ? createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 256 * 1024 })
      : createZstdDecompress({ finishFlush: constants.ZSTD_e_flush, chunkSize: 256 * 1024 });
  const source = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 256 * 1024 });
  source.on('error', (error) => unzip.destroy(error));
  source.pipe(unzip);
  try {
    for await (const chunk of unzip) yield chunk;
  } catch (error) {
    throw new UnreadableFile(`It is damaged: ${(error as Error).message}.`);
  } finally {
    source.destroy();
    unzip.destroy();
  }
}

/** Whole lines of a log, the byte behind the last of them, and where each of them begins. */
export type Chunk = {
  readonly lines: readonly string[];
  readonly readTo: number;
  /** The byte at which a line of the chunk begins. */
  readonly at: (index: number) => number;
};

/**
 * Reads the whole lines from byte `from` on, 16 MB at a time. A line that has no end yet is left for later.
 * Bytes are those of the text, not of its compressed form.
 */
export async function* chunksOf(path: string, from: number, size = CHUNK): AsyncGenerator<Chunk> {
  const file = await open(path);
  try {
    const compression = compressionOf(await firstBytes(file));
    yield* compression === null ? plainChunks(file, from, size) : packedChunks(bytesOf(file, compression), from, size);
  } finally {
    await file.close();
  }
}

async function* plainChunks(file: FileHandle, from: number, size: number): AsyncGenerator<Chunk> {
  const buffer = Buffer.allocUnsafe(size);
  for (let at = from; ; ) {
    const { bytesRead } = await file.read(buffer, 0, size, at);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
    // No mail server writes lines longer than a chunk; skip it.
    const taken = end === 0 && bytesRead === size ? size : end;
    if (taken === 0) return;
    yield chunkOf(buffer.subarray(0, taken), at);
    at += taken;
  }
}

async function* packedChunks(bytes: AsyncIterable<Buffer>, from: number, size: number): AsyncGenerator<Chunk> {
  let waiting: Buffer[] = [];
  let length = 0;
  let at = from;
  let skip = from;
  for await (let chunk of bytes) {
    if (skip >= chunk.length) {
      skip -= chunk.length;
      continue;
    }
    if (skip > 0) chunk = chunk.subarray(skip);
    skip = 0;
    waiting.push(chunk);
    length += chunk.length;
    if (length < size) continue;
    const all = Buffer.concat(waiting);
    const end = all.lastIndexOf(10) + 1 || all.length;
    yield chunkOf(all.subarray(0, end), at);
    at += end;
    waiting = [all.subarray(end)];
    length = all.length - end;
  }
  const rest = Buffer.concat(waiting);
  const end = rest.lastIndexOf(10) + 1;
  if (end > 0) yield chunkOf(rest.subarray(0, end), at);
}

function chunkOf(buffer: Buffer, from: number): Chunk {
  const isWhole = buffer[buffer.length - 1] === 10;
  const text = buffer.toString('utf8', 0, isWhole ? buffer.length - 1 : 0);
  const lines = isWhole ? text.split(text.includes('\r\n') || text.endsWith('\r') ? /\r?\n|\r$/ : '\n') : [];
  if (text.endsWith('\r')) lines.pop();
  return {
    lines,
    readTo: from + buffer.length,
    at(index) {
      let start = 0;
      for (let line = 0; line < index; line += 1) start = buffer.indexOf(10, start) + 1;
      return from + start;
    },
  };
}
