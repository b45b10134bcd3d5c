// S-17, S-18, S-21, S-22, S-23: a parent's IPs are assigned to subusers, by web, mail, database and route.
import { closeAccount } from '../../src/requests/account/actions.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import { joinNewDomains } from '../../src/subusers/background.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { assign, type OwnIp, warmIp } from './scene.ts';

const SENDGRID = { POLICY: 'sendgrid' };

/** What carries the marketing mail of a domain: addresses of IPs, or a pool. */
async function over(world: World, domain: string): Promise<string[]> {
  const sender = (await loadSenders(world.db)).get(domain);
  if (sender === undefined) throw new Error(`${domain} is not known`);
  const { fallback } = egressOf(sender, 'marketing', world.deps.policy.document);
  if (fallback.to === 'ips') return fallback.ips.map(({ address }) => address);
  return [fallback.to === 'pool' ? fallback.pool.key : 'waits'];
}

const mailsTo = async (world: World, template: string): Promise<string[]> =>
  (await world.db('outbox').where({ template }).pluck('to_address')).sort();

const routeOf = async (world: World, name: string) => (await world.db('domains').where({ name }).first('route')).route;

async function scene(world: World) {
  const acme = await make.account(world, { name: 'Acme', plan: 'pro' });
  const us = await warmIp(world, acme, 'us');
  return { acme, us };
}

onBothEngines(
  'S-18, S-21: an IP is assigned later on its page: the subuser’s mail goes over it at once, and those concerned are mailed',
  async (t, world) => {
    const { acme, us } = await scene(world);
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    await make.subuser(world, acme, { name: 'Club' });
    t.deepEqual(await over(world, 'd0.labs.example'), ['shared-us']);
    const owner = await world.signedIn(acme.billing.email);
    const list = await owner.get('/ips');
    t.true(list.html.includes(`/ips/${us.ipId}/subusers`));
    const path = `/ips/${us.ipId}/subusers`;
    const page = await owner.get(path);
    t.regex(
      page.text,
      /May send over it.*Acme This account itself\..*Club Sends from the US\..*Labs Sends from the US\./,
    );
    const done = await owner.submit(page, path, { senders: ['owner', String(labs.id)] });
    t.is(done.location, '/ips?note=ip-assigned');
    t.regex((await owner.get('/ips')).text, /Assigned to Labs/);
    t.deepEqual(await over(world, 'd0.labs.example'), [us.address]);
    t.deepEqual(await over(world, 'd0.club.example'), ['shared-us']);
    t.deepEqual(await over(world, 'news.acme.example'), [us.address]);
    t.is(await routeOf(world, 'd0.labs.example'), 'dedicated', 'C-18: its page says so');
    t.deepEqual(await mailsTo(world, 'ip-assigned'), ['admin@labs.example', 'first@labs.example']);
    t.deepEqual(await mailsTo(world, 'ip-assignment-changed'), [acme.admin.email, acme.billing.email]);
    const history = await (await world.signedIn(acme.admin.email)).get('/history');
    t.regex(history.text, new RegExp(`changed who sends over ${us.address}; assigned it to Labs`));
    const labsAdmin = await world.signedIn(labs.admin.email);
    t.regex((await labsAdmin.get('/history')).text, new RegExp(`The parent account assigned ${us.address} to this`));
    t.regex((await labsAdmin.get('/ips')).text, new RegExp(`${us.address} US Active d0\\.labs\\.example`));
    t.is((await labsAdmin.get(path)).status, 404);
    t.regex((await labsAdmin.get(`/domains/${labs.domains[0]?.id}`)).text, new RegExp(us.address));
  },
  SENDGRID,
);

onBothEngines(
  'S-21: an IP is assigned when the subuser is created, and domains that it adds later use it',
  async (t, world) => {
    const { acme, us } = await scene(world);
    const owner = await world.signedIn(acme.admin.email);
    const page = await owner.get('/subusers/new');
    t.true(page.html.includes(us.address));
    const form = { name: 'Labs', region: 'eu', email: 'ann@labs.example', ips: [String(us.id)] };
    const refused = await owner.submit(page, '/subusers', form);
    t.is(refused.status, 422);
    t.regex(refused.text, /A subuser sends over IPs of its own region alone/, 'S-23');
    t.is(await world.db('accounts').where({ name: 'Labs' }).first(), undefined, 'nothing of it is stored');
    const created = await owner.submit(page, '/subusers', { ...form, region: 'us' });
    t.is(created.status, 303);
    t.regex((await owner.get(created.location ?? '')).text, new RegExp(`${us.address} US Active none`));
    const { id } = await world.db('accounts').where({ name: 'Labs' }).first('id');
    t.is(await joinNewDomains(world.db, world.now), 0, 'there is nothing to do');
    await make.domain(world, id, 'later.labs.example');
    t.deepEqual(await over(world, 'later.labs.example'), ['shared-us']);
    const both = [joinNewDomains(world.db, world.now), joinNewDomains(world.db, world.now)];
    t.is(
      (await Promise.all(both)).reduce((a, b) => a + b),
      1,
      'two processes at once do it once',
    );
    t.deepEqual(await over(world, 'later.labs.example'), [us.address]);
    const use = `/ips/${us.ipId}/use`;
    const chosen = await owner.get(use);
    t.regex(chosen.text, /later\.labs\.example Now: Dedicated IPs\. A domain of Labs/);
    const own = acme.domains.map((domain) => String(domain.id));
    t.is((await owner.submit(chosen, use, { domains: own })).location, '/ips?note=ip-use-changed');
    t.is(await joinNewDomains(world.db, world.now), 0, 'what somebody took off stays off');
    t.deepEqual(await over(world, 'later.labs.example'), ['shared-us']);
  },
  SENDGRID,
);

