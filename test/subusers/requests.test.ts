// A parent asks for IPs for the mail of its subusers; what is approved is assigned to these in the same act.

import { checkData } from '../../src/invariants/store.ts';
import { adoptPolicy } from '../../src/policy/actions.ts';
import { reopenAccount, suspendAccount } from '../../src/requests/account/actions.ts';
import { approveDue } from '../../src/requests/automatic/background.ts';
import { acceptOffer, previewRequest } from '../../src/requests/customer/actions.ts';
import { editRequest } from '../../src/requests/editing/actions.ts';
import { approveRequest, declineRequest, offerFewer } from '../../src/requests/review/decide.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import { joinNewDomains } from '../../src/subusers/background.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { MINUTE, onBothEngines, type World } from '../support/world.ts';
import { assign, warmIp } from './scene.ts';

const SENDGRID = { POLICY: 'sendgrid' };

/** The addresses over which a domain's mail may go: IPs that warm up first. */
async function over(world: World, domain: string): Promise<string[]> {
  const sender = (await loadSenders(world.db)).get(domain);
  if (sender === undefined) throw new Error(`${domain} is not known`);
  const { warming, fallback } = egressOf(sender, 'marketing', world.deps.policy.document);
  return [
    ...warming.map(({ ip }) => ip.address),
    ...(fallback.to === 'ips' ? fallback.ips.map((ip) => ip.address) : []),
  ];
}

const offerOne: typeof declineRequest = (db, actor, id, form) =>
  offerFewer(db, actor, id, { ...form, approvedCount: 1 });

const idsOf = (...accounts: make.Account[]) => accounts.flatMap(({ domains }) => domains.map(({ id }) => id));

onBothEngines(
  'S-18, S-21: an IP asked for with domains of subusers is assigned to them as it is approved, and they and their parent are told',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme', weekly: 1000 });
    const labs = await make.subuser(world, acme, { name: 'Labs', domains: 2 });
    const club = await make.subuser(world, acme, { name: 'Club', region: 'eu' });
    const [address] = await make.ips(world, 'us', 1);
    world.now += 1000;
    const owner = await world.signedIn(acme.billing.email);
    const path = '/requests/new/dedicated-ips';
    const page = await owner.get(path);
    t.regex(page.text, /d0\.club\.example Club, sends from European Union/);
    t.regex(page.text, /d0\.labs\.example Labs, sends from United States/);
    const filled = await owner.get(`${path}?subuser=${labs.id}`);
    const chosen = [...filled.html.matchAll(/name="domains" type="checkbox" value="(\d+)"[^>]* checked/g)].map(
      ([, id]) => Number(id),
    );
    t.deepEqual(chosen.toSorted(), idsOf(labs).toSorted(), 'the page of a subuser leads to its domains');
    const foreign = await make.subuser(world, await make.account(world), { name: 'Foreign' });
    t.is((await owner.get(`${path}?subuser=${foreign.id}`)).status, 404);
    const [first] = idsOf(labs);
    const answers = await make.dedicated(world, acme.admin, { domainIds: idsOf(labs).slice(0, 1) });
    const shown = await previewRequest(world.db, { person: acme.admin, at: world.now }, world.deps.policy, { answers });
    t.is(shown?.facts.measured.weekly, 60_000, 'C-08: its own mail is measured, not its parent’s 1,000');
    t.is(shown?.pattern?.busiest, 8_572, 'so is its pattern, by which the warm-up is planned');
    t.is(shown?.forecast?.targetPerDay, 8_572);
    const asked = { domains: [String(first)], weeklyVolume: '60,000', ipCount: '1', stream: 'both', region: 'us' };
    const said = { sends: 'News.', signup: 'In the shop.', startsOn: new Date(world.now).toISOString().slice(0, 10) };
    const strange = await owner.submit(filled, '/requests/dedicated-ips', {
      ...{ ...asked, ...said, step: 'check', domains: idsOf(foreign).map(String) },
    });
    t.is(strange.status, 404, 'another account’s subuser is not found');
    const checks = await owner.submit(filled, '/requests/dedicated-ips', { ...asked, ...said, step: 'check' });
    const preview = await owner.get(checks.location ?? '');
    t.regex(preview.text, /What is approved is assigned to Labs\./);
    const sent = await owner.submit(preview, '/requests/dedicated-ips', { step: 'send' });
    t.regex(sent.location ?? '', /note=request-sent/);
    const { id } = await world.db('requests').where({ account_id: acme.id }).first('id');
    t.is((await make.approve(world, id)).request.status, 'fulfilled');
    const ip = await world.db('allocations').where({ request_id: id }).first();
    t.like(ip, { account_id: acme.id });
    t.false(Boolean(ip.owner_sends), 'S-17: the parent named no domain of its own');
    t.deepEqual(await world.db('ip_assignments').pluck('account_id'), [labs.id]);
    await world.db('warmups').update({ status: 'running' });
    t.deepEqual(await over(world, 'd0.labs.example'), [String(address)]);
    t.deepEqual(await over(world, 'd1.labs.example'), [], 'the other domain was not named');
    t.deepEqual(await over(world, 'news.acme.example'), []);
    await joinNewDomains(world.db, world.now);
    t.deepEqual(await over(world, 'd1.labs.example'), [], 'nor does it follow by itself');
    const told = await world.db('outbox').where({ template: 'ip-assigned' }).pluck('to_address');
    t.deepEqual(told.toSorted(), [labs.admin.email, 'first@labs.example'].toSorted());
    t.regex((await (await world.signedIn(labs.admin.email)).get('/ips')).text, new RegExp(`${address} US`));
    t.deepEqual(await checkData(world.db, world.now), []);
    t.is((await owner.get('/ips')).status, 200);
    t.notRegex((await (await world.signedIn(club.admin.email)).get('/ips')).text, new RegExp(String(address)));
  },
);

