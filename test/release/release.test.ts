import { findAccount } from '../../src/accounts/store.ts';
import { actIn } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import { applyDuePrices, repriceIps } from '../../src/ips/prices/actions.ts';
import { findAllocation } from '../../src/ips/store.ts';
import { formatMoney } from '../../src/money.ts';
import { releaseIp } from '../../src/release/actions.ts';
import { finishReleases } from '../../src/release/background.ts';
import { releaseBasis } from '../../src/release/effects.ts';
import { gatherRelease } from '../../src/release/gather.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { acme, itself, staff } from '../support/people.ts';
import { acmeWithIp, approved, dedicatedAnswers, freeIps, sendingDomain, sent } from '../support/scene.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

type Scene = Awaited<ReturnType<typeof acmeWithIp>>;

const RELEASED = { status: 'releasing' };
const ipAt = (world: World, address: string) => world.db('ips').where({ address }).first();
const allocationOf = (world: World, { allocationId }: Scene) =>
  world.db('allocations').where({ id: allocationId }).first();
const routeOf = async (world: World, { domain }: Scene) =>
  (await world.db('domains').where({ id: domain.id }).first()).route;
const mails = async (world: World, template: string): Promise<string[]> =>
  world.db('outbox').where({ template }).orderBy('to_address').pluck('to_address');
const events = async (world: World, name: string) =>
  (await world.db('audit_events').where({ name }).orderBy('id')).map((one) => ({
    ...one,
    facts: JSON.parse(one.facts),
  }));
const finish = (world: World) => finishReleases(world.db, world.deps.policy.document, world.now);

onBothEngines(
  'S-09, S-11: a customer reads what follows, gives an IP back, and those concerned get one mail',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    await world.db('allocations').update({ monthly_cents: 5_000 });
    const { id } = await ipAt(world, '192.0.2.1');
    const visitor = await world.signedIn('billing@acme.example');
    t.true((await visitor.get('/ips')).html.includes(`href="/ips/${id}/release"`));
    const page = await visitor.get(`/ips/${id}/release`);
    t.regex(page.text, /Mail of shop\.acme\.example goes over the default shared pool at once\./);
    t.regex(
      page.text,
      /queued for 192\.0\.2\.1 already may still leave over it until 30 Nov 2026\. Nothing new does\./,
    );
    t.regex(page.text, /The warm-up of 192\.0\.2\.1 does not begin\./);
    t.regex(page.text, /192\.0\.2\.1 is never charged: its first charge would have been for \d+ \w+ 20\d\d \(UTC\)\./);
    t.regex(page.text, /It cannot be undone: the IP rests until 30 Dec 2026, then somebody else may get it\./);
    const answer = await visitor.submit(page, `/ips/${id}/release`, { reason: 'Moved to <b>another</b> provider.' });
    t.is(answer.location, '/ips?note=ip-given-back');
    t.like(await allocationOf(world, scene), {
      ...RELEASED,
      released_on: dayOf(world.now),
      drains_until: world.now + 7 * DAY,
      released_at: null,
    });
    t.is(await routeOf(world, scene), 'default');
    const warmup = await world.db('warmups').where({ id: scene.warmupId }).first();
    t.like(warmup, { status: 'ended', why: '192.0.2.1 was given back on 2026-11-23 (UTC).' });
    t.deepEqual(await mails(world, 'ip-releasing'), ['billing@acme.example', 'owner@acme.example']);
    const told = await world.db('outbox').where({ template: 'ip-releasing' }).first('facts');
    t.like(JSON.parse(told.facts), { neverCharged: true }, 'its warm-up has not begun');
    const after = await visitor.get('/ips');
    t.regex(
      after.text,
      /192\.0\.2\.1 .*Being released .*none any more US 23 Nov 2026 until 23 Nov drains until 30 Nov 2026/,
    );
    t.regex((await visitor.get(`/ips/${id}/release`)).text, /Given back\. It was given back on 23 Nov 2026 \(UTC\)/);
    const story = await visitor.get(`/warm-ups/${scene.warmupId}`);
    t.regex(story.text, /Ended\. 192\.0\.2\.1 was given back on 2026-11-23 \(UTC\)\./);
    t.regex(
      (await (await world.signedIn('owner@acme.example')).get('/history')).text,
      /gave back 192\.0\.2\.1; 2026-11-23 is the last day charged/,
    );
    await world.db('allocations').update({ monthly_cents: 0 });
  },
);

