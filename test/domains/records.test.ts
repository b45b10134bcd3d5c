// What is published for a domain, looked up at a real name server on loopback: found, not right, not there, not known.
import { generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import { act } from '../../src/act.ts';
import { openResolver } from '../../src/dns/resolver.ts';
import { addDomain } from '../../src/domains/actions.ts';
import { lookDue } from '../../src/domains/checking/background.ts';
import { readSelectors } from '../../src/domains/records/form.ts';
import { lookAtRecords, provenBy } from '../../src/domains/records/look.ts';
import { NO_RECORD_SETTING, type RecordKind, type RecordSetting } from '../../src/domains/records/setting.ts';
import { isTrouble, type Look } from '../../src/domains/records/verdict.ts';
import * as make from '../support/make.ts';
import { NameServer, type Records, type Zones } from '../support/name-server.ts';
import { itself } from '../support/people.ts';
import { DAY, MINUTE, onBothEngines, type World } from '../support/world.ts';
import { publish } from '../support/zone.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const SHORT = generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey.export({ type: 'spki', format: 'der' });
/** Split as zone files split what is longer than 255 bytes. */
const split = (text: string): string[] => text.match(/.{1,255}/g) ?? [];

const SETTING: RecordSetting = {
  spfInclude: 'spf.nimbus.test',
  selectors: ['s1'],
  dkimTarget: '{selector}.{domain}.dkim.nimbus.test',
  returnPath: { label: 'bounces', target: 'back.nimbus.test' },
};
const OURS: Zones = {
  'spf.nimbus.test': { TXT: ['v=spf1 ip4:198.51.100.0/24 -all'] },
  's1.shop.test.dkim.nimbus.test': { TXT: [split(KEY)] },
  'back.nimbus.test': { A: ['198.51.100.9'], MX: ['10 back.nimbus.test'] },
  'mx.shop.test': { A: ['192.0.2.25'] },
};
const GOOD: Zones = {
  ...OURS,
  'shop.test': { TXT: ['hello', 'v=spf1 include:spf.nimbus.test ~all'], MX: ['10 mx.shop.test'] },
  's1._domainkey.shop.test': { CNAME: 's1.shop.test.dkim.nimbus.test' },
  '_dmarc.shop.test': { TXT: ['v=DMARC1; p=reject; rua=mailto:d@shop.test'] },
  'bounces.shop.test': { CNAME: 'BACK.nimbus.test' },
};

async function look(
  t: { teardown(fn: () => Promise<void>): void },
  zones: Zones,
  setting = SETTING,
  questionMs = 3_000,
) {
  const server = await NameServer.start(zones);
  t.teardown(() => server.stop());
  const dns = openResolver([server.address], { questionMs, atOnce: 20 });
  const subject = { name: 'shop.test', selectors: null, addresses: ['198.51.100.7'] };
  const looked = await lookAtRecords(dns, subject, setting);
  const of = (kind: RecordKind): Look | undefined => looked.find(({ wanted }) => wanted.kind === kind)?.look;
  return { looked, of, server };
}
const words = (one: Look | undefined): string =>
  one === undefined ? 'nothing' : isTrouble(one) ? `trouble: ${one.trouble}` : `${one.state}: ${one.says}`;

test('what is published as it should be is found', async (t) => {
  const { looked } = await look(t, GOOD);
  t.deepEqual(
    looked.map((one) => [one.wanted.kind, words(one.look)]),
    [
      ['spf', 'found: It includes our mail servers.'],
      ['dkim', 'found: A key that receivers take: RSA of 2048 bits.'],
      ['dmarc', 'found: It applies: receivers refuse mail that fails (p=reject).'],
      ['return-path', 'found: Bounces come back to us.'],
      ['mx', 'found: Answers reach a mail server.'],
    ],
  );
  t.deepEqual(provenBy(looked, { spf: false, dkim: false, dmarc: false }), { spf: true, dkim: true, dmarc: true });
});

const many = (count: number, mechanism: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => mechanism(index)).join(' ');
const includes = Object.fromEntries(
  Array.from({ length: 11 }, (_, index) => [`i${index}.test`, { TXT: ['v=spf1 ip4:192.0.2.1 -all'] }]),
);

/** What `shop.test` publishes, and what is said of its SPF record. */
const SPF: readonly (readonly [Records, RegExp, Zones?])[] = [
  [{ TXT: ['v=spf1 -all', 'v=spf1 ~all'] }, /wrong: There are 2 SPF records/],
  [
    { TXT: ['v=spf1 mx ~all'], MX: ['10 mx.shop.test'] },
    /wrong: It does not include our mail servers. Put include:spf\.nimbus/,
  ],
  [{ TXT: ['v=spf1 include:spf.nimbus.test +all'] }, /wrong: It lets every server in the world send/],
  [
    { TXT: ['v=spf1 include:other.test -all'] },
    /found: It includes our/,
    { 'other.test': { TXT: ['v=spf1 include:spf.nimbus.test -all'] } },
  ],
  [
    { TXT: [`v=spf1 ${many(11, (n) => `include:i${n}.test`)} -all`] },
    /wrong: It takes more than ten look-ups/,
    includes,
  ],
  [
    { TXT: ['v=spf1 a:x.test a:y.test a:z.test include:spf.nimbus.test -all'] },
    /wrong: More than two of its look-ups find nothing/,
  ],
  [{ TXT: ['v=spf1 include:shop.test -all'] }, /wrong: It takes more than ten look-ups/],
  [{ TXT: ['v=spf1 include:none.test -all'] }, /wrong: It refers to none\.test, which has no SPF record/],
  [{ TXT: ['v=spf1 ipv4:192.0.2.1 -all'] }, /wrong: Receivers cannot read it, and heed nothing of it: .*ipv4/i],
  [{ TXT: ['v=spf10 -all', 'V=SPF1 include:spf.nimbus.test -all'] }, /found: It includes/],
  [{ TXT: ['hello'] }, /missing: The texts at this name/],
  [{ AAAA: ['2001:db8::1'] }, /missing: This name has no such record/],
  [{ trouble: 'servfail' }, /trouble: server-failed/],
  [
    { TXT: ['v=spf1 include:failing.test -all'] },
    /trouble: server-failed/,
    { 'failing.test': { trouble: 'servfail' } },
  ],
  [
    { CNAME: 'round.test' },
    /wrong: This name is an alias \(CNAME\) that leads in a circle/,
    { 'round.test': { CNAME: 'shop.test' } },
  ],
];

for (const [index, [records, said, more = {}]] of SPF.entries())
  test(`SPF ${index}: ${said.source.slice(0, 60)}`, async (t) => {
    const { of } = await look(t, { ...OURS, ...more, 'shop.test': records });
    t.regex(words(of('spf')), said);
  });

test('without an include that is asked for, SPF has to let the addresses send over which the mail goes', async (t) => {
  const publishing = async (text: string) =>
    words((await look(t, { 'shop.test': { TXT: [text] } }, NO_RECORD_SETTING)).of('spf'));
  t.regex(await publishing('v=spf1 ip4:198.51.100.0/24 -all'), /found: It lets 198\.51\.100\.7 send/);
  t.regex(await publishing('v=spf1 ip4:192.0.2.0/24 -all'), /wrong: It does not let 198\.51\.100\.7 send/);
});

const at = 's1._domainkey.shop.test';
const DKIM: readonly (readonly [Records, RegExp, (RecordSetting | null)?])[] = [
  [{ CNAME: 's1.other.test' }, /wrong: This name is an alias \(CNAME\) of s1\.other\.test, which has no such record/],
  [{ TXT: [split(KEY)] }, /found: A key that receivers take/],
  [{ TXT: [split(KEY.replace(/.{9}$/, 'AAAAAQAB='))] }, /wrong: /],
  [{ TXT: ['v=DKIM1; p='] }, /wrong: The key is revoked/],
  [{ TXT: ['v=DKIM1; k=rsa'] }, /wrong: This is not a key/],
  [{ TXT: ['v=DKIM1; p=<script>'] }, /wrong: This is not a key/],
  [{ TXT: [`v=DKIM1; k=rsa; p=${SHORT.toString('base64')}`] }, /wrong: The key is shorter than 1024 bits/],
  [{ TXT: [split(KEY), 'something else'] }, /wrong: There are 2 TXT records at this name/],
  [{ TXT: [split(KEY.replace('k=rsa', 'k=rsa; t=y'))] }, /found: The key is there, but says t=y/, null],
  [{ TXT: [split(KEY.replace('k=rsa', 'k=ed25519'))] }, /wrong: The key is of a kind/],
];
for (const [index, [records, said, setting]] of DKIM.entries())
  test(`DKIM ${index}: ${said.source.slice(0, 60)}`, async (t) => {
    const without = { ...SETTING, dkimTarget: null };
    const { of } = await look(t, { ...OURS, [at]: records }, setting === null ? without : SETTING);
    t.regex(words(of('dkim')), said);
  });

test('a key of one’s own is not the provider’s, where that signs; the same key without an alias is', async (t) => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' });
  const own = { TXT: [split(`v=DKIM1; k=rsa; p=${other.toString('base64')}`)] };
  t.regex(
    words((await look(t, { ...OURS, [at]: own })).of('dkim')),
    /wrong: There is a key of its own instead of an alias/,
  );
  const elsewhere = { ...OURS, [at]: { CNAME: 'k.test' }, 'k.test': own };
  t.regex(words((await look(t, elsewhere)).of('dkim')), /wrong: It points to k\.test instead of s1\.shop\.test\.dkim/);
});

