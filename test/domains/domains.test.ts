import test from 'ava';
import { actIn } from '../../src/act.ts';
import { addDomain } from '../../src/domains/actions.ts';
import { mailServers, mayCarry } from '../../src/domains/domain.ts';
import { account, acme, itself, somebody, staff } from '../support/people.ts';
import { acmeWithIp, inTransactionalPool, sendingDomain } from '../support/scene.ts';
import { onBothEngines } from '../support/world.ts';

test('C-06: campaigns and broadcasts of a domain in the transactional pool are refused, its transactional mail is not', (t) => {
  const domain = { name: 'receipts.acme.example', route: 'transactional' } as const;
  t.deepEqual(mayCarry(domain, 'transactional'), { ok: true });
  for (const kind of ['campaign', 'broadcast'] as const) {
    const answer = mayCarry(domain, kind);
    t.false(answer.ok);
    t.regex(
      answer.ok ? '' : answer.sentence,
      new RegExp(`receipts.acme.example is in the transactional pool.*${kind}s`),
    );
  }
});

test('C-06: on the other routes every kind of message is carried', (t) => {
  for (const route of ['default', 'dedicated'] as const) {
    for (const kind of ['campaign', 'broadcast', 'transactional'] as const) {
      t.deepEqual(mayCarry({ name: 'shop.acme.example', route }, kind), { ok: true });
    }
  }
});

test('C-04: only a separate transactional domain may ask for the transactional pool', (t) => {
  const offered = (usage: 'marketing' | 'transactional' | 'both') =>
    mailServers({ name: 'a.example', route: 'default', usage }).transactional;
  t.true(offered('transactional').mayRequest);
  for (const usage of ['marketing', 'both'] as const) {
    t.false(offered(usage).mayRequest);
    t.regex(offered(usage).whyNot ?? '', /only a separate domain/);
  }
});

onBothEngines('C-01: a new domain is on the default shared pool without anybody asking', async (t, world) => {
  const { id } = await acme(world);
  const domain = await world.db.transaction((trx) =>
    addDomain(actIn(trx, itself(world)), { accountId: id, name: 'new.acme.example', usage: 'marketing' }),
  );
  const member = await world.signedIn('member@acme.example');
  const list = await member.get('/domains');
  t.regex(list.text, /new\.acme\.example Marketing Default shared pool not measured/);
  t.regex(list.text, /not checked yet never/);
  const page = await member.get(`/domains/${domain.id}`);
  t.regex(page.html, /data-route="default" aria-current="true"/);
  t.regex(page.text, /Default shared pool In force/);
  t.is(
    await world
      .db('requests')
      .count({ n: '*' })
      .first()
      .then((row) => Number(row?.['n'])),
    0,
  );
});

onBothEngines('C-18: the Mail Servers page shows the route that is in force', async (t, world) => {
  const { acme, staff, domain, warmupId } = await acmeWithIp(world);
  const pool = await inTransactionalPool(world, acme, staff.reviewer);
  const owner = await world.signedIn('owner@acme.example');
  const dedicated = await owner.get(`/domains/${domain.id}`);
  t.deepEqual(inForce(dedicated.html), ['dedicated']);
  t.regex(dedicated.text, /192\.0\.2\.1 Starts 30 Nov Warm-up/, 'S-13: the label of an IP that warms up');
  t.true(dedicated.html.includes(`href="/warm-ups/${warmupId}"`));
  const transactional = await owner.get(`/domains/${pool.domain.id}`);
  t.deepEqual(inForce(transactional.html), ['transactional']);
  t.false(transactional.html.includes('/requests/new/transactional-pool'), 'it is there already');
  const list = await owner.get('/domains');
  t.regex(list.text, /shop\.acme\.example Marketing and transactional Dedicated IPs 70,000 all found/);
  t.regex(list.text, /receipts\.acme\.example Transactional Transactional shared pool/);
});

const inForce = (html: string): (string | undefined)[] =>
  [...html.matchAll(/data-route="(\w+)" aria-current="true"/g)].map((match) => match[1]);

onBothEngines('C-05, C-11: requests start at the domain’s Mail Servers page', async (t, world) => {
  const { id } = await acme(world);
  const receipts = await sendingDomain(world, id, { name: 'receipts.acme.example', usage: 'transactional' });
  const shop = await sendingDomain(world, id, { name: 'shop.acme.example' });
  const member = await world.signedIn('member@acme.example');
  const page = await member.get(`/domains/${receipts.id}`);
  t.true(page.html.includes(`href="/requests/new/dedicated-ips?domain=${receipts.id}"`));
  t.true(page.html.includes(`href="/requests/new/transactional-pool?domain=${receipts.id}"`));
  const other = await member.get(`/domains/${shop.id}`);
  t.true(other.html.includes(`href="/requests/new/dedicated-ips?domain=${shop.id}"`));
  t.false(other.html.includes('/requests/new/transactional-pool'));
  t.regex(other.text, /used for marketing mail too/, 'C-04');
});

onBothEngines('a domain’s page shows the weeks that were measured and what to publish in DNS', async (t, world) => {
  const { id } = await acme(world);
  const domain = await sendingDomain(world, id, { name: 'shop.acme.example', weekly: 140_000 });
  await world.db('domains').where({ id: domain.id }).update({ dmarc: false });
  const page = await (await world.signedIn('member@acme.example')).get(`/domains/${domain.id}`);
  t.regex(page.text, /mean 140,000/);
  t.regex(page.text, /50,000 a week for one dedicated IP, reached in 12 of 12/);
  t.regex(page.text, /DMARC not found .*_dmarc\.shop\.acme\.example Copy[^P]*Publish v=DMARC1; p=none/);
});

onBothEngines('a domain of another account, or of none, is not found', async (t, world) => {
  await acme(world);
  await staff(world);
  const other = await account(world, 'Other');
  await somebody(world, { email: 'owner@other.example', accountId: other, accountRole: 'admin' });
  const foreign = await sendingDomain(world, other, { name: 'shop.other.example' });
  const owner = await world.signedIn('owner@acme.example');
  for (const id of [foreign.id, 999_999_999, '0', '1e3', 'x', '99999999999999999999']) {
    t.is((await owner.get(`/domains/${id}`)).status, 404, String(id));
  }
  t.is((await (await world.signedIn('reviewer@warmdesk.example')).get(`/domains/${foreign.id}`)).status, 404);
  t.regex((await owner.get('/domains')).text, /No sending domain yet/);
  t.is((await world.visitor().get('/domains')).location, '/sign-in?next=%2Fdomains');
});