onBothEngines(
  'C-07: it drains, rests and is free again by itself, each at its time; its history stays',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const { id } = await ipAt(world, '192.0.2.1');
    const owner = await world.signedIn('owner@acme.example');
    await owner.submit(await owner.get(`/ips/${id}/release`), `/ips/${id}/release`, {});
    const begun = world.now;
    world.now = begun + 7 * DAY - 1;
    t.is(await finish(world), 0, 'still drains');
    t.is((await ipAt(world, '192.0.2.1')).status, 'allocated');
    world.now = begun + 7 * DAY;
    t.deepEqual(await Promise.all([finish(world), finish(world)]).then((done) => done.reduce((a, b) => a + b)), 1);
    t.like(await allocationOf(world, scene), { status: 'released', released_at: world.now, released_on: dayOf(begun) });
    t.like(await ipAt(world, '192.0.2.1'), { status: 'quarantined', quarantined_until: world.now + 30 * DAY });
    t.deepEqual(await mails(world, 'ip-released'), ['billing@acme.example', 'owner@acme.example']);
    t.regex(
      (await (await world.signedIn('owner@acme.example')).get('/ips')).text,
      /No dedicated IP yet.*Given back .*192\.0\.2\.1 US 23 Nov 2026 23 Nov 2026 Warm-up/,
    );
    t.regex(
      (await (await world.signedIn('reviewer@warmdesk.example')).get('/inventory')).text,
      /192\.0\.2\.1 US Quarantined until 30 Dec 2026 nobody/,
    );
    world.now += 30 * DAY - 1;
    t.is(await finish(world), 0, 'still rests');
    world.now += 1;
    t.is(await finish(world), 1);
    t.is((await ipAt(world, '192.0.2.1')).status, 'free');
    const later = await world.signedIn('owner@acme.example');
    t.is((await later.get(`/warm-ups/${scene.warmupId}`)).status, 200, 'its warm-up can be read');
    const [freed] = await events(world, 'ip.freed');
    t.like(freed, { account_id: null, actor_id: null, facts: { before: 'quarantined', after: 'free' } });
  },
);

onBothEngines('what goes wrong with one IP holds up no other', async (t, world) => {
  await acmeWithIp(world);
  const { id } = await ipAt(world, '192.0.2.1');
  const owner = await world.signedIn('owner@acme.example');
  await owner.submit(await owner.get(`/ips/${id}/release`), `/ips/${id}/release`, {});
  await freeIps(world, ['192.0.2.77']);
  world.now += 7 * DAY;
  await world
    .db('ips')
    .where({ address: '192.0.2.77' })
    .update({ status: 'quarantined', quarantined_until: world.now });
  // No mail can be sent there, so that the act fails.
  await world.db('people').where({ email: 'billing@acme.example' }).update({ email: 'no address' });
  await t.throwsAsync(finish(world), { message: '1 of 2 IPs could not be released or freed' });
  t.is((await ipAt(world, '192.0.2.77')).status, 'free');
  t.is((await ipAt(world, '192.0.2.1')).status, 'allocated');
  await world.db('people').where({ email: 'no address' }).update({ email: 'billing@acme.example' });
  t.is(await finish(world), 1, 'and is tried again');
});

