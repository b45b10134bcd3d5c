// Subusers: created by their parent's admins and by staff, seen by their parent's people, and what they may not do.
import { closeAccount, reopenAccount, suspendAccount } from '../../src/requests/account/actions.ts';
import { previewRequest } from '../../src/requests/customer/actions.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import { createSubuser } from '../../src/subusers/actions.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

const FORM = { name: 'Labs', region: 'eu', email: 'Ann@Labs.example', person: 'Ann' };

const versionOf = async (world: World, id: number): Promise<number> =>
  (await world.db('accounts').where({ id }).first('version')).version;

onBothEngines(
  'an admin creates a subuser with a name and a region, and its first admin is invited',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const second = await make.person(world, { email: 'two@acme.example', accountId: acme.id, accountRole: 'admin' });
    const owner = await world.signedIn(acme.admin.email);
    t.regex((await owner.get('/subusers')).text, /No subusers yet/);
    const page = await owner.get('/subusers/new');
    const wrong = await owner.submit(page, '/subusers', { ...FORM, region: 'any', email: 'nowhere' });
    t.is(wrong.status, 422);
    t.regex(wrong.text, /Choose a region\..*Email must be an address/);
    const created = await owner.submit(page, '/subusers', FORM);
    t.regex(created.location ?? '', /^\/subusers\/\d+\?note=subuser-created$/);
    const shown = await owner.get(created.location ?? '');
    t.regex(shown.text, /Labs Sends from the EU .*No domains.*No IP assigned.*Ann, admin ann@labs\.example/);
    t.regex((await owner.get('/subusers')).text, /Labs EU 1 0 Active/);
    t.is((await owner.submit(page, '/subusers', FORM)).status, 422, 'sent twice it is created once');
    const invited = await world.db('outbox').where({ template: 'invitation' }).pluck('to_address');
    t.deepEqual(invited, ['ann@labs.example']);
    const told = await world.db('outbox').where({ template: 'team-changed' }).select('to_address', 'facts');
    t.deepEqual(
      told.map(({ to_address: to }) => to),
      [second.email],
    );
    t.regex(told[0].facts, /created the subuser Labs/);
    t.regex((await owner.get('/history')).text, /created the subuser Labs in EU/);
    t.like(await world.db('accounts').where({ name: 'Labs' }).first(), { region: 'eu', parent_id: acme.id });
  },
);

onBothEngines('staff create a subuser for a customer, and both pages lead to each other', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  const { admin, reviewer } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const customer = await visitor.get(`/customers/${acme.id}`);
  t.true(customer.html.includes(`/customers/${acme.id}/subusers/new`));
  const page = await visitor.get(`/customers/${acme.id}/subusers/new`);
  t.false(page.html.includes('name="ips"'), 'S-22: staff assign no IPs');
  const created = await visitor.submit(page, `/customers/${acme.id}/subusers`, FORM);
  t.regex(created.location ?? '', /^\/customers\/\d+\?note=subuser-created$/);
  const shown = await visitor.get(created.location ?? '');
  t.regex(shown.text, /Labs Subuser of Acme · Premium plan/);
  t.regex((await visitor.get(`/customers/${acme.id}`)).text, /Labs EU · 0 domains/);
  const [, id = ''] = /^\/customers\/(\d+)/.exec(created.location ?? '') ?? [];
  t.is((await visitor.get(`/customers/${id}/subusers/new`)).status, 404, 'a subuser has no subusers');
  const other = await world.signedIn(reviewer.email);
  t.is((await other.get(`/customers/${acme.id}/subusers/new`)).status, 404);
  t.false((await other.get(`/customers/${acme.id}`)).html.includes('/subusers/new'));
});