const DMARC: readonly (readonly [Zones, RegExp])[] = [
  [
    { '_dmarc.shop.test': { TXT: ['v=DMARC1; p=none; pct=50'] } },
    /found: It applies: receivers deliver .*pct= is no longer part/,
  ],
  [{ '_dmarc.shop.test': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } }, /wrong: There are 2 DMARC records/],
  [{ '_dmarc.shop.test': { TXT: ['v=DMARC1; p=nothing'] } }, /wrong: It has no policy that receivers know/],
  [{ '_dmarc.shop.test': { TXT: ['v=DMARC1'] } }, /wrong: It has no policy/],
  [{ '_dmarc.test': { TXT: ['v=DMARC1; p=quarantine; sp=reject'] } }, /found: That of test applies: receivers refuse/],
  [{ '_dmarc.shop.test': { TXT: ['v=spf1 -all'] } }, /missing/],
  [{ '_dmarc.shop.test': { trouble: 'servfail' } }, /trouble: server-failed/],
  [{ '_dmarc.test': { trouble: 'refused' } }, /trouble: server-failed/],
  [
    { '_dmarc.shop.test': { CNAME: '_dmarc.gone.test' } },
    /wrong: This name is an alias \(CNAME\) of _dmarc\.gone\.test/,
  ],
  [{}, /missing: This name does not exist/],
];
for (const [index, [zones, said]] of DMARC.entries())
  test(`DMARC ${index}: ${said.source.slice(0, 60)}`, async (t) => {
    t.regex(words((await look(t, zones)).of('dmarc')), said);
  });

