// S-07: customers' own pools of IPs by web, mail, API and route.

import { checkData } from '../../src/invariants/store.ts';
import { changePool, createPool, removePool } from '../../src/pools/actions.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import { addSystem } from '../../src/systems/actions.ts';
import { assign, warmIp } from '../subusers/scene.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** What carries a domain's mail of one kind: addresses with their weights, or a pool of ours. */
async function over(world: World, domain: string, stream: 'marketing' | 'transactional' = 'marketing') {
  const sender = (await loadSenders(world.db)).get(domain);
  if (sender === undefined) throw new Error(`${domain} is not known`);
  const { fallback } = egressOf(sender, stream, world.deps.policy.document);
  if (fallback.to === 'ips') return fallback.ips.map(({ address, weight = 1 }) => `${address} ${weight}`).sort();
  return [fallback.to === 'pool' ? fallback.pool.key : 'waits'];
}

const sorted = (...some: string[]): string[] => some.sort();

const mailsTo = async (world: World, template: string): Promise<string[]> =>
  (await world.db('outbox').where({ template }).orderBy('id').pluck('to_address')).sort();

async function scene(world: World, plan = 'premium') {
  const acme = await make.account(world, { name: 'Acme', plan });
  const [one, two] = [await warmIp(world, acme, 'us'), await warmIp(world, acme, 'us')];
  const [news, shop] = acme.domains;
  if (!news || !shop) throw new Error('no domains');
  return { acme, one, two, news, shop, owner: await world.signedIn(acme.admin.email) };
}

onBothEngines(
  'S-07: a customer makes a pool, points a domain to it, and its mail goes over these IPs by their weights',
  async (t, world) => {
    const { acme, one, two, news, shop, owner } = await scene(world);
    t.regex((await owner.get('/ips')).html, /href="\/ips\/pools"/);
    t.regex((await owner.get('/ips/pools')).text, /No IP pools yet.*Make a pool/);
    const page = await owner.get('/ips/pools/new');
    t.regex(page.text, new RegExp(`Weight of ${one.address}.*Weight of ${two.address}`));
    const empty = await owner.submit(page, '/ips/pools', { name: 'News' });
    t.is(empty.status, 422);
    t.regex(empty.text, /at least one IP/);
    const wrong = await owner.submit(page, '/ips/pools', { name: 'N', [`weight-${one.id}`]: '101' });
    t.is(wrong.status, 422);
    t.regex(wrong.text, /at least two are needed.*must be at most 100/);
    const made = await owner.submit(page, '/ips/pools', {
      ...{ name: 'News', [`weight-${one.id}`]: '3', [`weight-${two.id}`]: '1' },
    });
    t.is(made.location, '/ips/pools?note=pool-made');
    t.deepEqual(await over(world, news.name), sorted(`${one.address} 1`, `${two.address} 1`), 'nothing has moved');
    t.deepEqual(await mailsTo(world, 'own-pool-changed'), []);
    const again = await owner.submit(page, '/ips/pools', { name: 'NEWS', [`weight-${one.id}`]: '1' });
    t.is(again.status, 422);
    t.regex(again.text, /There is a pool of this name already/);
    const { id } = await world.db('own_pools').first('id');
    const path = `/domains/${news.id}/pools`;
    const choosing = await owner.get(path);
    t.is((await owner.submit(choosing, path, { pool: 'direct', transactional: String(id) })).status, 422);
    t.is((await owner.submit(choosing, path, { pool: String(id), transactional: 'same' })).status, 303);
    t.deepEqual(await over(world, news.name), sorted(`${one.address} 3`, `${two.address} 1`));
    t.deepEqual(await over(world, shop.name), sorted(`${one.address} 1`, `${two.address} 1`), 'others keep theirs');
    t.deepEqual(await mailsTo(world, 'own-pool-changed'), [acme.admin.email, acme.billing.email]);
    t.regex((await owner.get('/ips/pools')).text, /News .*weight 3.*weight 1.*news\.acme\.example/);
    const late = await owner.submit(choosing, path, { pool: 'direct', transactional: 'same' });
    t.is(late.status, 409);
    t.regex(late.text, /Somebody changed this/);
    const history = await owner.get('/history');
    t.regex(history.text, /pointed news\.acme\.example to the IP pool News.*made the IP pool News of/);
    const use = await owner.get(`/ips/${one.ipId}/use`);
    t.regex(use.text, /It is in the IP pool News/);
    t.false(use.html.includes(`value="${news.id}"`), 'its pool says what the domain uses');
    t.is((await owner.submit(use, `/ips/${one.ipId}/use`, { domains: [] })).status, 303);
    t.deepEqual(await over(world, news.name), sorted(`${one.address} 3`, `${two.address} 1`));
    t.deepEqual(await over(world, shop.name), [`${two.address} 1`]);
    const member = await world.signedIn(acme.member.email);
    t.regex((await member.get('/ips/pools')).text, /News/);
    for (const hidden of ['/ips/pools/new', `/ips/pools/${id}`, `/ips/pools/${id}/removal`, path])
      t.is((await member.get(hidden)).status, 404, hidden);
    const { reviewer } = await make.staff(world);
    const staff = await world.signedIn(reviewer.email);
    t.true((await staff.get(`/customers/${acme.id}`)).html.includes(`/customers/${acme.id}/pools`));
    t.regex((await staff.get(`/customers/${acme.id}/pools`)).text, /News .*weight 3/);
  },
);

