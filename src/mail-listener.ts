// Takes mail by LMTP or SMTP from the mail server in front. A mail is answered with 250 once it is stored.
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived. `from`: the envelope's sender, '' where it has none. */
export type Arrived = {
  readonly session: string;
  readonly from: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
};

/** An answer other than yes. `code`: of SMTP, 4xx to be tried again; `sentence` begins with its enhanced code (RFC 3463). */
export type Refusal = { readonly code: number; readonly sentence: string };

export type Answer = string | Refusal;

export type MailWish = {
  readonly lmtp: boolean;
  readonly host: string;
  readonly port: number;
  readonly banner: string;
  /** Larger mails are refused. */
  readonly mostBytes: number;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** What keeps an address from getting mail, asked before the mail is sent; null: nothing does. */
  readonly refuse?: (address: string) => Promise<Refusal | null>;
  /** Takes a mail; returns an answer for each recipient, in their order. Where it throws, the mail has to come again. */
  readonly take: (mail: Arrived) => Promise<readonly Answer[]>;
};

export type Listening = { readonly port: number; readonly stop: () => Promise<void> };

const LATER: Refusal = { code: 451, sentence: '4.3.0 The mail cannot be accepted right now. Try again later.' };
// SMTP has one answer for a whole mail, so each recipient who may get another one gets a mail of their own.
const ONE_EACH: Refusal = { code: 452, sentence: '4.5.3 One recipient at a time.' };

/** Listens until it is stopped. Throws where it cannot. */
export async function listenForMail(wish: MailWish): Promise<Listening> {
  const { lmtp, host, port, banner, mostBytes: size, log, refuse } = wish;
  const server = new SMTPServer({
    lmtp,
    name: 'warmdesk',
    banner,
    size,
    authOptional: true,
    hideSTARTTLS: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    maxClients: 200,
    closeTimeout: 5_000,
    onRcptTo({ address }, session, done) {
      if (refuse === undefined) return done();
      if (!lmtp && session.envelope.rcptTo.length > 0) return done(failure(ONE_EACH));
      refuse(address).then(
        (refusal) => done(refusal === null ? null : failure(refusal)),
        (error: Error) => {
          log.error({ error: error.message }, 'a recipient could not be looked up');
          done(failure(LATER));
        },
      );
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        if (stream.sizeExceeded) chunks.length = 0;
        else chunks.push(chunk);
      });
      stream.on('error', () => done(failure({ code: 451, sentence: '4.4.2 The mail was cut off.' })));
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(failure({ code: 552, sentence: '5.3.4 The mail is too large.' }));
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom ? mailFrom.address : '';
        const recipients = rcptTo.map(({ address }) => address);
        wish.take({ session: session.id, from, recipients, raw: Buffer.concat(chunks) }).then(
          (answers) => answer(answers, lmtp, done),
          (error: Error) => {
            log.error({ error: error.message, session: session.id }, 'a mail could not be taken');
            done(failure(LATER));
          },
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

type Done = (error?: Error | null, message?: string | (string | Error)[]) => void;

function answer(answers: readonly Answer[], lmtp: boolean, done: Done): void {
  const each = answers.map((one) => (typeof one === 'string' ? one : failure(one)));
  if (lmtp) return done(null, each);
  const [taken = each[0]] = each.filter((one) => typeof one === 'string');
  if (typeof taken === 'string') return done(null, taken);
  done(taken);
}

const failure = ({ code, sentence }: Refusal): Error => Object.assign(new Error(sentence), { responseCode: code });
