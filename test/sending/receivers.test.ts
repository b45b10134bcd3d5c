// Whose servers take the mail of a recipient's domain: asked of a real name server, in batches, by a background job.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ava, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { Answer } from '../../src/dns/outcome.ts';
import { type Mx, openResolver } from '../../src/dns/resolver.ts';
import { ingestLog } from '../../src/sending/logs/actions.ts';
import { handOnNoted } from '../../src/sending/receivers/actions.ts';
import { lookUpReceivers } from '../../src/sending/receivers/background.ts';
import { loadReceivers } from '../../src/sending/receivers/gather.ts';
import { afterAnswer } from '../../src/sending/receivers/look-up.ts';
import { ProviderTable } from '../../src/sending/receivers/provider-table.ts';
import { routerOver, warmingAccount } from '../routing/scene.ts';
import { NameServer, type Zones } from '../support/name-server.ts';
import { folder } from '../support/process.ts';
import { DAY, HOUR, MINUTE, onBothEngines, type World } from '../support/world.ts';

const ZONES: Zones = {
  'workspace.example': { MX: ['10 alt1.aspmx.l.google.com', '1 ASPMX.L.GOOGLE.COM'] },
  'tenant.example': { MX: ['0 tenant-example.mail.protection.outlook.com'] },
  'own.example': { MX: ['10 mx.own.example'] },
  'no-mail.example': { MX: ['0 .'] },
  'address-only.example': { A: ['192.0.2.80'] },
  'failing.example': { trouble: 'servfail' },
};

async function nameServer(t: ExecutionContext) {
  const server = await NameServer.start(ZONES);
  t.teardown(() => server.stop());
  return { server, dns: openResolver([server.address], { questionMs: 20_000, atOnce: 40 }) };
}

const now = (world: World) => () => world.now;

onBothEngines('receivers are looked up once, for a week, and name the provider from then on', async (t, world) => {
  const { server, dns } = await nameServer(t);
  const { policy } = world.deps;
  const before = await loadReceivers(world.db);
  const table = new ProviderTable(policy.document, before);
  const names = [...Object.keys(ZONES), 'nobody.example'];
  for (const name of [...names, 'gmail.com', 'not a name']) table.of(name, null);
  await handOnNoted(world.db, before, world.now);
  await handOnNoted(world.db, before, world.now);
  t.is(await lookUpReceivers(world.db, { dns, now: now(world) }), 6, 'all but the one that failed');
  t.deepEqual(
    server.asked.filter((one) => !one.startsWith('MX')),
    [],
  );
  t.false(server.asked.includes('MX gmail.com'), 'what the table lists is not asked for');
  const after = new ProviderTable(policy.document, await loadReceivers(world.db));
  t.deepEqual(
    names.map((name) => after.of(name, null)),
    ['gmail', 'microsoft-365', 'other', 'other', 'other', 'other', 'other'],
  );
  server.asked.length = 0;
  t.is(await lookUpReceivers(world.db, { dns, now: now(world) }), 0);
  t.deepEqual(server.asked, [], 'nothing is due');
  server.zones = { ...ZONES, 'own.example': { MX: ['10 aspmx.l.google.com'] } };
  world.now += 7 * DAY;
  await lookUpReceivers(world.db, { dns, now: now(world) });
  t.is(new ProviderTable(policy.document, await loadReceivers(world.db)).of('own.example', null), 'gmail');
});

onBothEngines(
  'while the resolver is away receivers stay unknown, and are asked for later and later',
  async (t, world) => {
    const away = openResolver(['127.0.0.1:9'], { questionMs: 500, atOnce: 40 });
    const receivers = await loadReceivers(world.db);
    receivers.mxOf('workspace.example');
    await handOnNoted(world.db, receivers, world.now);
    for (const wait of [10 * MINUTE, 20 * MINUTE, 40 * MINUTE]) {
      t.is(await lookUpReceivers(world.db, { dns: away, now: now(world) }), 0);
      const { due_at, mx } = await world.db('receivers').first();
      t.deepEqual([Number(due_at) - world.now, mx], [wait, null]);
      world.now += wait;
    }
    const { dns } = await nameServer(t);
    t.is(await lookUpReceivers(world.db, { dns, now: now(world) }), 1);
    world.now += 8 * DAY;
    await lookUpReceivers(world.db, { dns: away, now: now(world) });
    t.is((await loadReceivers(world.db)).mxOf('workspace.example'), 'aspmx.l.google.com', 'what was known holds');
  },
);

