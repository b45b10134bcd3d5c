// The files for mail servers, against files that were checked by hand: test/routing/golden.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { z } from 'zod';
import { suspendAccount } from '../../src/requests/account/actions.ts';
import { halon } from '../../src/routing/export/halon.ts';
import { exportedFrom } from '../../src/routing/export/input.ts';
import { kumomta } from '../../src/routing/export/kumomta.ts';
import { opensmtpd } from '../../src/routing/export/opensmtpd.ts';
import { postfixRefusals, postfixSenders, postfixTransports } from '../../src/routing/export/postfix.ts';
import { powermta } from '../../src/routing/export/powermta.ts';
import { sources } from '../../src/routing/export/sources.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import { nameOfIp } from '../../src/routing/transport-name.ts';
import { debian } from '../mta/packages.ts';
import { block } from '../mta/page.ts';
import * as make from '../support/make.ts';
import { folder } from '../support/process.ts';
import { createWorld, onBothEngines } from '../support/world.ts';
import { warmingAccount } from './scene.ts';
import { ip, planState, policy, sender, warming, withOverflow } from './senders.ts';

const GOLDEN = new URL('./golden/', import.meta.url);
const acme = { id: 1, region: null, ips: [ip(1), warming(2, 200, 1000, { warmup: slowed() })] };
const zoo = { id: 3, region: 'eu' as const, ips: [warming(7, 50, 100, { region: 'eu', address: '2001:db8::7' })] };
const rest = { id: 4, region: null, ips: [warming(9, 50, 100, { status: 'paused' })] };
const senders = [
  sender({ name: 'news.zoo.example', ips: zoo.ips, account: zoo }),
  sender({ name: 'news.acme.example', ips: acme.ips.slice(1), account: acme }),
  sender({ name: 'shop.acme.example', ips: acme.ips.slice(0, 1), account: acme }),
  sender({ name: 'mail.rest.example', ips: rest.ips, account: rest }),
  sender({ name: 'plain.example' }),
  sender({ name: 'receipts.example', route: 'transactional', usage: 'transactional' }),
  sender({ name: 'eu.example', account: { region: 'eu' } }),
];
const pools = policy.pools.map((pool) =>
  pool.key === 'shared-us' ? { ...pool, addresses: ['198.51.100.1', '198.51.100.2'] } : pool,
);
const of = { policy: { ...policy, pools }, today: 20_000, helo: 'mta.example.net' };

function slowed() {
  const plan = {
    schedule: 'growth',
    targetPerDay: 1000,
    startsOn: 19_990,
    finishesOn: 19_993,
    caps: [100, 250, 600, 1000],
  };
  return planState(0, 0, { plan, stage: 2, capPercent: 80, slowed: { gmail: 30 } });
}

const FILES = {
  'master.cf': postfixTransports,
  senders: postfixSenders,
  refusals: postfixRefusals,
  sources,
  'smtpd.conf': opensmtpd,
  'kumomta.json': kumomta,
  'powermta.conf': powermta,
  'halon.yaml': halon,
};

for (const [name, write] of Object.entries(FILES)) {
  test(`${name} is as published formats want it, the same bytes whatever order the state came in`, (t) => {
    const text = write(exportedFrom(senders, of));
    const golden = new URL(name, GOLDEN);
    if (process.env.WRITE_GOLDEN) writeFileSync(golden, text);
    t.is(text, readFileSync(golden, 'utf8'));
    t.is(write(exportedFrom([...senders].reverse(), of)), text);
  });
}

test('C-06: the table of senders has a way for the transactional mail of a domain whose campaigns are refused', (t) => {
  const mixed = sender({ name: 'mixed.example', route: 'transactional', usage: 'both' });
  t.regex(postfixSenders(exportedFrom([mixed], of)), /^@mixed\.example transactional-us:$/m);
  const { pool, refused } = JSON.parse(kumomta(exportedFrom([mixed], of))).domains['mixed.example'];
  t.is(pool, 'transactional-us');
  t.regex(refused, /campaigns/i);
});

