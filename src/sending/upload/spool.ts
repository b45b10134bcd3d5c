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
/** Rows that are stored in one transaction: some 50 ms of work. */
const TOGETHER = 4000;
/** Domains in one: what each sent over the shared pools in 28 days is summed up again, which is more than storing a row. */
const MOST_DOMAINS = 400;
/** Rows of one part in memory; a part is a sixty-fourth of a file, but for a file about few domains. */
const MOST_HELD = 200_000;

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

  /**
   * All rows as JSON lists of at most `most`, as the store takes them; with how many are in each. A domain's rows are in
   * one list where they fit, so that its counts are stored together.
   */
  async *lists(most = TOGETHER): AsyncGenerator<{ list: string; rows: number }> {
    const list = (rows: readonly string[]) => ({ list: `[${rows.join(',')}]`, rows: rows.length });
    let together: string[] = [];
    let domains = 0;
    for await (const rows of this.#domains()) {
      domains += 1;
      if (domains > MOST_DOMAINS && together.length > 0) {
        yield list(together);
        together = [];
        domains = 1;
      }
      for (let start = 0; start < rows.length; start += most) {
        const some = rows.slice(start, start + most);
        if (together.length > 0 && together.length + some.length > most) {
          yield list(together);
          together = [];
          domains = 1;
        }
        together.push(...some);
      }
    }
    if (together.length > 0) yield list(together);
  }

  /** The rows of one domain after the other, as JSON. */
  async *#domains(): AsyncGenerator<readonly string[]> {
    for (const part of this.#used) {
      const byDomain = new Map<string, string[]>();
      let held = 0;
      for await (const row of this.#lines(part)) {
        const json = row.slice(row.lastIndexOf('\t') + 1);
        const domain = json.slice(0, json.indexOf(','));
        const rows = byDomain.get(domain);
        if (rows) rows.push(json);
        else byDomain.set(domain, [json]);
        held += 1;
        if (held < MOST_HELD) continue;
        yield* byDomain.values();
        byDomain.clear();
        held = 0;
      }
      yield* byDomain.values();
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
