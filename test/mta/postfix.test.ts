// Thousands of real messages through a real Postfix that asks a real router. All addresses are loopback's.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createTransport } from 'nodemailer';
import { actIn } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import { addIps } from '../../src/ips/actions.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { type RouterProcess, startRouter } from '../routing/mail-server.ts';
import { complete, spentOf, warmingAccount } from '../routing/scene.ts';
import * as make from '../support/make.ts';
import { folder } from '../support/process.ts';
import type { Scene } from '../support/warm.ts';
import { createWorld, MINUTE, type World } from '../support/world.ts';
import { goesOn, plannedFromToday } from './plan.ts';
import { type Postfix, startPostfix } from './postfix.ts';
import { type Sink, startSink, type Try } from './sink.ts';

const CAP = 200;
const WARMING = '127.0.0.11';
const WARM = '127.0.0.12';
const SHARED = '127.0.0.21';
const POOLED = '127.0.0.22';
/** Everybody's mailbox: an address of loopback that is not Postfix's own. */
const INBOX = '127.0.9.9';

test.serial('a real mail server keeps to what Warmdesk says, and loses nothing when Warmdesk is away', async (t) => {
  t.timeout(10 * MINUTE);
  const place = await build(t);
  const { world, from, sink, postfix } = place;
  const first = await round(place, 'first', { warming: 900, warm: 300, shared: 300, receipts: 150 });

  const receipts = from.receipts;
  for (const name of [receipts, receipts.toUpperCase(), `${receipts}.`, `bounce.${receipts}`])
    t.deepEqual(
      await refusedCampaigns(place, name, 25),
      Array(25).fill(554),
      `C-06: campaigns of ${name} were refused`,
    );
  const halves = await halfway(t, place);
  const last = await round(place, 'last', { warming: 300, warm: 50, shared: 50, receipts: 50 });
  const sent = [...first, ...halves.sent, ...last];
  await arrived(place, sent.length);

  t.is(sink.taken().size, sent.length, 'every message arrived');
  for (const one of sink.tries)
    t.is(one.recipients, recipientsOf(one.message).length, 'all of its recipients went one way');
  t.deepEqual([...sink.taken().keys()].sort(), [...sent].sort(), 'and no other');
  /** Messages of a domain by the address that they came from, one for each recipient. */
  const over = (who: string) => count(sink.tries.filter((one) => one.isTaken && one.sender === `news@${who}`));
  const warming = over(from.warming);
  t.log(`${sent.length} messages; the warming domain’s: ${JSON.stringify(warming)}`);
  // A run over midnight has the caps of two days.
  const cap = CAP * (1 + dayOf(Date.now()) - dayOf(world.now));
  t.true((warming[WARMING] ?? 0) <= cap, `S-26: the warming IP carried ${warming[WARMING]} of at most ${cap}`);
  t.true((warming[WARMING] ?? 0) > CAP / 2, 'C-16: and its share');
  t.deepEqual(Object.keys(warming).sort(), [WARMING, SHARED].sort(), 'C-15: side by side with the shared pool');
  t.deepEqual(Object.keys(over(from.warm)), [WARM], 'C-17: all of the warm domain’s mail');
  t.deepEqual(Object.keys(over(from.shared)), [SHARED], 'C-01: the shared domain’s');
  t.deepEqual(Object.keys(over(from.receipts)), [POOLED], 'C-06: the transactional domain’s');
  t.deepEqual(
    [...new Set(sink.tries.filter((one) => one.from === WARMING).map((one) => one.sender))],
    [`news@${from.warming}`],
    'C-07: nobody else’s mail came from the IP',
  );
  retriesKeptTheirIp(t, sink);
  t.true((await spentOf(world, place.ipId)) <= cap);
  await readBack(t, place, warming[WARMING] ?? 0);
  const map = `socketmap:inet:127.0.0.1:${halves.router.socketmap}:warmdesk`;
  t.is(postfix.lookUp(`news@${from.warming}`, map), 'shared-us:');
  t.is(postfix.lookUp(`news@${from.warm}`, map), 'ip-127-0-0-12:');
  t.is(postfix.lookUp('a@elsewhere.example', map), '');
  await goesOn(t, place);
  const isDone = () => postfix.lookUp(`news@${from.warming}`, map) === 'ip-127-0-0-11:';
  t.true(
    Array.from({ length: 1_000 }).some(isDone),
    'C-17: then the router sends all of the domain’s mail over its IP',
  );
});

type Who = 'warming' | 'warm' | 'shared' | 'receipts';

type Place = {
  readonly world: World;
  readonly env: Record<string, string>;
  readonly from: Readonly<Record<Who, string>>;
  readonly ipId: number;
  /** The warming domain and its plan. */
  readonly scene: Scene;
  readonly sink: Sink;
  readonly postfix: Postfix;
  readonly router: RouterProcess;
  readonly startRouter: (port: number) => Promise<RouterProcess>;
};

