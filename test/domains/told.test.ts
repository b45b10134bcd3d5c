// Mails about a domain: that it is proven, that its records are not right any more, that it is used for something else, that it is removed.
import { generateKeyPairSync } from 'node:crypto';
import { actIn } from '../../src/act.ts';
import { moveDomain } from '../../src/domains/actions.ts';
import { lookDue, proveDue } from '../../src/domains/checking/background.ts';
import { proofRecord } from '../../src/domains/pending/pending.ts';
import { findPendingNamed } from '../../src/domains/pending/store.ts';
import { findDomainNamed } from '../../src/domains/store.ts';
import * as make from '../support/make.ts';
import type { Zones } from '../support/name-server.ts';
import { acme, staff } from '../support/people.ts';
import { dedicatedAnswers, inTransactionalPool, sendingDomain, sent } from '../support/scene.ts';
import { mailedTo } from '../support/warm.ts';
import { DAY, MINUTE, onBothEngines, type World } from '../support/world.ts';
import { publish } from '../support/zone.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const RIGHT: Zones = {
  'shop.test': { TXT: ['v=spf1 ip4:198.51.100.0/24 -all'], MX: ['10 mx.shop.test'] },
  'mx.shop.test': { A: ['192.0.2.25'] },
  's1._domainkey.shop.test': { TXT: [KEY.match(/.{1,255}/g) ?? []] },
  '_dmarc.shop.test': { TXT: ['v=DMARC1; p=none'] },
};

/** Acme's shop.test, proven and with all of its records right. */
async function shopOf(world: World, account: make.Account) {
  const domain = await make.domain(world, account.id, 'shop.test', { weekly: null, dns: false });
  await world.db('domains').where({ id: domain.id }).update({ selectors: 's1', due_at: 0 });
  await lookDue(world.deps);
  return domain;
}

onBothEngines(
  'a domain that is proven is mailed to the account’s admins and to who asked, once each',
  async (t, world) => {
    const account = await make.account(world);
    const server = await publish(t, world, {});
    const member = await world.signedIn(account.member.email);
    await member.post('/domains', { name: 'shop.test', usage: 'both' });
    const pending = await findPendingNamed(world.db, account.id, 'shop.test');
    if (!pending) throw new Error('it waits');
    await proveDue(world.deps);
    t.deepEqual(await mailedTo(world, 'domain-proven'), [], 'not before its record is there');
    const { at, value } = proofRecord(pending);
    server.zones = { [at]: { TXT: [value] } };
    world.now += MINUTE;
    await proveDue(world.deps);
    await proveDue(world.deps);
    t.deepEqual(await mailedTo(world, 'domain-proven'), [account.admin.email, account.member.email].sort());
  },
);

onBothEngines('a domain that staff asked for is mailed to them with the page that they have', async (t, world) => {
  const account = await make.account(world);
  const { admin } = await make.staff(world);
  const server = await publish(t, world, {});
  await (await world.signedIn(admin.email)).post(`/customers/${account.id}/domains`, {
    name: 'shop.test',
    usage: 'both',
  });
  const pending = await findPendingNamed(world.db, account.id, 'shop.test');
  if (!pending) throw new Error('it waits');
  const { at, value } = proofRecord(pending);
  server.zones = { [at]: { TXT: [value] } };
  await proveDue(world.deps);
  const mails = await world.db('outbox').where({ template: 'domain-proven' }).orderBy('to_address');
  const domain = await findDomainNamed(world.db, 'shop.test');
  t.deepEqual(
    mails.map((mail) => [mail.to_address, JSON.parse(mail.facts).path]),
    [
      [account.admin.email, `/domains/${domain?.id}`],
      [admin.email, `/customers/${account.id}/domains/${domain?.id}`],
    ],
  );
});