onBothEngines(
  'S-07: an IP is in several pools, kinds of mail point to different ones, and what changes in a pool moves mail at once',
  async (t, world) => {
    const { acme, one, two, news, owner } = await scene(world);
    const three = await warmIp(world, acme, 'us');
    const bulk = await make.ownPool(world, acme, 'Bulk', [
      { allocationId: one.id, weight: 5 },
      { allocationId: two.id, weight: 1 },
    ]);
    const receipts = await make.ownPool(world, acme, 'Receipts', [
      { allocationId: two.id, weight: 2 },
      { allocationId: three.id, weight: 1 },
    ]);
    t.true((await make.point(world, acme, news.id, { marketing: bulk, transactional: receipts })).ok);
    t.deepEqual(await over(world, news.name), sorted(`${one.address} 5`, `${two.address} 1`));
    t.deepEqual(await over(world, news.name, 'transactional'), sorted(`${two.address} 2`, `${three.address} 1`));
    const path = `/ips/pools/${bulk}`;
    const page = await owner.get(path);
    const stale = await owner.get(path);
    const change = { name: 'Bulk mail', [`weight-${two.id}`]: '1', [`weight-${three.id}`]: '4' };
    t.is((await owner.submit(page, path, change)).status, 303);
    t.deepEqual(await over(world, news.name), sorted(`${two.address} 1`, `${three.address} 4`));
    t.is((await owner.submit(stale, path, { name: 'Late' })).status, 409);
    t.is((await owner.submit(await owner.get(path), path, change)).status, 409, 'nothing has changed');
    t.regex(
      (await owner.get('/history')).text,
      new RegExp(`renamed the IP pool Bulk to Bulk mail; added ${three.address}[^;]*; took out ${one.address}`),
    );
    const system = await addSystem(world.db, { person: null, at: world.now }, 'mta-1');
    if (!system.ok) throw new Error(system.problem);
    const headers = { authorization: `Bearer ${system.value.token}` };
    const answer = await fetch(`${world.url}/api/v1/accounts/${acme.id}/pools`, { headers });
    const ipJson = ({ address }: { address: string }, weight: number) => ({
      ...{ address, region: 'us', status: 'active', weight },
    });
    t.deepEqual(await answer.json(), {
      account: { id: acme.id, name: 'Acme' },
      pools: [
        {
          ...{ id: bulk, name: 'Bulk mail', ips: [ipJson(two, 1), ipJson(three, 4)] },
          domains: [{ domain: news.name, kinds: ['marketing'] }],
        },
        {
          ...{ id: receipts, name: 'Receipts', ips: [ipJson(two, 2), ipJson(three, 1)] },
          domains: [{ domain: news.name, kinds: ['transactional'] }],
        },
      ],
    });
    t.is((await fetch(`${world.url}/api/v1/accounts/999999/pools`, { headers })).status, 404);
    for (const [stream, allowed] of [
      ['marketing', [two, three]],
      ['transactional', [two, three]],
    ] as const) {
      const route = await fetch(
        `${world.url}/api/v1/route?sender=a@${news.name}&recipient=b@shop.example&stream=${stream}`,
        { headers },
      );
      const { via, ip } = (await route.json()) as { via: string; ip: string };
      t.is(via, 'ip');
      t.true(allowed.some(({ address }) => address === ip));
    }
  },
);

