// Where all mail of the test ends: takes it, and notes from which address it came.
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Try = {
  readonly message: string;
  readonly sender: string;
  readonly from: string;
  /** What it called itself at EHLO. */
  readonly helo: string;
  readonly recipients: number;
  /** The first of them. */
  readonly to: string;
  readonly isTaken: boolean;
};

export type Sink = {
  readonly port: number;
  /** Every try of every message, in order of arrival. */
  readonly tries: Try[];
  /** Resolves once `count` different messages are taken, for all of their recipients. */
  readonly took: (count: number) => Promise<void>;
  /** Resolves once `count` recipients have their message; a message may come in several deliveries. */
  readonly delivered: (count: number) => Promise<void>;
  /** Resolves once there was such a try. */
  readonly saw: (isIt: (one: Try) => boolean) => Promise<void>;
  readonly taken: () => ReadonlyMap<string, Try>;
  readonly stop: () => Promise<void>;
};

export type Wish = {
  /** Messages that are refused for now when they come first. */
  readonly defers?: (message: string) => boolean;
  /** Recipients that it does not have. */
  readonly refuses?: (recipient: string) => boolean;
  /** Any that is free, where it is not said. Below 1024 it takes root. */
  readonly port?: number;
};

/** Listens on `host`. */
export async function startSink(
  host: string,
  { defers = () => false, refuses = () => false, port = 0 }: Wish,
): Promise<Sink> {
  const news = new EventEmitter();
  const tries: Try[] = [];
  const taken = new Map<string, Try>();
  const seen = new Set<string>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    disableReverseLookup: true,
    maxClients: 500,
    onRcptTo({ address }, _session, done) {
      done(refuses(address) ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const [, message = ''] = /^X-Test: (.+?)\r?$/m.exec(Buffer.concat(chunks).toString()) ?? [];
        const sender = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
        const isTaken = seen.has(message) || !defers(message);
        seen.add(message);
        const recipients = session.envelope.rcptTo.length;
        const to = session.envelope.rcptTo[0]?.address ?? '';
        const { remoteAddress: from, hostNameAppearsAs: helo } = session;
        const one = { message, sender, from, helo: String(helo), recipients, to, isTaken };
        tries.push(one);
        if (isTaken) taken.set(message, one);
        news.emit('try');
        done(isTaken ? null : Object.assign(new Error('come again'), { responseCode: 451 }));
      });
    },
  });
  server.on('error', () => {});
  const listening = server.listen(port, host);
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    tries,
    took: async (count) => {
      while (taken.size < count) await once(news, 'try');
    },
    async delivered(count) {
      const sum = () => tries.reduce((all, one) => all + (one.isTaken ? one.recipients : 0), 0);
      while (sum() < count) await once(news, 'try');
    },
    async saw(isIt) {
      while (!tries.some(isIt)) await once(news, 'try');
    },
    taken: () => taken,
    stop: () => new Promise<void>((done) => server.close(() => done())),
  };
}