onBothEngines('records that are not right any more are mailed with what to do, once in a week', async (t, world) => {
  const account = await make.account(world, { weekly: null });
  const server = await publish(t, world, RIGHT);
  const { id } = await shopOf(world, account);
  const stored = () => world.db('domains').where({ id }).first('spf', 'dkim', 'dmarc', 'wrong');
  t.true(
    Object.values(await stored())
      .slice(0, 3)
      .every(Boolean),
    JSON.stringify(await stored()),
  );
  t.deepEqual(await mailedTo(world, 'domain-records-lost'), [], 'what was never right was not lost');

  server.zones = { ...RIGHT, 'shop.test': { TXT: ['v=spf1 +all'] }, '_dmarc.shop.test': { trouble: 'servfail' } };
  world.now += DAY;
  await lookDue(world.deps);
  t.deepEqual(await mailedTo(world, 'domain-records-lost'), [account.admin.email]);
  const { facts } = await world.db('outbox').where({ template: 'domain-records-lost' }).first('facts');
  t.deepEqual(
    JSON.parse(facts).lost.map((one: { title: string; says: string }) => [one.title, one.says]),
    [['SPF', 'It lets every server in the world send for this domain. End it with ~all or -all.']],
    'a server that fails loses nothing',
  );
  t.is((await stored()).wrong, 'spf');

  for (const zones of [RIGHT, {}, RIGHT, {}]) {
    server.zones = zones;
    world.now += DAY;
    await lookDue(world.deps);
  }
  t.is((await mailedTo(world, 'domain-records-lost')).length, 1, 'servers that disagree mail nobody each time');
  server.zones = RIGHT;
  world.now += 4 * DAY;
  await lookDue(world.deps);
  server.zones = {};
  world.now += DAY;
  await lookDue(world.deps);
  t.is((await mailedTo(world, 'domain-records-lost')).length, 2, 'a week later it is news');
});

onBothEngines(
  'pages say whether a record is missing or there but not right; what was not looked at is neither',
  async (t, world) => {
    const account = await make.account(world, { weekly: null });
    const server = await publish(t, world, { ...RIGHT, 'shop.test': { TXT: ['v=spf1 +all'] }, '_dmarc.shop.test': {} });
    const { id } = await shopOf(world, account);
    const visitor = await world.signedIn(account.admin.email);
    t.regex(
      (await visitor.get('/')).text,
      /shop\.test has DNS records to put right: SPF not right, DMARC missing\. Mail from it is trusted less/,
    );
    t.regex((await visitor.get('/domains')).text, /shop\.test .*SPF not right, DMARC missing/);
    await world
      .db('domains')
      .where({ id })
      .update({ checked_at: null, spf: false, dkim: false, dmarc: false, wrong: '' });
    const home = (await visitor.get('/')).text;
    t.regex(home, /shop\.test .*Not checked yet/);
    t.notRegex(home, /DNS records to put right/);
    t.truthy(server.asked.length);
  },
);

onBothEngines(
  'C-04: what a domain is used for is changed, with what follows said first, and the admins are mailed',
  async (t, world) => {
    const account = await make.account(world, { weekly: null });
    const [news] = account.domains;
    const member = await world.signedIn(account.member.email);
    const path = `/domains/${news?.id}/use`;
    const page = await member.get(path);
    t.regex(page.text, /Transactional It can ask for the transactional pool\./);
    t.regex(page.text, /Mail that does not say what it is counts as transactional\./);
    const answer = await member.submit(page, path, { usage: 'transactional' });
    t.is(answer.location, `/domains/${news?.id}?note=domain-used`);
    t.is((await findDomainNamed(world.db, String(news?.name)))?.usage, 'transactional');
    t.deepEqual(await mailedTo(world, 'domain-use-changed'), [account.admin.email]);
    const again = await member.post(path, { usage: 'both', from: 'marketing' });
    t.is(again.status, 409);
    t.regex(again.text, /Somebody changed what this domain is used for/);
    t.is((await member.post(path, { usage: 'transactional', from: 'transactional' })).status, 422);
    const admin = await world.signedIn(account.admin.email);
    t.regex((await admin.get('/history')).text, /changed what news\.acme\.example is used for: transactional mail/);
  },
);