const BACK: readonly (readonly [Zones, RegExp, RegExp])[] = [
  [{}, /missing: This name does not exist/, /missing/],
  [
    { 'bounces.shop.test': { CNAME: 'x.test' } },
    /wrong: It points to x\.test instead of back\.nimbus\.test/,
    /missing: The domain has no MX/,
  ],
  [
    { 'bounces.shop.test': { A: ['192.0.2.1'] }, 'shop.test': { A: ['192.0.2.1'] } },
    /wrong: It has records of its own/,
    /found: There is no MX record, so answers go/,
  ],
  [{ 'shop.test': { MX: ['0 .'] } }, /missing/, /wrong: The domain says that it takes no mail/],
  [
    { 'shop.test': { MX: ['10 gone.test'] } },
    /missing/,
    /wrong: gone\.test, to which answers go first, has no address/,
  ],
  [{ 'shop.test': { MX: ['10 v6.test'] }, 'v6.test': { AAAA: ['2001:db8::1'] } }, /missing/, /found: .*IPv6 alone/],
  [{ 'shop.test': { trouble: 'refused' }, 'bounces.shop.test': { trouble: 'servfail' } }, /trouble/, /trouble/],
];
for (const [index, [zones, back, mx]] of BACK.entries())
  test(`return path and MX ${index}: ${back.source.slice(0, 40)}`, async (t) => {
    const { of } = await look(t, { ...OURS, ...zones });
    t.regex(words(of('return-path')), back);
    t.regex(words(of('mx')), mx);
  });