onBothEngines('staff release an IP with a reason that the customer reads, and nobody else’s', async (t, world) => {
  const scene = await acmeWithIp(world);
  const { id } = await ipAt(world, '192.0.2.1');
  const path = `/customers/${scene.acme.id}/ips/${id}/release`;
  const admin = await world.signedIn('admin@warmdesk.example');
  t.true((await admin.get(`/customers/${scene.acme.id}`)).html.includes(`href="${path}"`));
  const page = await admin.get(path);
  const refused = await admin.submit(page, path, { reason: ' \u200b ' });
  t.is(refused.status, 422);
  t.regex(refused.text, /Reason/);
  t.is((await allocationOf(world, scene)).status, 'warming');
  t.is(
    (await admin.submit(page, path, { reason: 'The contract ended.' })).location,
    `/customers/${scene.acme.id}?note=ip-released`,
  );
  const [mail] = await world.db('outbox').where({ template: 'ip-releasing', to_address: 'owner@acme.example' });
  t.like(JSON.parse(mail.facts), { by: null, reason: 'The contract ended.', endsWarmup: true });
  for (const strange of [
    `/customers/${scene.acme.id}/ips/99/release`,
    `/customers/99/ips/${id}/release`,
    '/ips/99/release',
  ])
    t.is((await admin.get(strange)).status, 404, strange);
});

onBothEngines(
  'of two who give one IP back at once, one does; what is not on the screen any more is shown first',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const { acme, staff, allocationId } = scene;
    const policy = world.deps.policy.document;
    const account = (await findAccount(world.db, acme.id)) ?? t.fail();
    const seen = async () =>
      releaseBasis(await gatherRelease(world.db, { document: policy, at: world.now }, account, [allocationId]));
    const form = { accountId: acme.id, allocationId, seen: await seen(), reason: 'So.' };
    const stale = await releaseIp(world.db, { person: acme.owner, at: world.now + DAY }, policy, form);
    t.deepEqual(stale, { ok: false, problem: 'changed' }, 'another day is charged last');
    const done = await Promise.all(
      [acme.owner, acme.billing, staff.admin].map((person) =>
        releaseIp(world.db, { person, at: world.now }, policy, form),
      ),
    );
    t.deepEqual(done.filter(({ ok }) => ok).length, 1);
    for (const one of done) if (!one.ok) t.is(one.problem, 'not-open');
    t.is((await events(world, 'allocation.releasing')).length, 1);
    t.is((await mails(world, 'ip-releasing')).length, 2);
    const { id } = await ipAt(world, '192.0.2.1');
    const late = await (await world.signedIn('owner@acme.example')).post(`/ips/${id}/release`, { seen: form.seen });
    t.is(late.status, 409);
    t.regex(late.text, /Given back\. It was given back on 23 Nov 2026/);
  },
);

onBothEngines(
  'R-05, S-11: a member, staff of the account itself and another customer cannot give it back',
  async (t, world) => {
    const { acme, allocationId } = await acmeWithIp(world);
    const policy = world.deps.policy.document;
    const insider = { ...acme.member, staffRole: 'admin' as const };
    const other = { ...acme.owner, accountId: acme.id + 1 };
    for (const [person, problem] of [
      [acme.member, 'not-yours'],
      [insider, 'own-account'],
      [other, 'not-yours'],
    ] as const) {
      const form = { accountId: acme.id, allocationId, seen: 'x', reason: 'So.' };
      t.deepEqual(await releaseIp(world.db, { person, at: world.now }, policy, form), { ok: false, problem });
    }
    const elsewhere = { accountId: acme.id + 1, allocationId, seen: 'x', reason: '' };
    t.deepEqual(await releaseIp(world.db, { person: other, at: world.now }, policy, elsewhere), {
      ok: false,
      problem: 'not-found',
    });
  },
);

