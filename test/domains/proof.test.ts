// A domain becomes an account's by a TXT record, looked up at a real name server on loopback.
import test from 'ava';
import { act, actIn } from '../../src/act.ts';
import { addDomain, removeDomain } from '../../src/domains/actions.ts';
import { proveDue } from '../../src/domains/checking/background.ts';
import type { Domain } from '../../src/domains/domain.ts';
import { readDomainName, writtenName } from '../../src/domains/name.ts';
import { addProven } from '../../src/domains/pending/actions.ts';
import { judgeProof, proofRecord } from '../../src/domains/pending/pending.ts';
import { findPendingNamed } from '../../src/domains/pending/store.ts';
import { findDomainNamed } from '../../src/domains/store.ts';
import { State } from '../../src/routing/snapshot.ts';
import * as make from '../support/make.ts';
import { itself } from '../support/people.ts';
import { DAY, MINUTE, onBothEngines, type World } from '../support/world.ts';
import { publish } from '../support/zone.ts';

test('a name is read by U-label and A-label alike, and nothing else passes for one', (t) => {
  for (const written of ['bücher.de', 'BÜCHER.de.', ' xn--bcher-kva.de', 'bu\u0308cher.de', 'Ｂücher。de'])
    t.is(readDomainName(written), 'xn--bcher-kva.de', written);
  t.is(readDomainName('News.Shop.CO.UK'), 'news.shop.co.uk');
  t.is(readDomainName('straße.de'), 'xn--strae-oqa.de', 'not strasse.de, which is another domain');
  const wrong = [
    '',
    'localhost',
    'https://a.test',
    'a@b.test',
    'a.test/x',
    'a..test',
    '-a.test',
    'a_b.test',
    '192.0.2.1',
  ]
    .concat(['xn--a.test', 'xn--zzzzzz99999.test', 'a b.test', '%61.test', 'a.test:25', `${'x'.repeat(64)}.test`])
    .concat([`${'x.'.repeat(120)}test`, '[::1]', '*.test', 'a\u202eb.test']);
  for (const name of wrong) t.is(readDomainName(name), undefined, name);
  t.is(writtenName('xn--bcher-kva.de'), 'bücher.de');
  t.is(writtenName('shop.de'), null);
});

test('a proof is seen only in a TXT record of this very name', (t) => {
  const none = { outcome: 'no-such-record' } as const;
  const found = (...records: string[]) => ({ outcome: 'found', records }) as const;
  const judge = (txt: Parameters<typeof judgeProof>[1]['txt'], cname: typeof txt = none) =>
    judgeProof('warmdesk=1', { txt, cname });
  t.deepEqual(judge(found('other', ' warmdesk=1 ')), { state: 'proven' });
  t.deepEqual(judge(none), { state: 'missing', found: [] });
  t.deepEqual(judge({ outcome: 'no-such-name' }), { state: 'missing', found: [] });
  t.deepEqual(judge(found('warmdesk=12', '<b>\u00ff')), { state: 'wrong', found: ['warmdesk=12', '<b>\\255'] });
  t.deepEqual(judge(found('warmdesk=1'), found('evil.test')), { state: 'alias', found: ['evil.test'] });
  for (const outcome of ['timed-out', 'away'] as const) {
    t.deepEqual(judge({ outcome }), { state: null, trouble: outcome });
    t.deepEqual(judge(found('warmdesk=1'), { outcome }), { state: null, trouble: outcome });
  }
  const failed = { outcome: 'server-failed', code: 'ESERVFAIL' } as const;
  t.deepEqual(judge(failed), { state: null, trouble: 'server-failed' });
});

async function wanted(world: World, email: string, name: string, usage = 'both') {
  const visitor = await world.signedIn(email);
  const answer = await visitor.post('/domains', { name, usage });
  return { visitor, answer, path: answer.location ?? '' };
}

const recordOf = async (world: World, accountId: number, name: string) => {
  const pending = await findPendingNamed(world.db, accountId, name);
  if (!pending) throw new Error(`${name} does not wait`);
  return { pending, ...proofRecord(pending) };
};