onBothEngines(
  'C-02: tables refuse all mail of a domain that is stopped, or whose account is suspended, and take the rest',
  async (t, world) => {
    const [bad, shut] = [await make.account(world, { name: 'Bad' }), await make.account(world, { name: 'Shut' })];
    const [stopped = '', suspended = ''] = [bad, shut].map(({ domains }) => domains[0]?.name);
    const fine = await make.account(world, { name: 'Fine' });
    await world.db('domains').where({ name: stopped }).update({ stopped_at: world.now });
    const { admin } = await make.staff(world);
    const decision = { id: shut.id, version: 1, reason: 'Spam.' };
    t.true((await suspendAccount(world.db, { person: admin, at: world.now }, decision)).ok);
    const exported = exportedFrom((await loadSenders(world.db)).values(), of);
    const lines = postfixSenders(exported).split('\n');
    const row = (name: string) => lines.find((line) => line.startsWith(`@${name} `));
    t.is(row(stopped), `@${stopped} error:5.7.1 ${stopped} is stopped, so nothing is sent for it.`);
    t.is(
      row(suspended),
      `@${suspended} error:5.7.1 The account of ${suspended} is suspended, so nothing is sent for it.`,
    );
    t.is(row(String(fine.domains[0]?.name)), `@${fine.domains[0]?.name} shared-us:`);
    const rules = opensmtpd(exported);
    const { domains } = JSON.parse(kumomta(exported));
    for (const name of [stopped, suspended]) {
      t.true(rules.includes(`match from any mail-from "@${name}" for any reject\n`));
      t.like(domains[name], { stopped: true });
    }
  },
);

/** The blocks of a configuration of PowerMTA, `<NAME VALUE>` to its end, each with its lines. */
function blocksOf(text: string): Map<string, string[]> {
  const blocks = [...text.matchAll(/^<(virtual-mta(?:-pool)?) (\S+)>\n(.*?)^<\/\1>$/gms)];
  return new Map(
    blocks.map(([, kind, name, lines = '']) => [`${kind} ${name}`, lines.trim().split(/\n */).filter(Boolean)]),
  );
}

/** What a pool may give its cold virtual MTAs in a day, by queue. */
const limitsOf = (lines: readonly string[]): Map<string, number> =>
  new Map(
    [...lines.join('\n').matchAll(/<domain (\S+)>\nmax-cold-virtual-mta-msg (\d+)\/day/g)].map(([, name = '', n]) => [
      name,
      Number(n),
    ]),
  );
const total = (limits: Iterable<number>): number => [...limits].reduce((sum, one) => sum + one, 0);

