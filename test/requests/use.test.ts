import { actIn } from '../../src/act.ts';
import { addDomains } from '../../src/domains/actions.ts';
import { changeUse } from '../../src/requests/use/actions.ts';
import { itself } from '../support/people.ts';
import { acmeWithIp, dedicatedAnswers, sendingDomain, sent } from '../support/scene.ts';
import { onBothEngines, type World } from '../support/world.ts';

const routes = async (world: World) =>
  Object.fromEntries((await world.db('domains').select('name', 'route')).map(({ name, route }) => [name, route]));
const ipId = async (world: World): Promise<number> =>
  (await world.db('ips').where({ address: '192.0.2.1' }).first()).id;

onBothEngines('a customer changes which domains use an IP, and their mail moves with it', async (t, world) => {
  const { domain, acme } = await acmeWithIp(world);
  const news = await sendingDomain(world, acme.id, { name: 'news.acme.example' });
  const path = `/ips/${await ipId(world)}/use`;
  const owner = await world.signedIn('owner@acme.example');
  const page = await owner.get(path);
  t.regex(page.text, /Mail of a domain that you add goes over this IP at once/);
  t.is((await owner.submit(page, path, { domains: [String(news.id)] })).location, '/ips?note=ip-use-changed');
  t.deepEqual(await routes(world), { 'shop.acme.example': 'default', 'news.acme.example': 'dedicated' });
  const to = await world.db('outbox').where({ template: 'ip-use-changed' }).orderBy('to_address').pluck('to_address');
  t.deepEqual(to, ['billing@acme.example', 'owner@acme.example']);
  t.regex(
    (await owner.get('/history')).text,
    /changed which domains use 192\.0\.2\.1; added news\.acme\.example; took off shop\.acme\.example/,
  );
  const stale = await owner.submit(page, path, { domains: [String(domain.id)] });
  t.is(stale.status, 409);
  t.regex(stale.text, /Somebody changed what uses it since you opened this page/);
});

onBothEngines(
  'an IP that no domain uses says so, to its customer and to staff, and check-data knows it',
  async (t, world) => {
    const { acme, domain } = await acmeWithIp(world);
    const id = await ipId(world);
    const admin = await world.signedIn('admin@warmdesk.example');
    const path = `/customers/${acme.id}/ips/${id}/use`;
    const page = await admin.get(path);
    t.is((await admin.submit(page, path, {})).status, 422, 'staff say why');
    t.is((await admin.submit(page, path, { reason: 'The domain goes.' })).status, 303);
    t.deepEqual(await routes(world), { 'shop.acme.example': 'default' });
    const mail = await world.db('outbox').where({ template: 'ip-use-changed' }).first('facts');
    t.like(JSON.parse(mail.facts), { removed: ['shop.acme.example'], isUnused: true });
    t.regex((await admin.get('/audit')).text, /took off shop\.acme\.example The domain goes\./, 'why, for staff');
    const owner = await world.signedIn('owner@acme.example');
    t.notRegex((await owner.get('/history')).text, /The domain goes/);
    const home = (await owner.get('/')).text;
    t.regex(home, /What to do next 192\.0\.2\.1 is used by no domain\. It carries no mail/);
    t.notRegex(home, /Your mail goes out as it should/);
    t.regex((await owner.get('/ips')).text, /192\.0\.2\.1 .*No domain uses it since 23 Nov 2026/);
    t.regex((await admin.get(`/customers/${acme.id}`)).text, /No domain uses it/);
    const { id: warmupId } = await world.db('warmups').first('id');
    const warmup = (await owner.get(`/warm-ups/${warmupId}`)).text;
    t.regex(warmup, /No domain uses this IP, so no mail goes over it and its warm-up waits\./);
    t.notRegex(warmup, /Mail goes|over the new IP|all mail of/);
    t.regex((await admin.get('/inventory')).text, /192\.0\.2\.1 US .*No domain uses it/);
    const back = await owner.get(`/ips/${id}/use`);
    await owner.submit(back, `/ips/${id}/use`, { domains: [String(domain.id)] });
    t.is((await world.db('allocations').first()).unused_since, null);
  },
);

onBothEngines('C-06, C-07: a domain of the pool or of another account never comes to use an IP', async (t, world) => {
  const { acme, domain, allocationId } = await acmeWithIp(world);
  const pooled = await sendingDomain(world, acme.id, { name: 'receipts.acme.example', usage: 'transactional' });
  const actor = { person: acme.owner, at: world.now };
  const all = { seenStream: 'both', stream: 'both' } as const;
  const form = {
    accountId: acme.id,
    allocationId,
    seen: [domain.id],
    ...all,
    reason: '',
    policy: world.deps.policy.document,
  };
  t.deepEqual(await changeUse(world.db, actor, { ...form, domainIds: [999] }), { ok: false, problem: 'not-found' });
  t.deepEqual(await changeUse(world.db, actor, { ...form, domainIds: [domain.id] }), { ok: false, problem: 'same' });
  const member = { person: acme.member, at: world.now };
  t.deepEqual(await changeUse(world.db, member, { ...form, domainIds: [] }), { ok: false, problem: 'not-yours' });
  const both = [domain.id, pooled.id];
  const done = await Promise.all([1, 2].map(() => changeUse(world.db, actor, { ...form, domainIds: both })));
  t.deepEqual(done.map((one) => (one.ok ? 'done' : one.problem)).sort(), ['changed', 'done']);
});

onBothEngines(
  'an IP is asked for, and used, by more domains than one statement of SQLite can list',
  async (t, world) => {
    const { acme, domain, allocationId } = await acmeWithIp(world);
    const news = Array.from({ length: 600 }, (_, i) => ({
      accountId: acme.id,
      name: `n${i}.acme.example`,
      usage: 'both' as const,
    }));
    await world.db.transaction((trx) => addDomains(actIn(trx, itself(world)), news));
    const ids: number[] = await world.db('domains').where({ account_id: acme.id }).orderBy('id').pluck('id');
    t.is(ids.length, 601);
    const actor = { person: acme.owner, at: world.now };
    const all = { seenStream: 'both', stream: 'both' } as const;
    const form = {
      accountId: acme.id,
      allocationId,
      seen: [domain.id],
      ...all,
      reason: '',
      policy: world.deps.policy.document,
    };
    t.true((await changeUse(world.db, actor, { ...form, domainIds: ids })).ok);
    t.deepEqual(await world.db('allocation_domains').orderBy('domain_id').pluck('domain_id'), ids);
    const rest = ids.slice(1);
    t.true((await changeUse(world.db, actor, { ...form, seen: ids, domainIds: rest })).ok);
    t.deepEqual(await world.db('allocation_domains').orderBy('domain_id').pluck('domain_id'), rest);
    const request = await sent(world, acme.owner, dedicatedAnswers(world, ids));
    t.is((await world.db('request_domains').where({ request_id: request })).length, 601);
  },
);