onBothEngines(
  'S-14, S-17, S-23: under SendGrid a parent gets an EU IP for EU subusers alone; with a domain of its own, or of a US one, nothing is sent',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme', plan: 'pro' });
    const [home, abroad] = [
      await make.subuser(world, acme, { name: 'Home' }),
      await make.subuser(world, acme, { name: 'Abroad', region: 'eu' }),
    ];
    const [address] = await make.ips(world, 'eu', 1);
    const own = { region: 'eu', automatedWarmup: false } as const;
    const before = await everythingStored(world.db);
    for (const domainIds of [idsOf(acme), idsOf(acme, abroad), idsOf(home, abroad), idsOf(home)])
      await t.throwsAsync(make.request(world, acme.admin, { ...own, domainIds }), { message: /blocked/ });
    const byMember = make.request(world, acme.member, { ...own, domainIds: idsOf(abroad) });
    await t.throwsAsync(byMember, { message: /blocked/ });
    t.deepEqual(await everythingStored(world.db), before);
    const id = await make.request(world, acme.admin, { ...own, domainIds: idsOf(abroad) });
    await make.approve(world, id);
    const ip = await world.db('allocations').where({ request_id: id }).first();
    t.false(Boolean(ip.owner_sends));
    t.deepEqual(await over(world, 'd0.abroad.example'), [String(address)]);
    for (const name of ['news.acme.example', 'd0.home.example']) t.deepEqual(await over(world, name), [], name);
    t.deepEqual(await checkData(world.db, world.now), []);
  },
  SENDGRID,
);

onBothEngines(
  'S-16: a warm IP of the parent is an overflow route for a subuser’s new one only where both may send over it',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme', plan: 'pro' });
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const warm = await warmIp(world, acme, 'us');
    const verdict = async (...accounts: make.Account[]) => {
      const answers = await make.dedicated(world, acme.admin, { domainIds: idsOf(...accounts) });
      const actor = { person: acme.admin, at: world.now };
      const evidence = await previewRequest(world.db, actor, world.deps.policy, { answers });
      return evidence?.findings.find(({ check }) => check === 'warm-way-out')?.verdict;
    };
    t.is(await verdict(acme), 'passes');
    t.is(await verdict(labs), 'blocks', 'Labs may not send over it');
    t.true((await assign(world, acme.admin, warm, { subuserIds: [labs.id] })).ok);
    t.is(await verdict(labs), 'passes');
    t.is(await verdict(acme, labs), 'passes');
    t.true((await assign(world, acme.admin, warm, { subuserIds: [labs.id], ownerSends: false })).ok);
    t.is(await verdict(labs), 'passes');
    t.is(await verdict(acme, labs), 'blocks', 'S-17: now Acme may not');
    t.is(await verdict(acme), 'blocks');
  },
  SENDGRID,
);

onBothEngines(
  'nothing is approved for a subuser that was suspended since it was asked for, and no IP leaves the stock',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    await make.ips(world, 'us', 1);
    const id = await make.request(world, acme.admin, { domainIds: idsOf(acme, labs) });
    const { admin, reviewer } = await make.staff(world);
    const seen = await make.seen(world, id);
    const insider = await make.insider(world, labs.id);
    const own = await approveRequest(world.db, { person: insider, at: world.now }, id, { seen, reason: '' });
    t.like(own, { problem: { name: 'own-account' } }, 'R-05: nor by staff who belong to it');
    const form = { seen, reason: 'Ours.' };
    for (const decide of [declineRequest, offerOne])
      t.like(await decide(world.db, { person: insider, at: world.now }, id, form), {
        problem: { name: 'own-account' },
      });
    const { version } = await world.db('accounts').where({ id: labs.id }).first('version');
    const actor = { person: admin, at: world.now };
    t.true((await suspendAccount(world.db, actor, { id: labs.id, version, reason: 'Unpaid.' })).ok);
    const done = await approveRequest(world.db, { person: reviewer, at: world.now }, id, { seen, reason: '' });
    t.false(done.ok);
    t.is((await world.db('requests').where({ id }).first('status')).status, 'submitted');
    t.deepEqual(await world.db('allocations').select(), []);
    t.is((await world.db('ips').first('status')).status, 'free');
  },
);