test('C-16: PowerMTA’s warming IPs are cold virtual MTAs of their domains’ pools, by directives of its guide', (t) => {
  const text = powermta(exportedFrom(senders, of));
  const blocks = blocksOf(text);
  const pool = blocks.get('virtual-mta-pool domain-news.acme.example') ?? [];
  t.deepEqual(pool.slice(0, 2), ['virtual-mta ip-192-0-2-1', 'cold-virtual-mta ip-192-0-2-2']);
  t.deepEqual(blocks.get('virtual-mta-pool domain-mail.rest.example'), [
    'virtual-mta ip-198-51-100-1',
    'virtual-mta ip-198-51-100-2',
  ]);
  const known =
    /^(#|<| {2}(smtp-source-host|virtual-mta|cold-virtual-mta|max-smtp-msg-rate|<\/?domain)\b| {4}max-cold-virtual-mta-msg \d+\/day$)/;
  t.deepEqual(
    text
      .trim()
      .split('\n')
      .filter((line) => !known.test(line)),
    [],
  );
  const defined = [...blocks.keys()].map((name) => name.split(' ')[1]);
  const named = [...text.matchAll(/^ {2}(?:cold-)?virtual-mta (\S+)$/gm)].map(([, name]) => name);
  t.deepEqual(
    named.filter((name) => !defined.includes(name)),
    [],
  );
  t.is(new Set(defined).size, defined.length, 'no name is given twice');
});

test('S-16: where mail above the cap has to wait, PowerMTA keeps it in the queue by the IP’s own rate', (t) => {
  const waits = { ...of, policy: { ...withOverflow('wait'), pools } };
  const blocks = blocksOf(powermta(exportedFrom(senders, waits)));
  t.deepEqual(blocks.get('virtual-mta-pool domain-news.zoo.example'), ['virtual-mta ip-2001-db8--7']);
  t.true(blocks.get('virtual-mta ip-2001-db8--7')?.includes('max-smtp-msg-rate 50/day'));
  t.false(blocks.has('virtual-mta-pool domain-mail.rest.example'), 'nothing may carry it');
  const overflows = blocksOf(powermta(exportedFrom(senders, of)));
  t.deepEqual(overflows.get('virtual-mta ip-2001-db8--7'), [
    'smtp-source-host 2001:db8::7 ip-2001-db8--7.mta.example.net',
  ]);
});

test('S-26: domains that share a warming IP share its cap in PowerMTA too', (t) => {
  const both = ['a.example', 'b.example'].map((name) => sender({ name, ips: zoo.ips, account: zoo }));
  const blocks = blocksOf(powermta(exportedFrom(both, of)));
  const each = both.map(({ name }) => total(limitsOf(blocks.get(`virtual-mta-pool domain-${name}`) ?? []).values()));
  t.true(each.every((sum) => sum > 0) && total(each) <= 50, `${each}`);
});

test('S-26: what PowerMTA may give a cold IP never exceeds its cap, nor a slowed provider’s limit, rolled up or not', (t) => {
  const two = { ...acme, ips: [...acme.ips, warming(3, 120, 1000)] };
  const all = [...senders, sender({ name: 'two.example', ips: two.ips.slice(1), account: two })];
  const rollups = new Map([
    ['gmail', 'gmail.rollup'],
    ['yahoo', 'yahoo.rollup'],
  ]);
  for (const how of [{}, { rollups }]) {
    const blocks = blocksOf(powermta(exportedFrom(all, { ...of, ...how })));
    const limits = limitsOf(blocks.get('virtual-mta-pool domain-news.acme.example') ?? []);
    t.true(total(limits.values()) <= 200);
    const gmail = [...limits].filter(([name]) => /gmail|googlemail/.test(name));
    t.true(gmail.length > 0 && total(gmail.map(([, n]) => n)) <= 30);
    // Each cold virtual MTA has the limit for itself, so the smaller cap is divided.
    const shared = blocks.get('virtual-mta-pool domain-two.example') ?? [];
    t.is(shared.filter((line) => line.startsWith('cold-virtual-mta')).length, 2);
    t.true(total(limitsOf(shared).values()) <= 120);
  }
  const rolled = limitsOf(
    blocksOf(powermta(exportedFrom(senders, { ...of, rollups }))).get('virtual-mta-pool domain-news.acme.example') ??
      [],
  );
  t.true(rolled.has('yahoo.rollup') && !rolled.has('yahoo.com'), 'PowerMTA reads a rollup queue’s limit alone');
});

/** What the warm-up plugin for Halon takes in smtpd-app.yaml, by its README and JSON schema of June 2026. */
const HALON = z.strictObject({
  plugins: z.tuple([
    z.strictObject({
      id: z.literal('warmup'),
      config: z.strictObject({
        schedules: z.array(
          z.strictObject({
            class: z.string(),
            fields: z.array(z.union([z.literal('localip'), z.strictObject({ grouping: z.string() })])).min(1),
            interval: z.number(),
            ratealgorithm: z.enum(['fixedwindow', 'tokenbucket']),
            schedule: z.array(z.strictObject({ day: z.int(), messages: z.int().min(1) })).min(1),
          }),
        ),
        ips: z.array(
          z.strictObject({
            ip: z.string(),
            class: z.string(),
            helo: z.string().optional(),
            added: z.string().regex(/^\d{4}-\d\d-\d\d$/),
          }),
        ),
      }),
    }),
  ]),
});

test('C-16: Halon’s file is valid, with one figure for each warming IP: the cap as it is, whatever the date', (t) => {
  const config = (today: number, helo: string | null) => {
    const text = halon(exportedFrom(senders, { ...of, today, helo }));
    return HALON.parse(parse(text)).plugins[0].config;
  };
  const { schedules, ips } = config(20_000, 'mta.example.net');
  t.deepEqual(
    schedules.map((one) => [one.class, one.interval, one.ratealgorithm, one.schedule.map(({ messages }) => messages)]),
    [
      ['ip-192-0-2-2', 86_400, 'fixedwindow', [200]],
      ['ip-192-0-2-2-gmail', 86_400, 'fixedwindow', [30]],
      ['ip-2001-db8--7', 86_400, 'fixedwindow', [50]],
    ],
  );
  t.is(ips[2]?.helo, 'ip-2001-db8--7.mta.example.net');
  t.deepEqual(
    ips.map((one) => one.class),
    schedules.map((one) => one.class),
    'the plugin refuses all IPs where one has a class without a schedule',
  );
  t.deepEqual(
    config(20_030, 'mta.example.net').schedules,
    schedules,
    'a stage is passed by volume, not by the calendar',
  );
  t.is(config(20_000, null).ips[0]?.helo, undefined);
  t.deepEqual(HALON.parse(parse(halon(exportedFrom([], of)))).plugins[0].config, { schedules: [], ips: [] });
  const warm = ip(5, { warmup: planState(100, 1000, { status: 'complete', stage: 2, warmedTo: 300 }) });
  const limits = (of: Parameters<typeof exportedFrom>[1]) =>
    HALON.parse(parse(halon(exportedFrom([sender({ ips: [warm] })], of)))).plugins[0].config.schedules.map((one) => [
      one.class,
      one.schedule[0]?.messages,
    ]);
  t.deepEqual(limits(of), [['ip-192-0-2-5', 600]], 'S-26: a warm IP with twice its level');
  t.deepEqual(limits({ ...of, policy: { ...withOverflow('wait'), pools } }), [], 'where a pool takes the rest');
});

test('Halon’s file limits a slowed provider at the IP by its grouping, and nothing else is limited by it', (t) => {
  const { schedules, ips } = HALON.parse(parse(halon(exportedFrom(senders, of)))).plugins[0].config;
  const slow = schedules.filter(({ fields }) => fields.length > 1);
  t.deepEqual(
    slow.map((one) => [one.class, one.fields, one.schedule[0]?.messages]),
    [['ip-192-0-2-2-gmail', ['localip', { grouping: '&gmail' }], 30]],
  );
  const classes = ips.filter(({ ip }) => ip === '192.0.2.2').map((one) => one.class);
  t.deepEqual(classes, ['ip-192-0-2-2', 'ip-192-0-2-2-gmail'], 'the script asks for the first one alone');
});

test('Halon’s page groups mailbox providers by the mail servers that the shipped policy knows', (t) => {
  const { grouping } = parse(block('docs/halon.md', 'groupings')).queues;
  const known = policy.providers.value.flatMap(({ key, mx }) => mx.map((name) => [key, `*.${name}`]));
  const page: { id: string; remotemx: string[] }[] = grouping.groupings;
  t.deepEqual(page.flatMap(({ id, remotemx }) => remotemx.map((name) => [id, name])).sort(), known.sort());
  const { policies } = parse(block('docs/halon.md', 'smtpd-policy.yaml'));
  t.deepEqual(policies, [{ fields: ['localip'] }, { fields: ['localip', 'grouping'] }]);
});

test('an IP’s name is the same everywhere, for IPv6 too', (t) => {
  t.is(nameOfIp('192.0.2.1'), 'ip-192-0-2-1');
  t.is(nameOfIp('2001:db8::1'), 'ip-2001-db8--1');
});

test('Debian’s OpenSMTPD takes the rules by sender, within the configuration of its page', (t) => {
  const here = folder(t);
  const { root, env } = debian('opensmtpd');
  const check = (helo: string | null) => {
    writeFileSync(join(here, 'warmdesk.conf'), opensmtpd(exportedFrom(senders, { ...of, helo })));
    const page = block('docs/opensmtpd.md', 'smtpd.conf').replace(
      '/etc/mail/warmdesk.conf',
      join(here, 'warmdesk.conf'),
    );
    writeFileSync(join(here, 'smtpd.conf'), page);
    return spawnSync(join(root, 'usr/sbin/smtpd'), ['-n', '-f', join(here, 'smtpd.conf')], { env, encoding: 'utf8' });
  };
  for (const helo of ['mta.example.net', null]) t.regex(check(helo).stderr, /^configuration OK/m);
});

test('Debian’s Postfix reads the transports and the tables', (t) => {
  const here = folder(t);
  const { root, env } = debian('postfix');
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(root, 'usr/sbin', program), ['-c', here, ...args], { env, encoding: 'utf8' }).trim();
  const exported = exportedFrom(senders, of);
  // Postfix looks its user and group up, and is not installed here: any that each Debian has will do.
  const main = ['compatibility_level = 3.6', 'mail_owner = daemon', 'setgid_group = mail', ''].join('\n');
  writeFileSync(join(here, 'main.cf'), main);
  writeFileSync(join(here, 'master.cf'), postfixTransports(exported));
  writeFileSync(join(here, 'senders'), postfixSenders(exported));
  writeFileSync(join(here, 'refusals'), postfixRefusals(exported));
  const one = (name: string) => run('postconf', '-P', name).replace(/^.* = /, '');
  t.is(one('ip-192-0-2-2/unix/smtp_bind_address'), '192.0.2.2');
  t.is(one('ip-2001-db8--7/unix/smtp_bind_address6'), '2001:db8::7');
  t.is(run('postmap', '-q', '@shop.acme.example', `texthash:${here}/senders`), 'ip-192-0-2-1:');
  t.is(run('postmap', '-q', '<>', `texthash:${here}/senders`), 'shared-us:');
  t.regex(run('postmap', '-q', 'receipts.example', `texthash:${here}/refusals`), /^REJECT 5\.7\.1 /);
});

