// Thousands of real messages through a real Postfix that asks a real router. All addresses are loopback's.
import { execFileSync } from 'node:child_process';
import test, { type ExecutionContext } from 'ava';
import { dayOf } from '../../src/day.ts';
import type { RouterProcess } from '../routing/mail-server.ts';
import { spentOf } from '../routing/scene.ts';
import { MINUTE } from '../support/world.ts';
import { type Customers, customers, POOLED, SHARED, WARM, WARMING, type Who } from './customers.ts';
import { startDns } from './dns.ts';
import { goesOn } from './plan.ts';
import { type Postfix, startPostfix } from './postfix.ts';
import { handIn, over, retriesKeptTheirIp } from './sending.ts';
import { ownAddress } from './server.ts';
import { type Sink, startSink } from './sink.ts';

const CAP = 200;
/** Everybody's mailbox. */
const INBOX = ownAddress(25);
const DNS = ownAddress(53);
const ZONES = { 'inbox.example': { MX: ['mx.inbox.example'] }, 'mx.inbox.example': { A: [INBOX] } };

type Place = Customers & { readonly sink: Sink; readonly postfix: Postfix };

test.serial('a real mail server keeps to what Warmdesk says, and loses nothing when Warmdesk is away', async (t) => {
  t.timeout(10 * MINUTE);
  const place = await customers(t, { cap: CAP, target: 500 });
  const { world, from } = place;
  const dns = await startDns(DNS, ZONES);
  const sink = await startSink(INBOX, { defers: (message) => message.endsWith('0'), port: 25 });
  const router = await place.startRouter('--policy', '0', '--socketmap', '0');
  const postfix = await startPostfix({
    policyPort: router.policy,
    dns: DNS,
    transports: place.exported('postfix', '--helo', 'mta.example.net'),
    senders: place.exported('postfix-senders'),
    refusals: place.exported('postfix-refusals'),
  });
  t.teardown(async () => {
    if (!t.passed) t.log(`${sink.taken().size} messages were taken; the end of Postfix’s log:`, postfix.lastLines(15));
    await postfix.stop();
    await sink.stop();
    dns.stop();
  });
  const there = { ...place, sink, postfix };
  const first = await round(there, { warming: 700, warm: 100, shared: 100, receipts: 60 });

  const receipts = from.receipts;
  for (const name of [receipts, receipts.toUpperCase(), `${receipts}.`, `bounce.${receipts}`]) {
    const { refused } = await handIn(postfix.port(2525), { ...from, receipts: name }, { receipts: 25 });
    t.is(refused.filter((one) => one.startsWith('554 5.7.1')).length, 25, `C-06: campaigns of ${name} were refused`);
  }
  const halves = await halfway(t, there, router);
  const last = await round(there, { warming: 200, warm: 30, shared: 30, receipts: 30 });
  const sent = [...first, ...halves.sent, ...last];
  await arrived(there, sent.length);

  t.is(sink.taken().size, sent.length, 'every message arrived');
  for (const one of sink.tries)
    t.is(one.recipients, recipientsOf(numberOf(one.message)).length, 'all of its recipients went over one egress');
  t.deepEqual([...sink.taken().keys()].sort(), [...sent].sort(), 'and no other');
  const warming = over(sink, from.warming);
  t.log(`${sent.length} messages; the warming domain’s: ${JSON.stringify(warming)}`);
  // A run over midnight has the caps of two days.
  const cap = CAP * (1 + dayOf(Date.now()) - dayOf(world.now));
  t.true((warming[WARMING] ?? 0) <= cap, `S-26: the warming IP carried ${warming[WARMING]} of at most ${cap}`);
  t.true((warming[WARMING] ?? 0) > CAP / 2, 'C-16: and its share');
  t.deepEqual(Object.keys(warming).sort(), [WARMING, SHARED].sort(), 'C-15: side by side with the shared pool');
  t.deepEqual(Object.keys(over(sink, from.warm)), [WARM], 'C-17: all of the warm domain’s mail');
  t.deepEqual(Object.keys(over(sink, from.shared)), [SHARED], 'C-01: the shared domain’s');
  t.deepEqual(Object.keys(over(sink, from.receipts)), [POOLED], 'C-06: the transactional domain’s');
  t.deepEqual(
    [...new Set(sink.tries.filter((one) => one.from === WARMING).map((one) => one.sender))],
    [`news@${from.warming}`],
    'C-07: nobody else’s mail came from the IP',
  );
  retriesKeptTheirIp(t, sink);
  t.is(sink.tries.find((one) => one.from === WARM)?.helo, 'ip-127-0-0-12.mta.example.net');
  t.true((await spentOf(world, place.ipId)) <= cap);
  await readBack(t, there, warming[WARMING] ?? 0);
  const map = `socketmap:inet:127.0.0.1:${halves.router.socketmap}:warmdesk`;
  const lookUp = (key: string) => {
    try {
      return postfix.run('postmap', ['-q', key, map]).trim();
    } catch {
      return '';
    }
  };
  t.is(lookUp(`news@${from.warming}`), 'shared-us:');
  t.is(lookUp(`news@${from.warm}`), 'ip-127-0-0-12:');
  t.is(lookUp('a@elsewhere.example'), '');
  await goesOn(t, place);
  const isDone = () => lookUp(`news@${from.warming}`) === 'ip-127-0-0-11:';
  t.true(
    Array.from({ length: 1_000 }).some(isDone),
    'C-17: then the router sends all of the domain’s mail over its IP',
  );
});