onBothEngines(
  'S-12: what is asked for mail of a subuser is approved automatically too, unless a shared pool warned about that mail',
  async (t, world) => {
    const automaticApproval = { value: { afterMinutes: 10, maxIps: 1, in30Days: 1 }, rule: 'own choice' };
    const { admin } = await make.staff(world);
    const document = { ...world.deps.policy.document, automaticApproval };
    await adoptPolicy(world.db, { person: admin, at: world.now }, document);
    await world.deps.reload();
    await make.ips(world, 'us', 2);
    const requestOf = async (name: string) => {
      const parent = await make.account(world, { name });
      const below = await make.subuser(world, parent, { name: `Below ${name}` });
      const wish = { weeklyVolume: 60_000, peakWeeklyVolume: 60_000, domainIds: idsOf(below) };
      return { below, id: await make.request(world, parent.admin, wish) };
    };
    const [calm, warned] = [await requestOf('Calm'), await requestOf('Warned')];
    const place = { domain_id: warned.below.domains[0]?.id, tier: 1, pool: 'shared-us', warned_on: 20_000 };
    await world.db('domain_tiers').insert(place);
    world.now += 10 * MINUTE;
    t.is(await approveDue(world.deps), 1);
    const statusOf = async ({ id }: { id: number }) => (await world.db('requests').where({ id }).first()).status;
    t.deepEqual([await statusOf(calm), await statusOf(warned)], ['fulfilled', 'submitted']);
    t.deepEqual(await world.db('ip_assignments').pluck('account_id'), [calm.below.id]);
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines(
  'S-22: a member neither adds domains of subusers to a request of the account nor accepts an offer that names them',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    await make.ips(world, 'us', 2);
    const id = await make.request(world, acme.admin);
    const answers = await make.dedicated(world, acme.admin, { domainIds: idsOf(acme, labs) });
    const edit = { answers, version: 1, shownCents: 0 };
    const by = (person: make.Account['admin']) => ({ person, at: world.now });
    t.like(await editRequest(world.db, by(acme.member), id, edit), { problem: { name: 'not-yours' } });
    t.true((await editRequest(world.db, by(acme.billing), id, edit)).ok);
    const { reviewer } = await make.staff(world);
    const form = { seen: await make.seen(world, id), reason: 'One is enough.', approvedCount: 1 };
    const two = await editRequest(world.db, by(acme.admin), id, {
      ...edit,
      version: 2,
      answers: { ...answers, ipCount: 2 },
    });
    t.true(two.ok, JSON.stringify(two));
    t.true((await offerFewer(world.db, by(reviewer), id, { ...form, seen: await make.seen(world, id) })).ok);
    t.like(await acceptOffer(world.db, by(acme.member), id), { problem: { name: 'not-yours' } });
    t.true((await acceptOffer(world.db, by(acme.billing), id)).ok);
    t.deepEqual(await world.db('ip_assignments').pluck('account_id'), [labs.id]);
    t.true(Boolean((await world.db('allocations').first()).owner_sends), 'its own domains were named as well');
  },
);

onBothEngines(
  'S-22: a subuser whose domain its parent asked for reads why it cannot remove it, and nothing else of the request',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    await make.request(world, acme.admin, { domainIds: idsOf(labs) });
    const visitor = await world.signedIn(labs.admin.email);
    for (const [page, sentence] of [
      ['removal', /The parent account asked for IPs for this domain\./],
      ['use', /The request of the parent account is checked again with this use\./],
    ] as const) {
      const { text } = await visitor.get(`/domains/${idsOf(labs)[0]}/${page}`);
      t.regex(text, sentence);
      t.notRegex(text, /WD-\d/);
    }
  },
);

onBothEngines(
  'an offer that names a subuser is not carried out once that one is suspended, and can be accepted when it is reopened',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    await make.ips(world, 'us', 2);
    const id = await make.requestIn(world, 'offered', acme.admin, { domainIds: idsOf(acme, labs) });
    const by = (person: make.Account['admin']) => ({ person, at: world.now });
    const { admin } = await make.staff(world);
    t.true((await suspendAccount(world.db, by(admin), { id: labs.id, version: 1, reason: 'Unpaid.' })).ok);
    const refused = await acceptOffer(world.db, by(acme.admin), id);
    t.like(refused, { ok: false, problem: { name: 'not-possible' } });
    t.regex(JSON.stringify(refused), /Labs is suspended: no IP is assigned to it until it is reopened\./);
    t.deepEqual(await world.db('allocations').select(), []);
    t.true((await reopenAccount(world.db, by(admin), { id: labs.id, version: 2, reason: 'Paid.' })).ok);
    t.true((await acceptOffer(world.db, by(acme.admin), id)).ok);
  },
);