onBothEngines(
  'S-17: where the parent itself may not send over an IP, its mail goes elsewhere, also as the overflow of another',
  async (t, world) => {
    const { acme, us } = await scene(world);
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const owner = await world.signedIn(acme.admin.email);
    const path = `/ips/${us.ipId}/subusers`;
    const page = await owner.get(path);
    const nobody = await owner.submit(page, path, { senders: [] });
    t.is(nobody.status, 422);
    t.regex(nobody.text, /Somebody has to send over it/);
    t.is((await owner.submit(page, path, { senders: [String(labs.id)] })).status, 303);
    t.deepEqual(await over(world, 'news.acme.example'), ['shared-us']);
    t.is(await routeOf(world, 'news.acme.example'), 'default');
    t.deepEqual(await over(world, 'd0.labs.example'), [us.address]);
    const sender = (await loadSenders(world.db)).get('news.acme.example');
    t.deepEqual(sender?.account.ips, [], 'no overflow route leads to it');
    t.regex((await owner.get('/ips')).text, /Assigned to Labs only/);
    const use = await owner.get(`/ips/${us.ipId}/use`);
    t.notRegex(use.text, /news\.acme\.example/, 'nor can its domains be chosen for it');
    const foreign = { domains: [String(acme.domains[0]?.id)] };
    t.is((await owner.submit(use, `/ips/${us.ipId}/use`, foreign)).status, 404);
  },
  SENDGRID,
);

onBothEngines(
  'S-22: only the parent’s admins and billing contacts assign an IP: no staff, no member, no subuser, no other customer',
  async (t, world) => {
    const { acme, us } = await scene(world);
    const other = await make.account(world, { plan: 'pro' });
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const foreign = await make.subuser(world, other, { name: 'Foreign' });
    const { admin, reviewer } = await make.staff(world);
    const insider = await make.insider(world, acme.id, 'admin');
    const emails = [acme.member.email, labs.admin.email, other.admin.email, admin.email];
    const visitors = await Promise.all(emails.map((email) => world.signedIn(email)));
    const before = await everythingStored(world.db);
    const wish = { subuserIds: [labs.id] };
    for (const person of [acme.member, labs.admin, labs.billing, other.admin, admin, reviewer, insider])
      t.like(await assign(world, person, us, wish), { ok: false, problem: 'not-yours' }, person.email);
    for (const visitor of visitors) {
      const path = `/ips/${us.ipId}/subusers`;
      t.is((await visitor.get(path)).status, 404);
      t.is((await visitor.post(path, { senders: [String(labs.id)], seen: ['owner'] })).status, 404);
    }
    for (const id of [foreign.id, other.id, acme.id, 999_999])
      t.like(await assign(world, acme.admin, us, { subuserIds: [id] }), { problem: 'not-found' }, `account ${id}`);
    t.deepEqual(await everythingStored(world.db), before);
    t.true((await assign(world, acme.billing, us, wish)).ok);
    const after = await everythingStored(world.db);
    const taken = await assign(world, labs.admin, us, { subuserIds: [] });
    t.like(taken, { problem: 'not-yours' }, 'nor do they take it away');
    t.deepEqual(await everythingStored(world.db), after);
  },
  SENDGRID,
);