test('IPv6: a transport has the pool’s address of the other family, where the pool has one', (t) => {
  const both = pools.map((pool) =>
    pool.kind === 'default' ? { ...pool, addresses: ['198.51.100.1', '2001:db8::21'] } : pool,
  );
  const transport = (name: string, text: string) => new RegExp(`^${name} .*\\n(?:  .*\\n)*`, 'm').exec(text)?.[0] ?? '';
  const six = transport(
    'ip-2001-db8--7',
    postfixTransports(exportedFrom(senders, { ...of, policy: { ...policy, pools: both } })),
  );
  t.regex(six, /smtp_bind_address6=2001:db8::7\n {2}-o smtp_bind_address=198\.51\.100\.1\n/);
  t.regex(six, /inet_interfaces=all\n {2}-o inet_protocols=all\n {2}-o smtp_address_preference=ipv6\n/);
  const alone = transport('ip-192-0-2-1', postfixTransports(exportedFrom(senders, of)));
  t.regex(alone, /inet_interfaces=all\n {2}-o inet_protocols=ipv4\n/);
});

test('IDN: Postfix’s tables have both forms of a name', (t) => {
  const idn = sender({ name: 'xn--mller-kva.example', route: 'transactional', usage: 'transactional' });
  t.regex(postfixSenders(exportedFrom([idn], of)), /^@xn--mller-kva\.example .*\n@müller\.example transactional-us:$/m);
  t.regex(postfixRefusals(exportedFrom([idn], of)), /^xn--mller-kva\.example REJECT .*\nmüller\.example REJECT /m);
});

