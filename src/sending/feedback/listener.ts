// Takes reports by LMTP or SMTP from the mail server in front. A mail is answered with 250 once it is counted.
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { SMTPServer } from 'smtp-server';
import type { RawMail, Reports } from './actions.ts';

/** A mailbox provider's report is some kilobytes, with the message that it is about at most some megabytes. */
const MOST_BYTES = 25 * 1024 * 1024;
const TOGETHER = 300;

export type Wish = {
  readonly lmtp: boolean;
  readonly host: string;
  readonly port: number;
  readonly reports: Pick<Reports, 'take'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly now: () => number;
};

export type Listening = { readonly port: number; readonly stop: () => Promise<void> };

/** Listens until it is stopped. Throws where it cannot. */
export async function listenForReports({ lmtp, host, port, reports, log, now }: Wish): Promise<Listening> {
  const queue = new Queue(reports, log, now);
  const server = new SMTPServer({
    lmtp,
    name: 'warmdesk',
    banner: 'feedback reports',
    size: MOST_BYTES,
    authOptional: true,
    hideSTARTTLS: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    maxClients: 200,
    closeTimeout: 5_000,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', () => done(failure(451, 'The mail was cut off.')));
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(failure(552, 'The mail is too large for a report.'));
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        const mail = { name: session.id, raw: Buffer.concat(chunks), recipients };
        queue.add(mail).then(
          () => done(null, 'counted'),
          () => done(failure(451, 'It cannot be counted now. Try again later.')),
        );
      });
    },
  });
  server.on('error', (error) => log.warn({ error: error.message }, 'a connection failed'));
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const failure = (responseCode: number, sentence: string): Error => Object.assign(new Error(sentence), { responseCode });

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
