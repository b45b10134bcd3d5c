// Where all mail of the test ends: takes it, and notes from which address it came.
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Try = {
  readonly message: string;
  readonly sender: string;
  readonly from: string;
  readonly recipients: number;
  readonly isTaken: boolean;
};

export type Sink = {
  readonly port: number;
  /** Every try of every message, in order of arrival. */
  readonly tries: Try[];
  /** Resolves once so many different messages are taken, for all of their recipients. */
  readonly took: (count: number) => Promise<void>;
  readonly taken: () => ReadonlyMap<string, Try>;
  readonly stop: () => Promise<void>;
};

/** Listens on `host`. `putsOff`: messages that are refused for now when they come first. */
export async function startSink(host: string, putsOff: (message: string) => boolean): Promise<Sink> {
  const news = new EventEmitter();
  const tries: Try[] = [];
  const taken = new Map<string, Try>();
  const seen = new Set<string>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    disableReverseLookup: true,
    maxClients: 500,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const [, message = ''] = /^X-Test: (.+?)\r?$/m.exec(Buffer.concat(chunks).toString()) ?? [];
        const sender = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
        const isTaken = seen.has(message) || !putsOff(message);
        seen.add(message);
        const recipients = session.envelope.rcptTo.length;
        const one = { message, sender, from: session.remoteAddress, recipients, isTaken };
        tries.push(one);
        if (isTaken) taken.set(message, one);
        news.emit('try');
        done(isTaken ? null : Object.assign(new Error('come again'), { responseCode: 451 }));
      });
    },
  });
  server.on('error', () => {});
  const listening = server.listen(0, host);
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    tries,
    took: async (count) => {
      while (taken.size < count) await once(news, 'try');
    },
    taken: () => taken,
    stop: () => new Promise<void>((done) => server.close(() => done())),
  };
}
