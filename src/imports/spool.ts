// A file's content that was looked at and waits to be staged, and the keys in it, in files of their own: as many as there
// are, never in memory.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PARTS = 64;
const FULL = 64 * 1024;
/** What marks an item that stays with the one before it; JSON begins with no space. */
const FOLLOWS = ' ';

/** A key that is in the file twice, by its lines. */
export type Twice = { readonly key: string; readonly line: number; readonly first: number };

export class Spool {
  readonly #folder: string;
  readonly #waiting = new Map<string, string>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Begins an empty one, below the folder for temporary files. The caller closes it. */
  static async open(): Promise<Spool> {
    return new Spool(await mkdtemp(join(tmpdir(), 'warmdesk-import-')));
  }

  /** Adds one item, which is given back in the order in which it came; `follows`: in the same list as the one before it. */
  add(item: unknown, follows = false): Promise<void> {
    return this.#append('items', `${follows ? FOLLOWS : ''}${JSON.stringify(item)}\n`);
  }

  /** Notes what may be in the file once. */
  note(key: string, line: number): Promise<void> {
    const part = createHash('sha1').update(key).digest().readUInt8(0) % PARTS;
    return this.#append(`keys-${part}`, `${line}\t${key}\n`);
  }

  async #append(name: string, text: string): Promise<void> {
    const all = (this.#waiting.get(name) ?? '') + text;
    this.#waiting.set(name, all.length > FULL ? '' : all);
    if (all.length > FULL) await appendFile(join(this.#folder, name), all);
  }

  /** To be called after the last item. */
  async end(): Promise<void> {
    for (const [name, text] of this.#waiting) await appendFile(join(this.#folder, name), text);
    this.#waiting.clear();
  }

  /** Every key that was noted before, part by part. */
  async *twice(): AsyncGenerator<Twice> {
    for (let part = 0; part < PARTS; part += 1) {
      const seen = new Map<string, number>();
      for await (const row of this.#lines(`keys-${part}`)) {
        const tab = row.indexOf('\t');
        const [line, key] = [Number(row.slice(0, tab)), row.slice(tab + 1)];
        const first = seen.get(key);
        if (first === undefined) seen.set(key, line);
        else yield { key, line, first };
      }
    }
  }

  /** All items as JSON lists of at most `size`, or more where items follow one another, with how many are in each. */
  async *lists(size: number): AsyncGenerator<{ readonly list: string; readonly items: number }> {
    let items: string[] = [];
    for await (const row of this.#lines('items')) {
      if (items.length >= size && !row.startsWith(FOLLOWS)) {
        yield { list: `[${items.join(',')}]`, items: items.length };
        items = [];
      }
      items.push(row);
    }
    if (items.length > 0) yield { list: `[${items.join(',')}]`, items: items.length };
  }

  /** Removes its files. */
  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async *#lines(name: string): AsyncGenerator<string> {
    const input = createReadStream(join(this.#folder, name));
    try {
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) yield line;
    } catch (error) {
      // A part that nothing was written to has no file.
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }
}