onBothEngines(
  'C-01: a domain is added once its record is found, and is on the default pool at once',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const server = await publish(t, world, {});
    const { visitor, path } = await wanted(world, acme.member.email, 'Bücher.test', 'transactional');
    const before = await visitor.get(path);
    t.regex(before.text, /xn--bcher-kva\.test bücher\.test · Used for transactional mail/);
    t.regex(before.text, /Its record: not checked yet\./);
    const { at, value } = await recordOf(world, acme.id, 'xn--bcher-kva.test');
    t.true(before.html.includes(`>${at}<`) && before.html.includes(`>${value}<`));

    t.is(await proveDue(world.deps), 1);
    t.regex((await visitor.get(path)).text, /Its record: not found\./);
    t.is(await proveDue(world.deps), 0, 'not again within a minute');

    server.zones[at] = { TXT: ['other', [value.slice(0, 9), value.slice(9)]] };
    world.now += 2 * MINUTE;
    t.is(await proveDue(world.deps), 1);
    const list = await visitor.get('/domains');
    t.regex(list.text, /xn--bcher-kva\.test \(bücher\.test\) Transactional Default shared pool/);
    t.notRegex(list.text, /Waiting for proof/);
    t.is((await visitor.get(path)).status, 404);
    const history = await (await world.signedIn(acme.admin.email)).get('/history');
    t.regex(history.text, /asked to add the domain xn--bcher-kva\.test; it waits for its proof/);
    t.regex(history.text, /Warmdesk added the domain xn--bcher-kva\.test/);
  },
);

onBothEngines('the record of one account proves nothing for another, and no two hold a domain', async (t, world) => {
  const [acme, other] = [await make.account(world, { name: 'Acme' }), await make.account(world, { name: 'Other' })];
  const server = await publish(t, world, {});
  await wanted(world, acme.admin.email, 'shop.test');
  const theirs = await wanted(world, other.admin.email, 'shop.test');
  const [ours, others] = [await recordOf(world, acme.id, 'shop.test'), await recordOf(world, other.id, 'shop.test')];
  t.not(ours.value, others.value);
  server.zones[ours.at] = { TXT: [ours.value] };
  await proveDue(world.deps);
  t.is((await findDomainNamed(world.db, 'shop.test'))?.accountId, acme.id);
  t.regex((await theirs.visitor.get(theirs.path)).text, /Its record: another text\./);

  server.zones[ours.at] = { TXT: [ours.value, others.value] };
  world.now += DAY;
  await proveDue(world.deps);
  t.is((await findDomainNamed(world.db, 'shop.test'))?.accountId, acme.id, 'it stays with who has it');
  const page = await (await world.signedIn(other.admin.email)).get(theirs.path);
  t.regex(page.text, /Its record: found, but taken\./);
  t.notRegex(page.text, /Acme/, 'who has it is not told');

  const owner = await world.signedIn(acme.admin.email);
  const domain = await findDomainNamed(world.db, 'shop.test');
  const gone = await owner.post(`/domains/${domain?.id}/removal`, { reason: '' });
  t.is(gone.location, '/domains?note=domain-removed');
  server.zones[ours.at] = { TXT: [ours.value] };
  await proveDue(world.deps);
  t.is(await findDomainNamed(world.db, 'shop.test'), undefined, 'moving it proves it again: the record is gone');
  server.zones[ours.at] = { TXT: [others.value] };
  world.now += DAY;
  await proveDue(world.deps);
  t.is((await findDomainNamed(world.db, 'shop.test'))?.accountId, other.id);
  const again = await wanted(world, acme.admin.email, 'shop.test');
  t.not((await recordOf(world, acme.id, 'shop.test')).value, ours.value, 'an old record is not a proof');
  t.is(again.answer.status, 303);
});

onBothEngines('two accounts that prove a domain at the same moment: one has it', async (t, world) => {
  const [acme, other] = [await make.account(world, { name: 'Acme' }), await make.account(world, { name: 'Other' })];
  await wanted(world, acme.admin.email, 'shop.test');
  await wanted(world, other.admin.email, 'shop.test');
  const both = [await recordOf(world, acme.id, 'shop.test'), await recordOf(world, other.id, 'shop.test')];
  const actor = itself(world);
  const became = await Promise.all(both.map(({ pending }) => addProven(world.db, actor, pending, { dueAt: null })));
  t.deepEqual(became.toSorted(), ['added', 'taken']);
  const twice = await Promise.all(both.map(({ pending }) => addProven(world.db, actor, pending, { dueAt: null })));
  t.deepEqual(twice.toSorted(), ['gone', 'taken']);
  t.is((await world.db('domains').where({ name: 'shop.test' })).length, 1);
});

onBothEngines('a resolver that is away or a zone that fails changes nothing that was known', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  const server = await publish(t, world, {});
  const { visitor, path } = await wanted(world, acme.admin.email, 'shop.test');
  const { at } = await recordOf(world, acme.id, 'shop.test');
  server.zones[at] = { TXT: ['v=spf1 <script>alert(1)</script>'] };
  await proveDue(world.deps);
  t.regex((await visitor.get(path)).text, /another text.*Found instead v=spf1 <script>/s);
  for (const trouble of ['servfail', 'silent', 'refused', 'garbage'] as const) {
    server.zones[at] = { trouble };
    world.now += DAY;
    await proveDue(world.deps);
    const page = await (await world.signedIn(acme.admin.email)).get(path);
    t.regex(page.text, /another text.*Found instead v=spf1 <script>/s, trouble);
    t.regex(page.text, trouble === 'silent' ? /did not answer in time/ : /answered with an error/, trouble);
  }
  server.zones[at] = { CNAME: 'elsewhere.test' };
  world.now += DAY;
  await proveDue(world.deps);
  t.regex((await (await world.signedIn(acme.admin.email)).get(path)).text, /an alias.*Found instead elsewhere\.test/s);
  await server.stop().catch(() => {});
  world.now += DAY;
  await proveDue(world.deps);
  t.regex(
    (await (await world.signedIn(acme.admin.email)).get(path)).text,
    /an alias.*our own resolver could not be reached/is,
  );
});