/** Acme with two IPs for one domain. */
async function withTwoIps(world: World) {
  const people = { acme: await acme(world), staff: await staff(world) };
  const domain = await sendingDomain(world, people.acme.id, { name: 'shop.acme.example', weekly: 280_000 });
  await freeIps(world, ['192.0.2.1', '192.0.2.2']);
  const answers = {
    ...dedicatedAnswers(world, [domain.id]),
    ipCount: 2,
    weeklyVolume: 280_000,
    peakWeeklyVolume: 280_000,
  };
  await approved(world, people.staff.reviewer, await sent(world, people.acme.owner, answers));
  const [first, second] = await world.db('allocations').orderBy('id').pluck('id');
  return { ...people, domain, first: Number(first), second: Number(second) };
}

onBothEngines(
  'C-09, C-10: with another IP the domain stays dedicated, and a charged IP takes the included place',
  async (t, world) => {
    const { acme, domain, first, second } = await withTwoIps(world);
    // A plan that includes one: the older IP.
    const policy = structuredClone(world.deps.policy.document);
    for (const plan of policy.plans) plan.includedIps.value = 1;
    await world.db('allocations').where({ id: second }).update({ monthly_cents: 5_000 });
    const account = (await findAccount(world.db, acme.id)) ?? t.fail();
    const effects = await gatherRelease(world.db, { document: policy, at: world.now }, account, [first]);
    t.deepEqual(
      effects.moves.map(({ to, others }) => [to, others]),
      [['dedicated', ['192.0.2.2']]],
    );
    const form = { accountId: account.id, allocationId: first, seen: releaseBasis(effects), reason: '' };
    t.true((await releaseIp(world.db, { person: acme.owner, at: world.now }, policy, form)).ok);
    t.is((await world.db('domains').where({ id: domain.id }).first()).route, 'dedicated');
    t.is((await world.db('allocations').where({ id: second }).first()).monthly_cents, 0, 'included from now on');
    const [mail] = await world.db('outbox').where({ template: 'ip-releasing', to_address: 'owner@acme.example' });
    t.like(JSON.parse(mail.facts), {
      moves: [{ domain: 'shop.acme.example', over: 'the other dedicated IP 192.0.2.2' }],
      cheaper: ['192.0.2.2'],
    });
  },
);

onBothEngines(
  'two who give the last two IPs of a domain back at once leave it on the shared pool',
  async (t, world) => {
    const { acme, domain, first, second } = await withTwoIps(world);
    const policy = world.deps.policy.document;
    const account = (await findAccount(world.db, acme.id)) ?? t.fail();
    const ruled = { document: policy, at: world.now };
    const release = async (allocationId: number) => {
      const effects = await gatherRelease(world.db, ruled, account, [allocationId]);
      const form = { accountId: account.id, allocationId, seen: releaseBasis(effects), reason: '' };
      return releaseIp(world.db, { person: acme.owner, at: world.now }, policy, form);
    };
    const done = await Promise.all([release(first), release(second)]);
    // What follows from the second is another thing once the first is done.
    t.deepEqual(done.map((one) => (one.ok ? 'done' : one.problem)).sort(), ['changed', 'done']);
    for (const id of [first, second]) await release(id);
    t.is((await world.db('domains').where({ id: domain.id }).first()).route, 'default');
  },
);

onBothEngines('a day that is judged after the release moves nothing that was given back', async (t, world) => {
  const scene = await acmeWithIp(world);
  world.now += 8 * DAY;
  await evaluateDue(world.db, world.deps.policy.document, world.now);
  t.is((await allocationOf(world, scene)).status, 'warming');
  const { id } = await ipAt(world, '192.0.2.1');
  const owner = await world.signedIn('owner@acme.example');
  const page = await owner.get(`/ips/${id}/release`);
  t.regex(page.text, /The warm-up of 192\.0\.2\.1 ends at stage 1 of/);
  await owner.submit(page, `/ips/${id}/release`, {});
  for (let day = 1; day < 4; day += 1) {
    world.now += DAY + HOUR;
    t.is(await evaluateDue(world.db, world.deps.policy.document, world.now), 0);
  }
  t.like(await allocationOf(world, scene), RELEASED);
});