onBothEngines('S-07: deleting a pool says first where its mail goes, and then it goes there', async (t, world) => {
  const { acme, one, two, news, shop, owner } = await scene(world);
  const members = [{ allocationId: one.id, weight: 9 }];
  const pool = await make.ownPool(world, acme, 'First', members);
  const other = await make.ownPool(world, acme, 'Second', [{ allocationId: two.id, weight: 1 }]);
  t.true((await make.point(world, acme, news.id, pool)).ok);
  t.true((await make.point(world, acme, shop.id, { marketing: pool, transactional: other })).ok);
  const path = `/ips/pools/${pool}/removal`;
  const page = await owner.get(path);
  t.regex(page.text, new RegExp(`Mail of news\\.acme\\.example goes over ${one.address} as before`));
  t.regex(page.text, /Mail of shop\.acme\.example goes over the pool Second at once/);
  const foreign = await owner.submit(page, path, { heir: '999999' });
  t.is(foreign.status, 422);
  t.true((await make.point(world, acme, shop.id, other)).ok);
  t.is((await owner.submit(page, path, { heir: 'direct' })).status, 409, 'what it said is no longer so');
  t.true((await make.point(world, acme, shop.id, { marketing: pool, transactional: other })).ok);
  const done = await owner.submit(await owner.get(path), path, { heir: 'direct' });
  t.is(done.location, '/ips/pools?note=pool-deleted');
  t.deepEqual(await over(world, news.name), [`${one.address} 1`]);
  t.deepEqual(await over(world, shop.name), [`${two.address} 1`]);
  t.regex((await owner.get('/history')).text, /deleted the IP pool First; mail of news\.acme\.example and shop/);
  t.true((await make.point(world, acme, news.id, other)).ok);
  const last = await make.ownPool(world, acme, 'Third', members);
  const second = `/ips/pools/${other}/removal`;
  const asked = await owner.get(second);
  t.regex(asked.text, /Over the pool Third Mail of news\.acme\.example goes over the pool Third at once/);
  t.is((await owner.submit(asked, second, { heir: String(last) })).status, 303);
  for (const domain of [news, shop]) t.deepEqual(await over(world, domain.name), [`${one.address} 9`]);
  t.is((await owner.get(second)).status, 404);
  const unused = await make.ownPool(world, acme, 'Fourth', members);
  const empty = await owner.get(`/ips/pools/${unused}/removal`);
  t.regex(empty.text, /No domain points to it, so no mail moves/);
  const mails = (await mailsTo(world, 'own-pool-changed')).length;
  t.is((await owner.submit(empty, `/ips/pools/${unused}/removal`, {})).status, 303);
  t.is((await mailsTo(world, 'own-pool-changed')).length, mails, 'nobody is concerned');
});

onBothEngines(
  'S-07: an IP that is given back leaves its pools; a pool without IPs has no domains left',
  async (t, world) => {
    const { acme, one, two, news, shop, owner } = await scene(world);
    const both = await make.ownPool(world, acme, 'Both');
    const single = await make.ownPool(world, acme, 'Single', [{ allocationId: one.id, weight: 7 }]);
    t.true((await make.point(world, acme, news.id, both)).ok);
    t.true((await make.point(world, acme, shop.id, { marketing: single, transactional: both })).ok);
    const giveBack = async (ipId: number) => {
      const page = await owner.get(`/ips/${ipId}/release`);
      t.is((await owner.submit(page, `/ips/${ipId}/release`, {})).status, 303);
      return page.text;
    };
    t.regex(await giveBack(one.ipId), new RegExp(`Mail of shop\\.acme\\.example goes over .*${two.address}`));
    t.deepEqual(await over(world, news.name), [`${two.address} 1`]);
    t.deepEqual(await over(world, shop.name), [`${two.address} 1`], 'marketing mail follows the other pool');
    t.regex((await owner.get('/ips/pools')).text, /Single No IPs none/);
    t.regex((await owner.get('/history')).text, new RegExp(`changed the IP pool Single; took out ${one.address}`));
    const empty = await make.point(world, acme, news.id, single);
    t.like(empty, { ok: false, problem: 'empty' });
    t.regex(await giveBack(two.ipId), /Mail of news\.acme\.example goes over the default shared pool/);
    t.deepEqual(await over(world, news.name), ['shared-us']);
    t.deepEqual(await world.db('domain_pools').select(), []);
    t.deepEqual(await world.db('own_pool_members').select(), []);
  },
);

