// Rows that were looked at and wait to be stored, in files of their own: as many as there are, never in memory.
import { createReadStream } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { keyOf, type Resolved } from '../reported.ts';
import { toJson } from '../store-bulk.ts';

const PARTS = 64;
const FULL = 32 * 1024;
const TOGETHER = 4000;

/** A row that has the key of an earlier one, by their lines. */
export type Twice = { readonly line: number; readonly first: number };

/** Rows of one key come into one part, so that each part can be looked at for itself. */
export class Spool {
  readonly #folder: string;
  readonly #waiting: string[] = Array.from({ length: PARTS }, () => '');
  readonly #used = new Set<number>();
  rows = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Begins an empty one, below the folder for temporary files. The caller that opens it closes it. */
  static async open(): Promise<Spool> {
    return new Spool(await mkdtemp(join(tmpdir(), 'warmdesk-upload-')));
  }

  async add(count: Resolved, line: number): Promise<void> {
    // A domain's rows stay together, as they do in the database's index.
    const part = count.domainId % PARTS;
    const text = `${this.#waiting[part]}${line}\t${keyOf(count)}\t${toJson(count)}\n`;
    this.#waiting[part] = text;
    this.rows += 1;
    if (text.length > FULL) await this.#write(part);
  }

  async #write(part: number): Promise<void> {
    const text = this.#waiting[part];
    if (!text) return;
    this.#waiting[part] = '';
    this.#used.add(part);
    await appendFile(this.#file(part), text);
  }

  /** To be called after the last row. */
  async end(): Promise<void> {
    for (let part = 0; part < PARTS; part += 1) await this.#write(part);
  }

  /** All rows whose key another row before them has. */
  async *twice(): AsyncGenerator<Twice> {
    for (const part of this.#used) {
      const seen = new Map<string, number>();
      for await (const row of this.#lines(part)) {
        const [line = '', key = ''] = row.split('\t', 2);
        const first = seen.get(key);
        if (first === undefined) seen.set(key, Number(line));
        else yield { line: Number(line), first };
      }
    }
  }

  /** All rows as JSON lists of some thousands, as the store takes them; with how many are in each. */
  async *lists(): AsyncGenerator<{ list: string; rows: number }> {
    for (const part of this.#used) {
      let rows: string[] = [];
      for await (const row of this.#lines(part)) {
        rows.push(row.slice(row.lastIndexOf('\t') + 1));
        if (rows.length < TOGETHER) continue;
        yield { list: `[${rows.join(',')}]`, rows: rows.length };
        rows = [];
      }
      if (rows.length > 0) yield { list: `[${rows.join(',')}]`, rows: rows.length };
    }
  }

  /** Removes its files. */
  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  #lines(part: number): AsyncIterable<string> {
    return createInterface({ input: createReadStream(this.#file(part)), crlfDelay: Number.POSITIVE_INFINITY });
  }

  #file(part: number): string {
    return join(this.#folder, `${part}`);
  }
}