onBothEngines(
  'a domain that came from the transactional pool goes back there, and keeps its refusals (C-04, C-06)',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const receipts = await sendingDomain(world, scene.acme.id, {
      name: 'receipts.acme.example',
      usage: 'transactional',
    });
    const pool = await sent(world, scene.acme.owner, {
      ...{ kind: 'transactional_pool', weeklyVolume: 70_000, sends: 'Receipts.', samples: 'Your receipt.' },
      domainIds: [receipts.id],
    });
    await approved(world, scene.staff.reviewer, pool);
    await world.db('domains').where({ id: receipts.id }).update({ route: 'dedicated' });
    await world.db('audit_events').insert({
      ...{ subject_type: 'domain', subject_id: receipts.id, seq: 4, name: 'domain.moved', account_id: scene.acme.id },
      ...{ from_status: 'transactional', to_status: 'dedicated', actor_id: scene.staff.admin.id, at: world.now },
      facts: JSON.stringify({ domain: receipts.name, before: 'transactional', after: 'dedicated' }),
    });
    await world.db('allocation_domains').insert({ allocation_id: scene.allocationId, domain_id: receipts.id });
    const { id } = await ipAt(world, '192.0.2.1');
    const owner = await world.signedIn('owner@acme.example');
    const page = await owner.get(`/ips/${id}/release`);
    t.regex(page.text, /Mail of receipts\.acme\.example goes over the transactional shared pool at once\./);
    await owner.submit(page, `/ips/${id}/release`, {});
    t.is((await world.db('domains').where({ id: receipts.id }).first()).route, 'transactional');
  },
);

onBothEngines('C-10: a price that was announced does not come into force on an IP that drains', async (t, world) => {
  const scene = await acmeWithIp(world);
  const policy = world.deps.policy.document;
  const allocation = (await findAllocation(world.db, scene.allocationId)) ?? t.fail();
  const price = { allocation, monthlyCents: 5_000, fromDay: dayOf(world.now) + 3 };
  await world.db.transaction((trx) => repriceIps(actIn(trx, itself(world)), [price]));
  const account = (await findAccount(world.db, scene.acme.id)) ?? t.fail();
  const effects = await gatherRelease(world.db, { document: policy, at: world.now }, account, [allocation.id]);
  const form = { accountId: account.id, allocationId: allocation.id, seen: releaseBasis(effects), reason: '' };
  t.true((await releaseIp(world.db, { person: scene.acme.owner, at: world.now }, policy, form)).ok);
  world.now += 4 * DAY;
  await applyDuePrices(world.db, world.now);
  t.is((await allocationOf(world, scene)).monthly_cents, allocation.monthlyCents);
  t.like(await world.db('allocation_prices').first(), { applied_at: null, cancelled_at: world.now });
  t.is((await events(world, 'allocation.repriced')).length, 1, 'the announcement alone');
});

onBothEngines(
  'C-10: a price that was announced for a day before an IP is given back holds, however late the job comes',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const policy = world.deps.policy.document;
    const allocation = (await findAllocation(world.db, scene.allocationId)) ?? t.fail();
    const price = { allocation, monthlyCents: 5_000, fromDay: dayOf(world.now) + 3 };
    await world.db.transaction((trx) => repriceIps(actIn(trx, itself(world)), [price]));
    world.now += 4 * DAY;
    const account = (await findAccount(world.db, scene.acme.id)) ?? t.fail();
    const effects = await gatherRelease(world.db, { document: policy, at: world.now }, account, [allocation.id]);
    const form = { accountId: account.id, allocationId: allocation.id, seen: releaseBasis(effects), reason: '' };
    t.true((await releaseIp(world.db, { person: scene.acme.owner, at: world.now }, policy, form)).ok);
    t.is(await applyDuePrices(world.db, world.now), 1);
    t.is((await allocationOf(world, scene)).monthly_cents, 5_000);
    t.like(await world.db('allocation_prices').first(), { applied_at: world.now, cancelled_at: null });
  },
);

