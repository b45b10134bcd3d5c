// Takes reports by LMTP or SMTP from the mail server in front. A mail is answered with 250 once it is counted.
import type { Logger } from 'pino';
import { type Listening, listenForMail, type Refusal } from '../../mail-listener.ts';
import type { RawMail, Reports } from './actions.ts';

/** A mailbox provider's report is some kilobytes, with the message that it is about at most some megabytes. */
const MOST_BYTES = 25 * 1024 * 1024;
const TOGETHER = 300;
const LATER: Refusal = { code: 451, sentence: 'It cannot be counted now. Try again later.' };

export type Wish = {
  readonly lmtp: boolean;
  readonly host: string;
  readonly port: number;
  readonly reports: Pick<Reports, 'take'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly now: () => number;
};

/** Listens until it is stopped. Throws where it cannot. */
export function listenForReports({ reports, log, now, ...where }: Wish): Promise<Listening> {
  const queue = new Queue(reports, log, now);
  return listenForMail({
    ...where,
    banner: 'feedback reports',
    mostBytes: MOST_BYTES,
    log,
    take: ({ session, raw, recipients }) =>
      queue.add({ name: session, raw, recipients }).then(
        () => recipients.map(() => 'counted'),
        () => recipients.map(() => LATER),
      ),
  });
}

type Waiting = { readonly mail: RawMail; readonly done: () => void; readonly fail: (error: unknown) => void };

/** Mails that come in while others are being counted are counted together, in one transaction. */
class Queue {
  readonly #reports: Wish['reports'];
  readonly #log: Wish['log'];
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  #isAtWork = false;

  constructor(reports: Wish['reports'], log: Wish['log'], now: () => number) {
    this.#reports = reports;
    this.#log = log;
    this.#now = now;
  }

  add(mail: RawMail): Promise<void> {
    return new Promise((done, fail) => {
      this.#waiting.push({ mail, done, fail });
      if (!this.#isAtWork) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    for (let some = this.#waiting.splice(0, TOGETHER); some.length > 0; some = this.#waiting.splice(0, TOGETHER)) {
      try {
        const taken = await this.#reports.take(
          some.map(({ mail }) => mail),
          this.#now(),
        );
        const { complained, bounced, skipped, unread } = taken;
        this.#log.info({ mails: some.length, complained, bounced, skipped }, 'reports counted');
        for (const { path, sentence } of unread) this.#log.warn({ session: path }, sentence);
        for (const { done } of some) done();
      } catch (error) {
        this.#log.error({ error: (error as Error).message, mails: some.length }, 'reports could not be counted');
        for (const { fail } of some) fail(error);
      }
    }
    this.#isAtWork = false;
  }
}