onBothEngines('looking stops by itself after a month, and the button looks again', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  await publish(t, world, {});
  const { path } = await wanted(world, acme.admin.email, 'shop.test');
  let looks = 0;
  for (let day = 0; day < 40; day += 1, world.now += DAY) looks += await proveDue(world.deps);
  t.true(looks > 20 && looks < 40, `${looks} looks in 40 days`);
  const back = await world.signedIn(acme.admin.email);
  t.regex((await back.get(path)).text, /have stopped looking/);
  t.is((await back.post(`${path}/look`, {})).location, `${path}?note=looking`);
  t.is(await proveDue(world.deps), 1);
});

onBothEngines('what cannot be added is told at its field, with what was typed', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  const visitor = await world.signedIn(acme.member.email);
  const own = acme.domains[0]?.name ?? '';
  for (const [name, error] of [
    ['https://shop.test/', /Domain must be a name like/],
    ['', /Domain is missing/],
    ['new.example', /reserved for documentation/],
  ] as const) {
    const answer = await visitor.post('/domains', { name, usage: 'both' });
    t.is(answer.status, 422, name);
    t.regex(answer.text, error);
    t.true(answer.html.includes(`value="${name}"`) || name === '');
  }
  t.regex((await visitor.post('/domains', { name: 'shop.test' })).text, /Choose what it is used for/);
  await world.db('domains').where({ name: own }).update({ name: 'own.test' });
  t.regex((await visitor.post('/domains', { name: 'OWN.test', usage: 'both' })).text, /in your list already/);
  const twice = await Promise.all([1, 2].map(() => visitor.post('/domains', { name: 'shop.test', usage: 'both' })));
  t.is(twice[0]?.location, twice[1]?.location, 'asked for twice, it waits once');
  await make.staff(world);
  const admin = await world.signedIn('admin@warmdesk.example');
  await admin.post(`/customers/${acme.id}/suspension`, { reason: 'Spam.', version: '1' });
  const stopped = await visitor.post('/domains', { name: 'more.test', usage: 'both' });
  t.is(stopped.status, 409);
  t.is(await proveDue(world.deps), 0, 'nothing is looked up for an account that is suspended');
});

onBothEngines(
  'a domain that IPs or open requests use cannot be removed; one that is removed carries no mail',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    await make.staff(world);
    await make.ips(world, 'us', 1);
    await make.requestIn(world, 'fulfilled', acme.admin);
    const used = acme.domains[0]?.id;
    const owner = await world.signedIn(acme.admin.email);
    const page = await owner.get(`/domains/${used}/removal`);
    t.regex(page.text, /Not yet\. Its mail goes over 198\.18\.0\.\d\./);
    t.is((await owner.post(`/domains/${used}/removal`, {})).status, 409);

    const actor = itself(world);
    const added = await act<Domain, never>(world.db, actor, (act) =>
      addDomain(act, { accountId: acme.id, name: 'spare.test', usage: 'both' }),
    );
    const domain = added.ok ? added.value : acme.domains[0];
    const id = domain?.id;
    const state = new State(world.db, world.deps.log, () => world.now);
    await state.refresh();
    t.truthy(state.find('spare.test'));
    const staff = await world.signedIn('admin@warmdesk.example');
    const base = `/customers/${acme.id}/domains`;
    t.is((await staff.post(`${base}/${id}/removal`, { reason: '' })).status, 422, 'staff give a reason');
    world.now += MINUTE;
    t.is((await staff.post(`${base}/${id}/removal`, { reason: 'Sold.' })).location, `${base}?note=domain-removed`);
    await state.refresh();
    t.is(state.find('spare.test'), undefined);
    t.is((await owner.get(`/domains/${id}`)).status, 404);
    t.is((await staff.post(`${base}/${id}/removal`, { reason: 'Sold.' })).status, 404);
    t.regex((await owner.get('/history')).text, /removed the domain spare\.test/);
    await t.throwsAsync(
      world.db.transaction((trx) => removeDomain(actIn(trx, actor), domain as Domain, '')),
      { message: /removed meanwhile/ },
    );
  },
);
