// A real Postfix: a message is one decision and one charge, however many recipients it has and however it is handed in.
import test, { type ExecutionContext } from 'ava';
import type { RouterProcess } from '../routing/mail-server.ts';
import { spentOf } from '../routing/scene.ts';
import { MINUTE } from '../support/world.ts';
import { type Customers, customers, SHARED, WARMING } from './customers.ts';
import { startDns } from './dns.ts';
import { type Postfix, startPostfix } from './postfix.ts';
import { over } from './sending.ts';
import { ownAddress } from './server.ts';
import { type Sink, startSink } from './sink.ts';
import { content, openSession, type Session } from './smtp-session.ts';

const CAP = 700;
/** Everybody's mailbox. */
const INBOX = ownAddress(25);
const DNS = ownAddress(53);
const ZONES = { 'inbox.example': { MX: ['mx.inbox.example'] }, 'mx.inbox.example': { A: [INBOX] } };
/** Refused by a restriction behind the question to Warmdesk. */
const NOBODY = 'nobody@inbox.example';

type Place = Customers & { readonly sink: Sink; readonly postfix: Postfix; router: RouterProcess };

const people = (count: number): string[] => Array.from({ length: count }, (_, i) => `r${i}@inbox.example`);
const saw = (sink: Sink, name: string) => sink.saw(({ message }) => message === name);
const rcpts = (recipients: readonly string[]) => recipients.map((one) => `RCPT TO:<${one}>`);

test.serial('C-16: a message of any number of recipients goes over one egress and is charged once', async (t) => {
  t.timeout(10 * MINUTE);
  const place = await build(t);
  const { from, sink, postfix } = place;
  let [messages, recipients] = [0, 0];
  for (const [count, times] of [
    [1, 5],
    [10, 6],
    [50, 3],
  ] as const) {
    for (const hand of [pipelined, slowly, inChunks]) {
      const session = await openSession(postfix.port(2525));
      for (let i = 0; i < times; i += 1)
        await hand(t, session, { sender: from.warming, to: people(count), message: `${hand.name}-${count}-${i}` });
      await session.ask('QUIT');
      messages += times;
      recipients += times * count;
    }
  }
  await sink.took(messages);
  t.deepEqual(over(sink, from.warming), { [WARMING]: recipients }, 'all of it went over the IP');
  t.is(await charged(place), recipients);

  await costsNothing(t, place);
  const more = await refusedOnes(t, place);
  const again = await reconnected(t, place);
  t.is(await charged(place), recipients + more + again);
  await aboveWhatIsLeft(t, place, CAP - recipients - more - again);
});

type Mail = { readonly sender: string; readonly to: readonly string[]; readonly message: string };

/** Everything up to DATA at once, as pipelining clients do. */
async function pipelined(t: ExecutionContext, session: Session, { sender, to, message }: Mail): Promise<void> {
  const codes = await session.ask(`MAIL FROM:<news@${sender}>`, ...rcpts(to), 'DATA');
  t.deepEqual(codes, [250, ...to.map(() => 250), 354], message);
  t.deepEqual(await session.ask(content(message)), [250]);
}

/** One command after the other, each after the answer to the one before. */
async function slowly(t: ExecutionContext, session: Session, { sender, to, message }: Mail): Promise<void> {
  for (const command of [`MAIL FROM:<news@${sender}>`, ...rcpts(to)]) t.deepEqual(await session.ask(command), [250]);
  t.deepEqual(await session.ask('DATA'), [354]);
  t.deepEqual(await session.ask(content(message)), [250]);
}

/** By BDAT (RFC 3030), as Exchange does. */
async function inChunks(t: ExecutionContext, session: Session, { sender, to, message }: Mail): Promise<void> {
  await session.ask(`MAIL FROM:<news@${sender}>`, ...rcpts(to));
  const text = content(message).slice(0, -1);
  session.write(`BDAT ${text.length} LAST\r\n${text}`);
  t.deepEqual(await session.ask('NOOP'), [250]);
  t.deepEqual(await session.ask('NOOP'), [250], message);
}