onBothEngines(
  'S-23, S-04: an EU IP goes to EU subusers alone and they get no other, by the page and by the database',
  async (t, world) => {
    const { acme, us } = await scene(world);
    const eu = await warmIp(world, acme, 'eu');
    const [home, abroad] = [
      await make.subuser(world, acme, { name: 'Home' }),
      await make.subuser(world, acme, { name: 'Abroad', region: 'eu' }),
    ];
    const other = await make.account(world);
    const owner = await world.signedIn(acme.admin.email);
    const before = await everythingStored(world.db);
    t.like(await assign(world, acme.admin, us, { subuserIds: [abroad.id] }), { problem: 'region' });
    t.like(await assign(world, acme.admin, eu, { subuserIds: [home.id] }), { problem: 'region' });
    const page = await owner.get(`/ips/${eu.ipId}/subusers`);
    t.regex(page.text, /Home Sends from the US, and this IP is in the EU\./);
    const typed = await owner.submit(page, `/ips/${eu.ipId}/subusers`, { senders: [String(home.id)] });
    t.is(typed.status, 422);
    const row = (ip: OwnIp, accountId: number, change = {}) => ({
      ...{ allocation_id: ip.id, account_id: accountId, parent_id: acme.id, ip_id: ip.ipId, region: ip.region },
      ...{ assigned_at: 0, ...change },
    });
    const wrong = {
      'another region': row(us, abroad.id),
      'a region that is not the IP’s': row(us, abroad.id, { region: 'eu' }),
      'an account that is not a subuser': row(us, other.id),
      'the parent itself': row(us, acme.id),
      'another parent': row(us, home.id, { parent_id: other.id }),
      'another IP': row(us, home.id, { ip_id: eu.ipId }),
    };
    for (const [what, columns] of Object.entries(wrong))
      await t.throwsAsync(world.db('ip_assignments').insert(columns), { message: /foreign key/i }, what);
    t.deepEqual(await everythingStored(world.db), before);
    t.true((await assign(world, acme.admin, eu, { subuserIds: [abroad.id], ownerSends: false })).ok);
    t.deepEqual(await over(world, 'd0.abroad.example'), [eu.address]);
    const accounts = () => world.db('accounts').where({ id: abroad.id });
    await t.throwsAsync(accounts().update({ region: 'us' }), { message: /foreign key/i }, 'it keeps its region');
    await t.throwsAsync(world.db('ips').where({ id: eu.ipId }).update({ region: 'us' }), { message: /foreign key/i });
  },
  SENDGRID,
);

onBothEngines(
  'what an IP carries for a subuser goes back to the shared pool where it is taken away, given back, or the subuser closed',
  async (t, world) => {
    const { acme, us } = await scene(world);
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const club = await make.subuser(world, acme, { name: 'Club' });
    const both = [labs.id, club.id];
    t.true((await assign(world, acme.admin, us, { subuserIds: both, ownerSends: false })).ok);
    t.true((await assign(world, acme.admin, us, { subuserIds: [labs.id], ownerSends: false })).ok);
    t.deepEqual(await over(world, 'd0.club.example'), ['shared-us']);
    t.deepEqual(await mailsTo(world, 'ip-taken'), ['admin@club.example', 'first@club.example']);
    const removal = await (await world.signedIn(labs.admin.email)).get(`/domains/${labs.domains[0]?.id}/removal`);
    t.regex(removal.text, new RegExp(us.address), 'a domain that uses it is not removed');
    const { admin } = await make.staff(world);
    const closing = { id: labs.id, version: 1, reason: 'It is over.' };
    const closed = await closeAccount(world.db, { person: admin, at: world.now }, world.deps.policy.document, closing);
    t.true(closed.ok);
    const allocation = () => world.db('allocations').where({ id: us.id }).first();
    t.true(Boolean((await allocation()).owner_sends), 'it is the parent’s to send over again');
    t.deepEqual(await world.db('ip_assignments').select(), []);
    t.true((await assign(world, acme.admin, us, { subuserIds: [club.id], ownerSends: false })).ok);
    t.deepEqual(await over(world, 'd0.club.example'), [us.address]);
    const owner = await world.signedIn(acme.admin.email);
    const page = await owner.get(`/ips/${us.ipId}/release`);
    t.regex(page.text, /Mail of d0\.club\.example goes over the default shared pool at once/);
    t.is((await owner.submit(page, `/ips/${us.ipId}/release`, {})).status, 303);
    t.deepEqual(await over(world, 'd0.club.example'), ['shared-us']);
    t.is(await routeOf(world, 'd0.club.example'), 'default');
    t.is((await mailsTo(world, 'ip-taken')).filter((to) => to.endsWith('@club.example')).length, 4);
    t.is((await owner.get(`/ips/${us.ipId}/subusers`)).status, 200);
    t.regex((await owner.get(`/ips/${us.ipId}/subusers`)).text, /It was given back/);
  },
  SENDGRID,
);

onBothEngines(
  'a page that somebody else overtook changes nothing and shows who sends over the IP now',
  async (t, world) => {
    const { acme, us } = await scene(world);
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const owner = await world.signedIn(acme.admin.email);
    const path = `/ips/${us.ipId}/subusers`;
    const page = await owner.get(path);
    t.true((await assign(world, acme.billing, us, { subuserIds: [labs.id] })).ok);
    const before = await everythingStored(world.db);
    const late = await owner.submit(page, path, { senders: ['owner'] });
    t.is(late.status, 409);
    t.regex(late.text, /Somebody changed who sends over it/);
    const same = { senders: ['owner', String(labs.id)] };
    t.is((await owner.submit(await owner.get(path), path, same)).status, 409, 'nothing has changed');
    t.deepEqual(await everythingStored(world.db), before);
    await world.db('accounts').where({ id: labs.id }).update({ status: 'suspended' });
    t.true((await assign(world, acme.admin, us, { subuserIds: [] })).ok, 'it can be taken from one that is suspended');
    t.like(await assign(world, acme.admin, us, { subuserIds: [labs.id] }), { problem: 'suspended' });
    await world.db('accounts').where({ id: labs.id }).update({ status: 'active' });
  },
  SENDGRID,
);