onBothEngines(
  'C-04: a domain in the transactional pool is not used for anything else before it has left',
  async (t, world) => {
    const team = await acme(world);
    const { domain } = await inTransactionalPool(world, team, (await staff(world)).reviewer);
    const domainId = domain.id;
    const visitor = await world.signedIn(team.owner.email);
    const path = `/domains/${domainId}/use`;
    t.regex((await visitor.get(path)).text, /It has to leave the pool first/);
    t.is((await visitor.post(path, { usage: 'both', from: 'transactional' })).status, 409);
    t.is((await world.db('domains').where({ id: domainId }).first()).usage, 'transactional');
  },
);

onBothEngines(
  'C-04, C-15: a domain that came to its IPs from the transactional pool falls back to the default one once it sends more',
  async (t, world) => {
    const team = await acme(world);
    const { domain } = await inTransactionalPool(world, team, (await staff(world)).reviewer);
    const by = { person: team.owner, at: world.now };
    const move = async (to: 'dedicated' | 'default') => {
      const now = (await findDomainNamed(world.db, domain.name)) ?? t.fail();
      await world.db.transaction((trx) => moveDomain(actIn(trx, by), now, to));
    };
    await move('dedicated');
    const pool = async () => (await findDomainNamed(world.db, domain.name))?.sharedPool;
    t.is(await pool(), 'transactional');
    const visitor = await world.signedIn(team.owner.email);
    const path = `/domains/${domain.id}/use`;
    const page = await visitor.get(path);
    t.regex(page.text, /Transactional messages that they do not carry go over the default shared pool\./);
    t.is((await visitor.submit(page, path, { usage: 'both' })).status, 303);
    t.is(await pool(), 'default');
    const back = await visitor.submit(await visitor.get(path), path, { usage: 'transactional' });
    t.is(back.status, 303);
    t.is(await pool(), 'default', 'the pool is asked for, not fallen into');
    await move('default');
  },
);

onBothEngines(
  'a domain that staff remove is mailed to each admin with the reason; one that stays, to nobody',
  async (t, world) => {
    const team = await acme(world);
    const desk = await staff(world);
    const { domain } = await inTransactionalPool(world, team, desk.reviewer);
    const visitor = await world.signedIn(desk.admin.email);
    const path = (id: number) => `/customers/${team.id}/domains/${id}/removal`;
    const asked = await sendingDomain(world, team.id, { name: 'shop.acme.example' });
    await sent(world, team.owner, dedicatedAnswers(world, [asked.id]));
    t.is((await visitor.post(path(asked.id), { reason: 'It was sold.' })).status, 409, 'a request is about it');
    t.deepEqual(await mailedTo(world, 'domain-removed'), []);
    t.is((await visitor.post(path(domain.id), { reason: 'It was sold.' })).status, 303);
    t.deepEqual(await mailedTo(world, 'domain-removed'), [team.owner.email]);
    const { facts } = await world.db('outbox').where({ template: 'domain-removed' }).first('facts');
    t.like(JSON.parse(facts), {
      ...{ domain: domain.name, path: '/domains', by: desk.admin.name },
      ...{ isInPool: true, reason: 'It was sold.' },
    });
  },
);

onBothEngines('a domain that an admin removes is mailed to the other admins, without a reason', async (t, world) => {
  const account = await make.account(world, { weekly: null });
  const [news] = account.domains;
  await world.db('people').where({ id: account.member.id }).update({ account_role: 'admin' });
  const admin = await world.signedIn(account.admin.email);
  t.is((await admin.post(`/domains/${news?.id}/removal`, { reason: '' })).status, 303);
  t.deepEqual(await mailedTo(world, 'domain-removed'), [account.member.email]);
  const { facts } = await world.db('outbox').where({ template: 'domain-removed' }).first('facts');
  t.like(JSON.parse(facts), { by: account.admin.name, isInPool: false, reason: null });
});