onBothEngines(
  'S-17: an IP over which only subusers send leaves the pools of its account, and cannot join one',
  async (t, world) => {
    const { acme, one, two, news } = await scene(world);
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const pool = await make.ownPool(world, acme, 'Both');
    t.true((await make.point(world, acme, news.id, pool)).ok);
    t.true((await assign(world, acme.admin, one, { subuserIds: [labs.id] })).ok);
    t.deepEqual(await over(world, news.name), sorted(`${one.address} 1`, `${two.address} 1`));
    t.true((await assign(world, acme.admin, one, { subuserIds: [labs.id], ownerSends: false })).ok);
    t.deepEqual(await over(world, news.name), [`${two.address} 1`]);
    t.deepEqual(await over(world, 'd0.labs.example'), [`${one.address} 1`]);
    const ruled = make.ruled(world, acme.admin);
    const members = [{ allocationId: one.id, weight: 1 }];
    t.like(await createPool(world.db, ruled, acme.id, { name: 'New', members }), { problem: 'not-own' });
    const form = { id: pool, version: 2, name: 'Both', members };
    t.like(await changePool(world.db, ruled, acme.id, form), { problem: 'not-own' });
    t.like(await make.point(world, acme, labs.domains[0]?.id ?? 0, pool), { problem: 'not-found' });
    const visitor = await world.signedIn(labs.admin.email);
    for (const path of ['/ips/pools', '/ips/pools/new', `/domains/${labs.domains[0]?.id}/pools`])
      t.is((await visitor.get(path)).status, 404, path);
    const own = { name: 'Own', members };
    t.like(await createPool(world.db, make.ruled(world, labs.admin), labs.id, own), { problem: 'not-yours' });
  },
);