/** A session that is reset or gone before the message is whole, and a message whose recipients are all refused. */
async function costsNothing(t: ExecutionContext, place: Place): Promise<void> {
  const { from, sink, postfix } = place;
  const before = await charged(place);
  const session = await openSession(postfix.port(2525));
  const mail = `MAIL FROM:<news@${from.warming}>`;
  t.deepEqual((await session.ask(mail, ...rcpts(people(7)), 'RSET')).at(-1), 250);
  t.deepEqual(await session.ask(mail, `RCPT TO:<${NOBODY}>`, 'DATA'), [250, 554, 554]);
  await session.ask('RSET');
  // What was said of the refused message must not hold for the next one of the session.
  await pipelined(t, session, { sender: from.shared, to: people(1), message: 'after the refused one' });
  await session.ask(mail, ...rcpts(people(7)), 'DATA');
  session.write('X-Test: never whole\r\n\r\nHel');
  await session.hangUp();
  await saw(sink, 'after the refused one');
  t.is(sink.taken().get('after the refused one')?.from, SHARED);
  t.is(await charged(place), before);
}

/** Recipients that a later restriction refuses are not charged; the others go over the IP. */
async function refusedOnes(t: ExecutionContext, { from, sink, postfix }: Place): Promise<number> {
  const session = await openSession(postfix.port(2525));
  const to = [NOBODY, ...people(3), NOBODY];
  const codes = await session.ask(`MAIL FROM:<news@${from.warming}>`, ...rcpts(to), 'DATA');
  t.deepEqual(codes, [250, 554, 250, 250, 250, 554, 354]);
  await session.ask(content('some refused'));
  await session.ask('QUIT');
  await saw(sink, 'some refused');
  t.like(sink.taken().get('some refused'), { from: WARMING, recipients: 3 });
  return 3;
}

/** The router is killed and started again between the recipients and the message: Postfix says how many there are. */
async function reconnected(t: ExecutionContext, place: Place): Promise<number> {
  const { from, sink, postfix } = place;
  const session = await openSession(postfix.port(2525));
  await session.ask(`MAIL FROM:<news@${from.warming}>`, ...rcpts(people(12)));
  await restart(place);
  t.deepEqual(await session.ask('DATA'), [354]);
  t.deepEqual(await session.ask(content('reconnected'), 'QUIT'), [250, 221]);
  await saw(sink, 'reconnected');
  t.like(sink.taken().get('reconnected'), { from: WARMING, recipients: 12 });
  return 12;
}

/** S-26: a message for which too little is left goes the other way whole; smaller ones take the rest, to the last. */
async function aboveWhatIsLeft(t: ExecutionContext, place: Place, left: number): Promise<void> {
  const { from, sink, postfix } = place;
  t.true(left > 10 && left < 49, `${left}`);
  const session = await openSession(postfix.port(2525));
  const send = async (message: string, count: number, source: string) => {
    await pipelined(t, session, { sender: from.warming, to: people(count), message });
    await saw(sink, message);
    t.like(sink.taken().get(message), { from: source, recipients: count });
  };
  await send('too many', 50, SHARED);
  await send('all but one', left - 1, WARMING);
  await send('two', 2, SHARED);
  await send('the last', 1, WARMING);
  await send('beyond', 1, SHARED);
  await session.ask('QUIT');
  t.is(await charged(place), CAP);
}

/** What of the cap was spent, once the router has given back what it held. */
async function charged(place: Place): Promise<number> {
  await restart(place, 'SIGTERM');
  return spentOf(place.world, place.ipId);
}

async function restart(place: Place, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const { child, ended, policy } = place.router;
  child.kill(signal);
  await ended;
  place.router = await place.startRouter('--policy', String(policy));
}

async function build(t: ExecutionContext): Promise<Place> {
  const place = await customers(t, { cap: CAP, target: CAP });
  const sink = await startSink(INBOX, { port: 25 });
  const dns = await startDns(DNS, ZONES);
  const router = await place.startRouter('--policy', '0');
  const postfix = await startPostfix({
    policyPort: router.policy,
    dns: DNS,
    transports: place.exported('postfix'),
    senders: place.exported('postfix-senders'),
    refusals: place.exported('postfix-refusals'),
    main: 'smtpd_recipient_restrictions = $warmdesk_marketing check_recipient_access inline:{nobody@=REJECT} permit',
  });
  t.teardown(async () => {
    if (!t.passed) t.log(postfix.lastLines(30));
    await postfix.stop();
    await sink.stop();
    dns.stop();
  });
  return { ...place, sink, postfix, router };
}
