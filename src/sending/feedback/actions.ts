// Counts reports of feedback loops and bounces that came back as mails, each once, however often it comes.
import { createHash } from 'node:crypto';
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { storeCounts } from '../actions.ts';
import { countsOf, note, type Stored } from '../logs/count.ts';
import { emptyRun, type Ingested } from '../logs/summary.ts';
import { Tally } from '../logs/tally.ts';
import { ProviderTable } from '../receivers/provider-table.ts';
import { Directory } from '../store-directory.ts';
import { parseMail } from './parse.ts';
import { readReport } from './report.ts';
import { insertTaken, listTaken } from './store.ts';

/** A mail as it came. `name`: what it is called where it cannot be read. */
export type RawMail = { readonly name: string; readonly raw: Buffer; readonly recipients: readonly string[] };

/** Takes reports, some hundreds at a time. */
export class Reports {
  readonly #db: Db;
  readonly #directory: Directory;
  readonly #providers: ProviderTable;
  readonly #own: readonly string[];

  /** `own`: names of the provider's mail servers, whose own bounces are in their logs. */
  constructor(db: Db, policy: Policy, own: readonly string[]) {
    this.#db = db;
    this.#directory = new Directory(db, policy);
    this.#providers = new ProviderTable(policy);
    this.#own = own;
  }

  /** Counts mails, each once. Mails that are not reports are listed in `unread`, and left. `now`: UTC milliseconds. */
  async take(mails: readonly RawMail[], now: number): Promise<Ingested> {
    for (let attempt = 1; ; attempt += 1) {
      const sum = await this.#takeNew(mails, now);
      if (sum !== 'overtaken') return sum;
      if (attempt === 5) throw new Error('others take the same reports at the same time, again and again');
    }
  }

  async #takeNew(mails: readonly RawMail[], now: number): Promise<Ingested | 'overtaken'> {
    const sum = { ...emptyRun(), files: mails.length };
    const byHash = new Map(mails.map((mail) => [createHash('sha256').update(mail.raw).digest('base64url'), mail]));
    const taken = await listTaken(this.#db, [...byHash.keys()]);
    const tally = new Tally(this.#providers);
    const hashes: string[] = [];
    for (const [hash, mail] of byHash) {
      if (taken.has(hash)) continue;
      const read = await this.#read(mail, now);
      if (read === 'no report') {
        sum.unread.push({
          path: mail.name,
          line: null,
          sentence: 'It is not a report that Warmdesk can read. It was not counted.',
        });
        continue;
      }
      hashes.push(hash);
      if (read !== 'nothing to count') for (const record of read) tally.add(record);
    }
    if (hashes.length === 0) return sum;
    // An IP may have changed hands since the last reports.
    this.#directory.forget();
    const counted = await countsOf(this.#directory, tally, now);
    const stored = await act<Stored, 'overtaken'>(this.#db, { person: null, at: now }, async (act) => {
      if ((await insertTaken(act.trx, hashes, now)) < hashes.length) act.refuse('overtaken');
      return storeCounts(act, counted);
    });
    if (!stored.ok) return 'overtaken';
    note(sum, counted, stored.value);
    return sum;
  }

  async #read({ raw, recipients }: RawMail, now: number) {
    const mail = await parseMail(raw, recipients).catch(() => undefined);
    return mail === undefined ? 'no report' : readReport(mail, { now, own: this.#own });
  }
}