onBothEngines('nobody but an admin of the account, or staff who add customers, creates a subuser', async (t, world) => {
  const acme = await make.account(world);
  const other = await make.account(world);
  const labs = await make.subuser(world, acme, { name: 'Labs' });
  const { reviewer } = await make.staff(world);
  const before = await everythingStored(world.db);
  const creation = { name: 'More', region: 'us', email: 'more@more.example', person: 'More' } as const;
  const create = (person: make.Account['admin'], parentId: number) =>
    createSubuser(
      world.db,
      { person, at: world.now },
      { ...creation, parentId, allocationIds: [], secret: world.deps.sessionSecret },
    );
  for (const person of [acme.billing, acme.member, other.admin, labs.admin, reviewer])
    t.like(await create(person, acme.id), { ok: false, problem: 'not-yours' }, person.email);
  t.like(await create((await make.staff(world)).admin, labs.id), { ok: false, problem: 'nested' });
  t.like(await create(labs.admin, labs.id), { ok: false, problem: 'not-yours' });
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines(
  'a parent’s people see their subusers, a subuser’s people neither parent nor sibling',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const club = await make.subuser(world, acme, { name: 'Club' });
    for (const { email } of [acme.admin, acme.billing, acme.member]) {
      const visitor = await world.signedIn(email);
      t.regex((await visitor.get('/subusers')).text, /Club .* Labs/);
      t.regex((await visitor.get(`/subusers/${labs.id}`)).text, /d0\.labs\.example.*first@labs\.example/);
      t.regex((await visitor.get(`/subusers/${labs.id}/sending`)).text, /Sending of Labs .*Volume and rates/);
      t.is((await visitor.get(`/domains/${labs.domains[0]?.id}`)).status, 404, 'its own pages stay its own');
    }
    for (const { email } of [labs.admin, labs.billing, labs.member]) {
      const visitor = await world.signedIn(email);
      const home = await visitor.get('/');
      t.is(home.status, 200);
      t.notRegex(home.html, /href="\/(subusers|charges)"/);
      const paths = [
        '/subusers',
        `/subusers/${club.id}`,
        `/subusers/${labs.id}`,
        '/charges',
        '/subusers/new',
        `/subusers/${club.id}/sending`,
      ];
      for (const path of paths) t.is((await visitor.get(path)).status, 404, `${email} ${path}`);
      for (const path of ['/', '/domains', '/ips', '/people', '/sending', '/requests'])
        t.notRegex((await visitor.get(path)).text, /\b(Acme|Club)\b/, `${email} ${path}`);
    }
    const other = await world.signedIn((await make.account(world)).admin.email);
    for (const path of [`/subusers/${labs.id}`, `/subusers/${labs.id}/sending`])
      t.is((await other.get(path)).status, 404, 'nor does another customer');
    const history = await (await world.signedIn(labs.admin.email)).get('/history');
    t.regex(history.text, /The parent account opened the account Labs/);
    t.false(history.html.includes(acme.admin.name), 'nor who it was');
  },
);

onBothEngines('S-23: the region of a subuser never changes, and its plan is its parent’s', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  const labs = await make.subuser(world, acme, { name: 'Labs', region: 'eu' });
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const path = `/customers/${labs.id}/plan`;
  const page = await visitor.get(path);
  t.notRegex(page.html, /value="(us|any)"/, 'nothing else can be chosen');
  const change = { name: 'Labs', plan: 'premium', version: String(await versionOf(world, labs.id)), step: 'change' };
  const refused = await visitor.submit(page, path, { ...change, region: 'us' });
  t.is(refused.status, 409);
  t.regex(refused.text, /A subuser keeps the region/);
  t.like(await world.db('accounts').where({ id: labs.id }).first(), { region: 'eu' });
  t.is((await visitor.submit(page, path, { ...change, region: 'eu', name: 'Lab' })).status, 303, 'its name does');
  const parent = { name: 'Acme', plan: 'essentials', region: 'any', step: 'change' };
  const plans = world.deps.policy.document.plans.map(({ key }) => key);
  const plan = plans.find((key) => key !== 'premium') ?? '';
  const own = await visitor.get(`/customers/${acme.id}/plan`);
  t.is((await visitor.submit(own, `/customers/${acme.id}/plan`, { ...parent, plan, version: '1' })).status, 303);
  t.like(await world.db('accounts').where({ id: labs.id }).first(), { plan });
  await t.throwsAsync(
    world.db('accounts').where({ id: labs.id }).update({ region: null }),
    undefined,
    'by the database',
  );
});

onBothEngines('S-22: a subuser cannot ask for dedicated IPs of its own', async (t, world) => {
  const acme = await make.account(world);
  const labs = await make.subuser(world, acme, { name: 'Labs' });
  await make.ips(world, 'us', 1);
  const answers = await make.dedicated(world, labs.admin);
  const evidence = await previewRequest(world.db, { person: labs.admin, at: world.now }, world.deps.policy, {
    answers,
  });
  const finding = evidence?.findings.find(({ check }) => check === 'subuser');
  t.is(finding?.verdict, 'blocks');
  await t.throwsAsync(make.request(world, labs.admin), { message: /blocked/ });
  const visitor = await world.signedIn(labs.admin.email);
  t.regex((await visitor.get('/requests/qualifying')).text, /Your account is a subuser/);
  const own = await make.request(world, acme.admin);
  t.true(own > 0, 'its parent can');
});

onBothEngines('what stops a parent stops its subusers; a parent is closed after them', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  const labs = await make.subuser(world, acme, { name: 'Labs' });
  const { admin } = await make.staff(world);
  const actor = { person: admin, at: world.now };
  const { db } = world;
  const { document } = world.deps.policy;
  const decision = async (id: number) => ({ id, version: await versionOf(world, id), reason: 'So.' });
  const refusal = async () => {
    const sender = (await loadSenders(db)).get('d0.labs.example');
    return sender && egressOf(sender, 'marketing', document).refusal;
  };
  t.is(await refusal(), null);
  t.like(await closeAccount(db, actor, document, await decision(acme.id)), { problem: 'has-subusers' });
  t.true((await suspendAccount(db, actor, await decision(acme.id))).ok);
  t.regex((await refusal()) ?? '', /is suspended/);
  const creation = { name: 'More', region: 'us', email: 'm@more.example', person: 'M', allocationIds: [] } as const;
  const secret = world.deps.sessionSecret;
  const more = await createSubuser(
    db,
    { person: acme.admin, at: world.now },
    { ...creation, parentId: acme.id, secret },
  );
  t.like(more, { problem: 'not-active' });
  t.true((await reopenAccount(db, actor, await decision(acme.id))).ok);
  t.is(await refusal(), null);
  t.true((await closeAccount(db, actor, document, await decision(labs.id))).ok);
  t.true((await closeAccount(db, actor, document, await decision(acme.id))).ok);
  t.like(await reopenAccount(db, actor, await decision(labs.id)), { problem: 'parent-closed' });
  t.true((await reopenAccount(db, actor, await decision(acme.id))).ok);
  t.true((await reopenAccount(db, actor, await decision(labs.id))).ok);
});