test('npm run export writes a file whole, or says what is wrong', async (t) => {
  const world = await createWorld(t);
  await warmingAccount(world, { cap: 100 });
  const here = folder(t);
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['src/cli/export.ts', ...args], {
      env: { PATH: process.env.PATH, DATABASE_URL: world.databaseUrl },
      encoding: 'utf8',
    });
  const file = join(here, 'master.cf');
  const done = run('postfix', '--out', file);
  t.is(done.stderr, '');
  t.is(done.status, 0);
  t.regex(readFileSync(file, 'utf8'), /^ip-198-18-0-\d+ unix - - n - - smtp$/m);
  t.deepEqual(readdirSync(here), ['master.cf']);
  t.is(run('postfix').stdout, readFileSync(file, 'utf8'));
  const note = join(here, 'note');
  const told = run('postfix', '--out', file, '--changed', `echo changed >> ${note}`);
  t.deepEqual([told.status, told.stdout, told.stderr, existsSync(note)], [0, '', '', false], 'the file is the same');
  writeFileSync(file, 'old\n');
  t.is(run('postfix', '--out', file, '--changed', 'exit 3').status, 1);
  t.is(readFileSync(file, 'utf8'), 'old\n', 'where the command fails, the next run tries again');
  t.is(run('postfix', '--out', file, '--changed', `echo changed >> ${note}`).status, 0);
  t.is(readFileSync(note, 'utf8'), 'changed\n');
  t.regex(run('postfix', '--changed', 'true').stderr, /--changed needs --out/);
  t.regex(run('sendmail').stderr, /Say one of postfix/);
  t.regex(run('powermta').stderr, /--helo DOMAIN is needed/);
  t.regex(run('powermta', '--helo', 'mta.example.net', '--rollup', 'gmial=x.rollup').stderr, /Providers are gmail, /);
  t.is(run('powermta', '--helo', 'mta.example.net', '--rollup', 'gmail=gmail.rollup').status, 0);
  t.regex(run('halon', '--rollup', 'gmail=gmail.rollup').stderr, /--rollup is for powermta/);
  t.regex(run('halon', '--out', join(here, 'none', 'x')).stderr, /ENOENT/);
  t.is(run('sendmail').status, 1);
  const none = join(here, 'none.sqlite');
  const env = { PATH: process.env.PATH, DATABASE_URL: none };
  const ended = spawnSync(process.execPath, ['src/cli/export.ts', 'postfix'], { env, encoding: 'utf8' });
  t.deepEqual([ended.status, ended.stderr], [1, `There is no database ${none}.\n`]);
  t.false(existsSync(none), 'nothing is made by looking');
});