onBothEngines('several processes look each receiver up once', async (t, world) => {
  const { server, dns } = await nameServer(t);
  const receivers = await loadReceivers(world.db);
  for (let n = 0; n < 130; n += 1) receivers.mxOf(`nobody-${n}.example`);
  await handOnNoted(world.db, receivers, world.now);
  await Promise.all(Array.from({ length: 3 }, () => lookUpReceivers(world.db, { dns, now: now(world) })));
  await lookUpReceivers(world.db, { dns, now: now(world) });
  t.is(server.asked.length, 130);
  t.is(new Set(server.asked).size, 130);
  world.now += 61 * DAY;
  await lookUpReceivers(world.db, { dns, now: now(world) });
  t.is((await world.db('receivers').select('name')).length, 0, 'who gets mail still is noted again');
});

onBothEngines('S-17: a router holds a slowed provider’s limit for receivers that it knows by MX', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 1000, slowed: { gmail: 1 } });
  const { state, router } = await routerOver(world);
  t.is(router.providerOf('ann@workspace.example'), 'other', 'no message waits for DNS');
  await handOnNoted(world.db, state.receivers, world.now);
  const { dns } = await nameServer(t);
  await lookUpReceivers(world.db, { dns, now: now(world) });
  const { router: later } = await routerOver(world);
  const sender = later.senderOf(warming.domain);
  if (!sender) return t.fail();
  const decided = async (message: string, to: string) => {
    const recipients = [`${message}@${to}`];
    return (await later.decide({ sender, stream: 'marketing', message, recipients, count: null })).via;
  };
  t.is(await decided('one', 'workspace.example'), 'ip');
  t.is(await decided('two', 'workspace.example'), 'pool', 'one a day is Gmail’s limit, wherever its mailboxes are');
  t.is(await decided('three', 'own.example'), 'ip');
});

onBothEngines('a log’s line that names no mail server counts for the provider that was looked up', async (t, world) => {
  const { domain, address } = await warmingAccount(world, { cap: 1000 });
  const { dns } = await nameServer(t);
  const here = folder(t);
  const day = new Date(world.now).toISOString();
  const name = `ip-${address.replaceAll('.', '-')}`;
  const log = (id: string) =>
    `${day} mta postfix/qmgr[1]: ${id}: from=<news@${domain}>, size=1, nrcpt=1 (queue active)\n` +
    `${day} mta postfix/${name}/smtp[2]: ${id}: to=<ann@workspace.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connect timed out)\n`;
  const count = async (id: string) => {
    writeFileSync(join(here, id), log(id));
    await ingestLog(world.db, world.deps.policy.document, { reader: 'postfix', path: join(here, id) }, world.now);
    const rows = await world.db('sending_counts').where({ deferred: 1 }).orderBy('provider').select('provider');
    return rows.map(({ provider }) => provider);
  };
  t.deepEqual(await count('4AAAAAAAAAz1'), ['other']);
  t.is(await lookUpReceivers(world.db, { dns, now: now(world) }), 1, 'the reader noted the domain');
  t.deepEqual(await count('4BBBBBBBBBz1'), ['gmail', 'other']);
});

const found = (...records: Mx[]): Answer<Mx> => ({ outcome: 'found', records });

ava('the best mail server counts; a domain that takes no mail has none', (t) => {
  const before = { mx: null, failed: 3 };
  const at = 1_000;
  const two = found({ exchange: 'b.example', priority: 20 }, { exchange: 'A.example.', priority: 10 });
  t.deepEqual(afterAnswer(before, two, at), { mx: 'a.example', failed: 0, dueAt: at + 7 * DAY });
  t.deepEqual(afterAnswer(before, found({ exchange: '', priority: 0 }), at), { mx: null, failed: 0, dueAt: at + DAY });
});

ava('whatever DNS does not answer, what was known stays, and a question is due within ten minutes and a day', (t) => {
  const outcome = fc.constantFrom<Answer<Mx>>(
    { outcome: 'timed-out' },
    { outcome: 'away' },
    { outcome: 'server-failed', code: 'ESERVFAIL' },
  );
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 1, maxLength: 200 }), (answers) => {
      let known = { mx: 'mx.own.example', failed: 0, dueAt: 0 } as ReturnType<typeof afterAnswer>;
      for (const answer of answers) {
        const at = known.dueAt;
        known = afterAnswer(known, answer, at);
        t.is(known.mx, 'mx.own.example');
        t.true(known.dueAt - at >= 10 * MINUTE && known.dueAt - at <= 24 * HOUR);
      }
    }),
  );
});