/** Three accounts and a domain in the transactional pool; the sink, the router and Postfix around them. */
async function build(t: ExecutionContext): Promise<Place> {
  const policyFile = join(folder(t), 'policy.json');
  const shipped = loadPolicy(policyPath('customerio'));
  if (!shipped.ok) throw new Error(shipped.problem.join('\n'));
  const addresses: Record<string, string[]> = { 'shared-us': [SHARED], 'transactional-us': [POOLED] };
  const pools = shipped.value.pools.map((pool) => ({ ...pool, addresses: addresses[pool.key] ?? [] }));
  writeFileSync(policyFile, JSON.stringify({ ...shipped.value, pools }));
  const world = await createWorld(t, 'SQLite', { POLICY: policyFile });
  world.now = Date.now();
  const give = (address: string) =>
    world.db.transaction((trx) => addIps(actIn(trx, { person: null, at: world.now }), [address], 'us'));
  await give(WARMING);
  const warming = await warmingAccount(world, { cap: CAP, target: 500, hasIp: true });
  const scene = await plannedFromToday(world, warming);
  await give(WARM);
  const warm = await warmingAccount(world, { cap: CAP, hasIp: true });
  await complete(world, warm.allocationId);
  const shared = await make.account(world);
  const pooled = await make.account(world, { usage: 'transactional' });
  await make.decided(world, await make.poolRequest(world, pooled.admin, Number(pooled.domains[0]?.id)));
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: world.databaseUrl, POLICY: policyFile };
  const exported = (kind: string) =>
    execFileSync(process.execPath, ['src/cli/export.ts', kind], { env, encoding: 'utf8' });
  const sink = await startSink(INBOX, (message) => message.endsWith('0'));
  t.teardown(() => sink.stop());
  const startAt = (port: number) =>
    startRouter(t, world.databaseUrl, ['--policy', String(port), '--socketmap', '0'], { POLICY: policyFile });
  const router = await startAt(0);
  const postfix = await startPostfix({
    policyPort: router.policy,
    sinkPort: sink.port,
    transports: exported('postfix'),
    senders: exported('postfix-senders'),
  });
  t.teardown(() => {
    if (!t.passed) t.log(`${sink.taken().size} messages were taken; the end of Postfix’s log:`, postfix.lastLines(15));
    postfix.stop();
  });
  const from = {
    warming: warming.domain,
    warm: warm.domain,
    shared: shared.domains[0]?.name ?? '',
    receipts: pooled.domains[0]?.name ?? '',
  };
  return { world, env, from, ipId: warming.ipId, scene, sink, postfix, router, startRouter: startAt };
}

/** Sends so many messages of each domain, mixed. Gives their names once Postfix has taken them all. */
async function round(place: Place, name: string, counts: Readonly<Record<Who, number>>): Promise<string[]> {
  const all = (Object.entries(counts) as [Who, number][]).flatMap(([who, many]) =>
    Array.from({ length: many }, (_, i) => ({ who, message: `${name}-${who}-${i}`, at: i / many })),
  );
  all.sort((a, b) => a.at - b.at);
  const marketing = mailer(place.postfix.marketing);
  const transactional = mailer(place.postfix.transactional);
  await Promise.all(
    all.map(({ who, message }) =>
      (who === 'receipts' ? transactional : marketing).sendMail(mail(place.from[who], message)),
    ),
  );
  marketing.close();
  transactional.close();
  return all.map(({ message }) => message);
}

const mailer = (port: number) =>
  createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: 8,
    maxMessages: 1_000,
    secure: false,
    ignoreTLS: true,
  });

/** Messages whose number ends in 7 have three recipients. */
const recipientsOf = (message: string): string[] =>
  (message.endsWith('7') ? ['ann', 'ben', 'eva'] : ['ann']).map((name) => `${name}@[${INBOX}]`);

const mail = (domain: string, message: string) => ({
  envelope: { from: `news@${domain}`, to: recipientsOf(message) },
  raw: `From: news@${domain}\r\nTo: somebody@inbox.example\r\nSubject: ${message}\r\nX-Test: ${message}\r\n\r\nHello.\r\n`,
});

/** Hands in campaigns of the domain in the transactional pool, by this name; gives Postfix's answers. */
async function refusedCampaigns({ postfix }: Place, name: string, many: number): Promise<number[]> {
  const marketing = mailer(postfix.marketing);
  const answers = await Promise.all(
    Array.from({ length: many }, (_, i) =>
      marketing.sendMail(mail(name, `campaign-${i}`)).then(
        () => 250,
        (error: { responseCode?: number }) => error.responseCode ?? 0,
      ),
    ),
  );
  marketing.close();
  return answers;
}

/** Kills the router in the midst of sending, goes on without it, and starts it anew. */
async function halfway(t: ExecutionContext, place: Place): Promise<{ sent: string[]; router: RouterProcess }> {
  const under = round(place, 'under', { warming: 200, warm: 60, shared: 60, receipts: 60 });
  const { router } = place;
  router.child.kill('SIGKILL');
  await router.ended;
  const sent = await under;
  sent.push(...(await round(place, 'without', { warming: 100, warm: 60, shared: 60, receipts: 60 })));
  await place.postfix.logged(/warning: connect to 127\.0\.0\.1:\d+: Connection refused|problem talking to server/, 1);
  t.pass('Postfix found nobody to ask');
  return { sent, router: await place.startRouter(router.policy) };
}

/** Waits for so many messages, and asks Postfix each second for those that the sink deferred. */
async function arrived({ sink, postfix }: Place, messages: number): Promise<void> {
  const asking = setInterval(() => postfix.flush(), 1_000);
  try {
    await sink.took(messages);
  } finally {
    clearInterval(asking);
  }
}

/** S-26, C-16: a message that was put off came again from the address that it came from first. */
function retriesKeptTheirIp(t: ExecutionContext, sink: Sink): void {
  const first = new Map<string, string>();
  let again = 0;
  for (const { message, from } of sink.tries) {
    const before = first.get(message);
    if (before === undefined) first.set(message, from);
    else {
      again += 1;
      t.is(from, before, `${message} kept its IP`);
    }
  }
  t.true(again > 100, `${again} messages were put off and came again`);
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

function count(tries: readonly Try[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { from, recipients } of tries) counts[from] = (counts[from] ?? 0) + recipients;
  return counts;
}