test('an alias is not told to lead nowhere because its end was not found out', async (t) => {
  const zones = { ...OURS, [at]: { CNAME: 'k.test' }, 'k.test': { trouble: 'servfail' } } as const;
  const { of } = await look(t, zones);
  t.is(words(of('dkim')), 'trouble: server-failed');
});

test('a name server that is silent costs a bounded time, and says nothing about any record', async (t) => {
  const silent = { trouble: 'silent' } as const;
  const names = ['shop.test', at, '_dmarc.shop.test', 'bounces.shop.test'];
  const { looked } = await look(t, Object.fromEntries(names.map((name) => [name, silent])), SETTING, 100);
  for (const one of looked) t.regex(words(one.look), /^trouble: timed-out|^trouble: server-failed/, one.wanted.kind);
  const before = { spf: true, dkim: false, dmarc: true };
  t.deepEqual(provenBy(looked, before), before);
});

test('no domain makes us ask without end', async (t) => {
  const wide = Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [
      `m${n}.test`,
      { MX: Array.from({ length: 10 }, (_, i) => `10 h${n}-${i}.test`) },
    ]),
  );
  const { server } = await look(t, {
    ...wide,
    'shop.test': { TXT: [`v=spf1 ${many(10, (n) => `mx:m${n}.test`)} -all`] },
  });
  t.true(server.asked.length < 150, `${server.asked.length} questions`);
});

test('selectors are read as people give them', (t) => {
  t.deepEqual(readSelectors(' S1, mail.2026  s1 k_1'), ['s1', 'mail.2026', 'k_1']);
  for (const wrong of [
    'a..b',
    '-a',
    'a/b',
    '*',
    'x'.repeat(64),
    'SELECTOR._domainkey.a.test;',
    Array.from({ length: 11 }, (_, n) => `s${n}`).join(' '),
  ])
    t.is(readSelectors(wrong), undefined, wrong);
});

async function shop(world: World) {
  const acme = await make.account(world, { name: 'Acme' });
  const added = await act(world.db, itself(world), (act) =>
    addDomain(act, { accountId: acme.id, name: 'shop.test', usage: 'both' }),
  );
  if (!added.ok) throw new Error('not added');
  return { acme, path: `/domains/${added.value.id}`, id: added.value.id };
}

