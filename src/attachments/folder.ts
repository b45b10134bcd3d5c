// The folder of attached files. A file is whole and on the disk before a row names it; its name there is a random key.
import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream, type ReadStream } from 'node:fs';
import { access, mkdir, open, opendir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import { type Kept, typeOfMime } from './attachment.ts';

/** As much of a file as its type is looked for in; file-type asks for 4,100 bytes. */
const HEAD = 4_100;

/** Makes the folder, if it is not there. Throws where that cannot be, or nothing could be written in it. */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await access(folder, constants.W_OK);
}

/** Writes what streams in to a new file, and looks at its content. Where that fails, nothing of it is left. */
export async function keepFile(folder: string, content: AsyncIterable<Uint8Array>): Promise<Kept> {
  await prepareFolder(folder);
  const key = randomUUID();
  const file = await open(join(folder, key), 'wx', 0o400);
  try {
    const look = new Look();
    for await (const chunk of content) {
      look.take(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    await syncFolder(folder);
    return { key, ...(await look.end()) };
  } catch (error) {
    await removeFiles(folder, [key]);
    throw error;
  } finally {
    await file.close();
  }
}

/** The name of a new file has to outlive a crash as well. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these do not belong in a text, or mean something to a terminal
const NO_TEXT = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/;

/**
 * Formats that are text all through, and more than that to a program. Files of any other have bytes that no text has: what is
 * text and begins as one of those does, as a list of “MAC addresses” or “BMW dealers”, is text all the same.
 */
const WRITTEN_AS_TEXT =
  /^(text\/|model\/|image\/svg|application\/(pdf|xml|postscript|eps|rtf|pgp-encrypted|x-ms-regedit)$)/;

/** What a file is, looked at piece by piece. */
class Look {
  readonly #hash = createHash('sha256');
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #head = Buffer.alloc(0);
  #bytes = 0;
  #isText = true;

  take(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    if (this.#head.length < HEAD) this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD)]);
    this.#isText &&= this.#decodes(chunk);
  }

  #decodes(chunk?: Uint8Array): boolean {
    try {
      return !NO_TEXT.test(this.#decoder.decode(chunk, { stream: chunk !== undefined }));
    } catch {
      return false;
    }
  }

  async end(): Promise<Omit<Kept, 'key'>> {
    const found = await fileTypeFromBuffer(this.#head.subarray(0, HEAD)).catch(() => undefined);
    const isText = this.#isText && this.#decodes();
    const mime = isText && !WRITTEN_AS_TEXT.test(found?.mime ?? '') ? 'text/plain' : (found?.mime ?? '');
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex'), type: typeOfMime(mime) };
  }
}

/** Removes files by their keys; those that are not there are left out. */
export async function removeFiles(folder: string, keys: readonly string[]): Promise<void> {
  for (const key of keys) await rm(join(folder, key), { force: true });
}

/** Reads a file; undefined where it is not there. */
export async function openFile(folder: string, key: string): Promise<ReadStream | undefined> {
  const path = join(folder, key);
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? createReadStream(path) : undefined;
}

/** The hash of a file (SHA-256, hexadecimal); null where it cannot be read. */
export async function hashOf(folder: string, key: string): Promise<string | null> {
  const bytes = await readFile(join(folder, key)).catch(() => null);
  return bytes && createHash('sha256').update(bytes).digest('hex');
}

const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Keys of the folder's files that were written before an instant (UTC milliseconds), some hundred at a time. */
export async function* listKeys(folder: string, before: number): AsyncGenerator<string[]> {
  const entries = await opendir(folder).catch(() => undefined);
  if (!entries) return;
  let keys: string[] = [];
  for await (const { name } of entries) {
    if (!KEY.test(name)) continue;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && found.mtimeMs < before) keys.push(name);
    if (keys.length < 500) continue;
    yield keys;
    keys = [];
  }
  yield keys;
}