onBothEngines(
  'S-07, S-21: an IP asked for with a pooled domain and one of a subuser carries all mail of the pool, too',
  async (t, world) => {
    const { acme, news, shop } = await scene(world);
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const pool = await make.ownPool(world, acme);
    for (const { id } of [news, shop]) t.true((await make.point(world, acme, id, pool)).ok);
    const before = await over(world, shop.name);
    await make.ips(world, 'us', 1);
    world.now += 1000;
    const wish = { domainIds: [news.id, labs.domains[0]?.id ?? 0], automatedWarmup: false };
    const id = await make.request(world, acme.admin, wish);
    t.is((await make.decided(world, id)).request.status, 'fulfilled');
    const { ip_id } = await world.db('allocations').where({ request_id: id }).first('ip_id');
    const { address } = await world.db('ips').where({ id: ip_id }).first('address');
    t.true(before.every((one) => !one.startsWith(address)));
    const domains = await world
      .db('allocation_domains as l')
      .join('allocations as a', 'a.id', 'l.allocation_id')
      .where('a.ip_id', ip_id)
      .orderBy('l.domain_id')
      .pluck('l.domain_id');
    t.deepEqual(
      domains,
      [news.id, shop.id, labs.domains[0]?.id ?? 0].toSorted((a, b) => a - b),
    );
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines(
  'S-07: nobody but an account’s admins and billing contacts changes its pools, and the database refuses what is another’s',
  async (t, world) => {
    const { acme, one, news } = await scene(world);
    const other = await make.account(world, { name: 'Other' });
    const foreign = await warmIp(world, other, 'us');
    const pool = await make.ownPool(world, acme);
    const theirs = await make.ownPool(world, other);
    t.true((await make.point(world, acme, news.id, pool)).ok);
    const { admin, reviewer } = await make.staff(world);
    const insider = await make.insider(world, acme.id, 'admin');
    const before = await everythingStored(world.db);
    const members = [{ allocationId: one.id, weight: 1 }];
    for (const person of [acme.member, other.admin, admin, reviewer, insider]) {
      const ruled = make.ruled(world, person);
      t.like(
        await createPool(world.db, ruled, acme.id, { name: 'X1', members }),
        { problem: 'not-yours' },
        person.email,
      );
      const deletion = { id: pool, seen: '', heir: null };
      t.like(await removePool(world.db, ruled, acme.id, deletion), { problem: 'not-yours' }, person.email);
    }
    const ruled = make.ruled(world, acme.admin);
    const stolen = [{ allocationId: foreign.id, weight: 1 }];
    t.like(await createPool(world.db, ruled, acme.id, { name: 'X1', members: stolen }), { problem: 'gone' });
    t.like(await make.point(world, acme, news.id, theirs), { problem: 'gone' });
    t.like(await make.point(world, acme, other.domains[0]?.id ?? 0, pool), { problem: 'not-found' });
    t.like(await removePool(world.db, ruled, acme.id, { id: theirs, seen: '', heir: null }), { problem: 'not-found' });
    const member = { pool_id: pool, allocation_id: foreign.id, account_id: acme.id, ip_id: foreign.ipId, weight: 1 };
    const pointer = { domain_id: acme.domains[1]?.id, kind: 'marketing', pool_id: theirs, account_id: acme.id };
    const wrong = {
      'an IP of another account': () => world.db('own_pool_members').insert(member),
      'and its account': () => world.db('own_pool_members').insert({ ...member, account_id: other.id }),
      'a pool of another account': () => world.db('domain_pools').insert(pointer),
      'and its domain': () => world.db('domain_pools').insert({ ...pointer, account_id: other.id }),
    };
    for (const [what, insert] of Object.entries(wrong))
      await t.throwsAsync(async () => insert(), { message: /foreign key/i }, what);
    t.deepEqual(await everythingStored(world.db), before);
  },
);

onBothEngines(
  'S-07: under a policy with reverse DNS only an IP with a linked domain joins a pool, and one that loses it is shown',
  async (t, world) => {
    const { acme, one, two, owner } = await scene(world, 'pro');
    const page = await owner.get('/ips/pools/new');
    t.regex(page.text, new RegExp(`${one.address} ?: No domain is linked to it yet`));
    t.false(page.html.includes(`weight-${one.id}`));
    const ruled = { actor: { person: acme.admin, at: world.now }, document: world.deps.policy.document };
    const members = [{ allocationId: one.id, weight: 1 }];
    t.like(await createPool(world.db, ruled, acme.id, { name: 'News', members }), { problem: 'unlinked' });
    const link = { allocation_id: one.id, domain_id: acme.domains[0]?.id, ip_id: one.ipId, changed_at: world.now };
    await world.db('ip_links').insert({ ...link, name: 'o1.news.acme.example', status: 'linked' });
    t.true((await createPool(world.db, ruled, acme.id, { name: 'News', members })).ok);
    t.notRegex((await owner.get('/ips/pools')).text, /No domain linked/);
    await world.db('ip_links').update({ status: 'broken' });
    t.regex((await owner.get('/ips/pools')).text, /No domain linked/);
    const { id } = await world.db('own_pools').first('id');
    const path = `/ips/pools/${id}`;
    t.is(
      (await owner.submit(await owner.get(path), path, { name: 'News', [`weight-${one.id}`]: '2' })).status,
      303,
      'it stays',
    );
    t.false((await owner.get(path)).html.includes(`weight-${two.id}`));
    await world.db('ip_links').delete();
  },
  { POLICY: 'sendgrid' },
);

onBothEngines('S-07: an IP that a request brings joins the pools of its domains', async (t, world) => {
  const { acme, one, news } = await scene(world);
  const pool = await make.ownPool(world, acme, 'News', [{ allocationId: one.id, weight: 4 }]);
  t.true((await make.point(world, acme, news.id, pool)).ok);
  await make.ips(world, 'us', 1);
  const requestId = await make.requestIn(world, 'fulfilled', acme.admin);
  const { id } = await world.db('allocations').where({ request_id: requestId }).first('id');
  t.like(await world.db('own_pool_members').where({ allocation_id: id }).first(), { pool_id: pool, weight: 1 });
  const links = await world.db('allocation_domains').where({ domain_id: news.id }).pluck('allocation_id');
  t.deepEqual(links.sort(), [one.id, id].sort());
});