onBothEngines(
  'C-10: an announced price whose day has come holds until the next one, though no job came',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const allocation = (await findAllocation(world.db, scene.allocationId)) ?? t.fail();
    const reprice = (monthlyCents: number, fromDay: number | null) =>
      world.db.transaction((trx) => repriceIps(actIn(trx, itself(world)), [{ allocation, monthlyCents, fromDay }]));
    await reprice(5_000, dayOf(world.now) + 3);
    world.now += 4 * DAY;
    await reprice(3_000, null);
    t.like(await world.db('allocation_prices').orderBy('id').first(), { applied_at: world.now, cancelled_at: null });
    t.like((await events(world, 'allocation.repriced')).at(-1), { facts: { beforeCents: 5_000, afterCents: 3_000 } });
    t.is((await allocationOf(world, scene)).monthly_cents, 3_000);
  },
);

onBothEngines('C-09: an open request costs less once an included IP is given back', async (t, world) => {
  const scene = await acmeWithIp(world);
  const policy = world.deps.policy.document;
  const news = await sendingDomain(world, scene.acme.id, { name: 'news.acme.example', weekly: 700_000 });
  const volumes = { ipCount: 3, weeklyVolume: 700_000, peakWeeklyVolume: 800_000 };
  const id = await sent(world, scene.acme.owner, { ...dedicatedAnswers(world, [news.id]), ...volumes });
  const price = async () =>
    (await world.db('quotes').where({ request_id: id }).orderBy('id', 'desc').first()).monthly_cents;
  const before = await price();
  const account = (await findAccount(world.db, scene.acme.id)) ?? t.fail();
  const ruled = { document: policy, at: world.now };
  const effects = await gatherRelease(world.db, ruled, account, [scene.allocationId]);
  const { ip_id: ipId } = await world.db('allocations').where({ id: scene.allocationId }).first();
  const page = await (await world.signedIn('owner@acme.example')).get(`/ips/${ipId}/release`);
  const form = { accountId: account.id, allocationId: scene.allocationId, seen: releaseBasis(effects), reason: '' };
  t.true((await releaseIp(world.db, { person: scene.acme.owner, at: world.now }, policy, form)).ok);
  t.true((await price()) < before);
  const [told, were] = [await price(), before].map((cents) => formatMoney(cents, policy.currency));
  t.true(
    page.text.includes(`WD-${1000 + id} is still open and becomes cheaper: ${told} a month instead of ${were}.`),
    'as it was told before',
  );
  t.like((await events(world, 'request.requoted'))[0], { facts: { beforeCents: before, monthlyCents: await price() } });
  t.deepEqual(await mails(world, 'request-requoted'), ['billing@acme.example', 'owner@acme.example']);
});

onBothEngines('closing tells its dates as elsewhere, and what is never charged', async (t, world) => {
  const { acme, first, second } = await withTwoIps(world);
  const prices = world.db('allocations');
  await prices
    .clone()
    .where({ id: first })
    .update({ monthly_cents: 5_000, charged_from: dayOf(world.now) });
  await prices
    .clone()
    .where({ id: second })
    .update({ monthly_cents: 5_000, charged_from: dayOf(world.now) + 8 });
  const visitor = await world.signedIn('admin@warmdesk.example');
  const { text } = await visitor.get(`/customers/${acme.id}/closing`);
  t.regex(text, /what is queued may leave until 30 Nov 2026, and from 30 Dec 2026 somebody else may get them/);
  t.regex(
    text,
    /\$50 a month ends today; 23 Nov 2026 \(UTC\) is the last day charged\. 192\.0\.2\.2 is never charged\./,
  );
  t.notRegex(text, /\d{4}-\d\d-\d\d/);
  await world.db('allocations').update({ monthly_cents: 0, charged_from: null });
});