onBothEngines('a domain’s page tells what to publish, what was found instead, and the difference', async (t, world) => {
  const { acme, path, id } = await shop(world);
  await make.staff(world);
  const admin = await world.signedIn('admin@warmdesk.example');
  const setting = {
    ...SETTING,
    returnLabel: 'bounces',
    returnTarget: 'back.nimbus.test',
    selectors: 's1',
    spfInclude: 'include:SPF.nimbus.test.',
  };
  const set = await admin.post('/settings/records', setting as never);
  t.is(set.location, '/settings/records?note=settings-saved');
  const server = await publish(t, world, { ...GOOD, 'shop.test': { TXT: ['v=spf1 mx <b>"</b> -all'] } });
  const owner = await world.signedIn(acme.admin.email);
  const fresh = await owner.get(path);
  t.regex(fresh.text, /SPF not checked yet.*DKIM not checked yet.*DMARC not checked yet.*Return path not checked yet/);
  t.notRegex(fresh.text, /not found|SELECTOR/);
  t.is(await lookDue(world.deps), 1);
  const page = await owner.get(path);
  t.regex(
    page.text,
    /SPF not right .* Receivers cannot read it.*Found instead v=spf1 mx <b>"<\/b> -all Publish v=spf1 include:spf\.nimbus\.test ~all/,
  );
  t.regex(page.text, /DKIM found .*s1\._domainkey\.shop\.test/);
  t.regex(page.text, /MX not found/);
  t.like(await world.db('domains').where({ id }).first('spf', 'dkim', 'dmarc'), {
    dkim: world.db.client.config.client === 'pg' ? true : 1,
  });
  t.is(await lookDue(world.deps), 0, 'not again at once');

  server.zones = { ...GOOD };
  t.is((await owner.post(`${path}/look`, {})).location, `${path}?note=looking`);
  t.is(await lookDue(world.deps), 1);
  t.regex((await owner.get(path)).text, /SPF found.*DKIM found.*DMARC found.*Return path found.*MX found/);
  await lookDue(world.deps);
  const history = (await owner.get('/history')).text;
  t.is(history.match(/checked DNS of shop\.test/g)?.length, 2, 'only what changed is in the history');

  server.zones['shop.test'] = { trouble: 'servfail' };
  world.now += DAY;
  t.is(await lookDue(world.deps), 1);
  const later = await (await world.signedIn(acme.admin.email)).get(path);
  t.regex(later.text, /SPF found .*answered with an error\. We try again automatically\. What you see here is from/);
  await server.stop();
  world.now += MINUTE;
  t.is(await lookDue(world.deps), 1, 'again after a minute');
  const proven = await world.db('domains').where({ id }).first('spf', 'dkim', 'dmarc');
  t.true(Object.values(proven).every(Boolean), 'a resolver that is away changes nothing');
});

onBothEngines('a customer gives selectors of its own, and staff see the same page', async (t, world) => {
  const { acme, path, id } = await shop(world);
  await make.staff(world);
  await publish(t, world, { ...OURS, 'k9._domainkey.shop.test': { TXT: [split(KEY)] } });
  const member = await world.signedIn(acme.member.email);
  t.regex((await member.get(path)).text, /DKIM not found .*No selector is known/);
  const wrong = await member.post(`${path}/selectors`, { selectors: 'a/b <i>' });
  t.is(wrong.status, 422);
  t.regex(wrong.text, /Selectors must be up to ten names/);
  t.true(wrong.html.includes('value="a/b &lt;i&gt;"'));
  t.is((await member.post(`${path}/selectors`, { selectors: 'K9' })).location, `${path}?note=looking`);
  await lookDue(world.deps);
  const staff = await world.signedIn('reviewer@warmdesk.example');
  const page = await staff.get(`/customers/${acme.id}/domains/${id}`);
  t.regex(page.text, /DKIM found .*k9\._domainkey\.shop\.test/);
  t.notRegex(page.text, /Request dedicated IPs|Use these selectors/);
  t.is((await staff.get(`/customers/${acme.id + 1}/domains/${id}`)).status, 404);
});

onBothEngines('a request has its domains looked up, and the demo’s never are', async (t, world) => {
  const { acme, id } = await shop(world);
  const server = await publish(t, world, GOOD);
  await lookDue(world.deps);
  t.is(await lookDue(world.deps), 0);
  const asked = server.asked.length;
  await make.request(world, { ...acme.admin });
  t.is(await lookDue(world.deps), 1, 'what the reviewer sees is of today');
  t.true(server.asked.length > asked);
  t.true(server.asked.every((question) => !question.includes('.example')));
  await world.db('domains').where({ id }).update({ due_at: 0 });
  await world.db('accounts').where({ id: acme.id }).update({ status: 'suspended' });
  t.is(await lookDue(world.deps), 0, 'an account that is suspended is not looked after');
  await world.db('accounts').where({ id: acme.id }).update({ status: 'active' });
});