/** Waits for that number of messages, and asks Postfix each second for those that the sink deferred. */
async function arrived({ sink, postfix }: Place, messages: number): Promise<void> {
  const asking = setInterval(() => postfix.run('postqueue', ['-f']), 1_000);
  try {
    await sink.took(messages);
  } finally {
    clearInterval(asking);
  }
}

/** Sends these numbers of messages of the domains, mixed. Returns their names once Postfix has taken them all. */
async function round(
  { postfix, from }: Place,
  counts: Readonly<Partial<Record<Who, number>>>,
): Promise<readonly string[]> {
  const portOf = (who: Who) => postfix.port(who === 'receipts' ? 2526 : 2525);
  const { taken, refused } = await handIn(portOf, from, counts, recipientsOf);
  if (refused.length > 0) throw new Error(`Postfix did not take all: ${refused[0]}`);
  return taken;
}

/** Messages whose number ends in 7 have three recipients. */
const recipientsOf = (index: number): string[] =>
  (index % 10 === 7 ? ['ann', 'ben', 'eva'] : ['ann']).map((name) => `${name}@inbox.example`);

const numberOf = (message: string): number => Number(message.slice(message.lastIndexOf('-') + 1));

/** Kills the router in the midst of sending, goes on without it, and starts it again. */
async function halfway(
  t: ExecutionContext,
  place: Place,
  router: RouterProcess,
): Promise<{ sent: string[]; router: RouterProcess }> {
  const under = round(place, { warming: 60, warm: 20, shared: 20, receipts: 20 });
  router.child.kill('SIGKILL');
  await router.ended;
  const sent = [...(await under)];
  sent.push(...(await round(place, { warming: 20, warm: 12, shared: 12, receipts: 12 })));
  await place.postfix.logged(/warning: connect to 127\.0\.0\.1:\d+: Connection refused|problem talking to server/, 1);
  const { refused } = await handIn(place.postfix.port(2525), place.from, { receipts: 5 });
  t.is(refused.length, 5, 'C-06 holds while Warmdesk is away, by the exported table');
  return { sent, router: await place.startRouter('--policy', String(router.policy), '--socketmap', '0') };
}

/** The log read back gives what the warming IP carried: the counts by which its plan moves. */
async function readBack(
  t: ExecutionContext,
  { world, env, postfix, ipId, sink }: Place,
  carried: number,
): Promise<void> {
  const all = sink.tries.filter((one) => one.isTaken).reduce((sum, one) => sum + one.recipients, 0);
  await postfix.logged(/status=sent/, all);
  const sent = `postfix/ip-${WARMING.replaceAll('.', '-')}/smtp\\[\\d+\\]: .* status=sent`;
  await postfix.logged(new RegExp(sent), carried);
  execFileSync(process.execPath, ['src/cli/ingest.ts', 'postfix', postfix.log], { env, encoding: 'utf8' });
  const rows = await world.db('sending_counts').where({ ip_id: ipId }).where('day', '>=', dayOf(world.now)).select();
  const sum = (of: string) => rows.reduce((all, row) => all + row[of], 0);
  t.deepEqual([sum('sent'), sum('delivered'), sum('bounced')], [carried, carried, 0]);
}
