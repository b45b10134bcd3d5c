// A real mail server on loopback that can be told to misbehave, and a reader of what it took.
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export type Refusal = { readonly code: number; readonly text: string };

/** What the server does with one message: nothing special (null), a refusal, or a fault of the connection. */
export type Mood =
  | null
  | { readonly at: 'rcpt' | 'data'; readonly refuse: Refusal }
  | 'drop before the final dot'
  | 'drop after the final dot'
  | 'stall after the final dot';

export type Received = {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly mail: ParsedMail;
};

export type MailServer = {
  readonly url: string;
  /** What the server has said yes to. */
  readonly accepted: Received[];
  /** What arrived whole but was never answered. */
  readonly unanswered: Received[];
  /** How often a message was begun. */
  tries: number;
  mood: (recipient: string) => Mood | Promise<Mood>;
  /** Resolves once `count` messages have been begun. */
  readonly begun: (count: number) => Promise<void>;
  /** Resolves once `count` messages have been accepted. */
  readonly took: (count: number) => Promise<void>;
};

/** Starts a server that is gone when the test ends. */
export async function startMailServer(t: ExecutionContext): Promise<MailServer> {
  const news = new EventEmitter();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    disableReverseLookup: true,
    onRcptTo: async ({ address }, _session, done) => {
      state.tries += 1;
      news.emit('begun');
      const mood = await state.mood(address);
      done(isRefusalAt('rcpt', mood) ? refusal(mood.refuse) : undefined);
    },
    onData: async (stream, session, done) => {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      const mood = await state.mood(to[0] ?? '');
      const cut = () => [...server.connections].find((one) => one.id === session.id)?._socket.destroy();
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (mood === 'drop before the final dot') cut();
      });
      stream.on('end', async () => {
        if (mood === 'drop before the final dot') return;
        if (isRefusalAt('data', mood)) return done(refusal(mood.refuse));
        const raw = Buffer.concat(chunks);
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
        const received = { from, to, raw: raw.toString(), mail: await simpleParser(raw) };
        (typeof mood === 'string' ? state.unanswered : state.accepted).push(received);
        news.emit('took');
        if (mood === 'drop after the final dot') cut();
        else if (mood === null) done();
      });
    },
  });
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const state: MailServer = {
    url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    accepted: [],
    unanswered: [],
    tries: 0,
    mood: () => null,
    begun: async (count) => {
      while (state.tries < count) await once(news, 'begun');
    },
    took: async (count) => {
      while (state.accepted.length < count) await once(news, 'took');
    },
  };
  t.teardown(() => {
    for (const connection of server.connections) connection._socket.destroy();
    return new Promise<void>((done) => server.close(() => done()));
  });
  return state;
}

const isRefusalAt = (at: 'rcpt' | 'data', mood: Mood): mood is { at: 'rcpt' | 'data'; refuse: Refusal } =>
  mood !== null && typeof mood === 'object' && mood.at === at;

const refusal = ({ code, text }: Refusal): Error => Object.assign(new Error(text), { responseCode: code });
