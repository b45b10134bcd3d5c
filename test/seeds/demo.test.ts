import { randomUUID } from 'node:crypto';
import ava, { type ExecutionContext } from 'ava';
import { seedDemo } from '../../seeds/demo.ts';
import { findPersonByEmail, listStaff } from '../../src/accounts/store.ts';
import { dayOf } from '../../src/day.ts';
import { listDomainsOf } from '../../src/domains/store.ts';
import { checkData } from '../../src/invariants/store.ts';
import { listAssignees } from '../../src/ips/assignments/store.ts';
import { countFreeIps, listHoldings } from '../../src/ips/store.ts';
import type { Region } from '../../src/policy/checks/facts.ts';
import { previewRequest, sendRequest } from '../../src/requests/customer/actions.ts';
import { type Answers, isOpen, reference, statuses } from '../../src/requests/request.ts';
import { confirmApproval, evidenceOf } from '../../src/requests/review/decide.ts';
import { basisOf } from '../../src/requests/review/decision-basis.ts';
import { EVERYTHING } from '../../src/requests/review/queue/filter.ts';
import { gatherQueue } from '../../src/requests/review/queue/gather.ts';
import { findRequest } from '../../src/requests/store.ts';
import { listSpent, listSpentHours } from '../../src/routing/store.ts';
import { measure } from '../../src/sending/counts.ts';
import { listWeekCounts } from '../../src/sending/store.ts';
import { expectedFinish } from '../../src/warmup/forecast.ts';
import { capNow } from '../../src/warmup/state.ts';
import { listWarmups } from '../../src/warmup/store.ts';
import { filesOn, getFile } from '../support/attaching.ts';
import { NOBODY } from '../support/people.ts';
import type { Answer } from '../support/visitor.ts';
import { createWorld, HOUR, onBothEngines, START, type World } from '../support/world.ts';

async function everything({ db, now }: World) {
  const pageOf = async (page: number) =>
    (await gatherQueue(db, { ...EVERYTHING, tab: 'all', page }, { person: NOBODY, at: now })).rows;
  const rows = [];
  for (let page = 1, found = await pageOf(1); found.length > 0; page += 1, found = await pageOf(page))
    rows.push(...found);
  return rows;
}

async function accountOf(world: World, email: string) {
  const person = await findPersonByEmail(world.db, email);
  if (person?.accountId == null) throw new Error(`${email} belongs to no account`);
  return { person, id: person.accountId, domains: await listDomainsOf(world.db, person.accountId) };
}

async function figuresOf(world: World, email: string) {
  const { id, domains } = await accountOf(world, email);
  const ids = domains.map((domain) => domain.id);
  const counts = [...(await listWeekCounts(world.db, ids, world.now)).values()].flat();
  const { allocated = 0 } = (await listHoldings(world.db, [id], 0)).get(id) ?? {};
  const { weekly, weeks } = measure(counts, world.now);
  return { weekly, silentWeeks: weeks.filter((week) => week.sent === 0).length, domains: ids.length, allocated };
}

const oneIp = (region: Region, domainIds: number[]): Answers => ({
  kind: 'dedicated_ip',
  ipCount: 1,
  region,
  stream: 'both',
  startsOn: dayOf(START) + 1,
  weeklyVolume: 180_000,
  peakWeeklyVolume: 220_000,
  sends: 'Campaigns and order mail.',
  signup: 'At the checkout.',
  mailing: null,
  automatedWarmup: true,
  domainIds,
});

onBothEngines('an empty database gets requests in every state, none in the future, and only once', async (t, world) => {
  t.true(await seedDemo(world.deps));
  const rows = await everything(world);
  t.false(await seedDemo(world.deps));
  t.is((await everything(world)).length, rows.length);
  const dedicated = rows.filter(({ request }) => request.answers.kind === 'dedicated_ip');
  t.deepEqual([...new Set(dedicated.map(({ request }) => request.status))].sort(), [...statuses].sort());
  t.is(await world.db('audit_events').where('at', '>', world.now).first('id'), undefined);
  const submitted = rows.filter(({ request }) => request.status === 'submitted');
  t.deepEqual([...new Set(submitted.map(({ recommendation }) => recommendation?.verdict))].sort(), [
    'approve',
    'decline',
    'look',
  ]);
  const due = submitted.map(({ request }) => ((request.dueAt ?? 0) - world.now) / HOUR);
  t.true(due.some((hours) => hours < 0) && due.some((hours) => hours > 0 && hours < 2));
});

onBothEngines('the demo shows a file, a checklist and a note that mentions somebody', async (t, world) => {
  await seedDemo(world.deps);
  const ids = await world
    .db('audit_events')
    .whereIn('name', ['request.commented', 'request.checked'])
    .pluck('subject_id');
  t.is(ids.length, 2);
  const desk = await world.signedIn('reviewer@warmdesk.example');
  const [withFile, withTicks] = await Promise.all(ids.map((id) => desk.get(`/review/${reference(id)}`)));
  t.regex(withFile?.text ?? '', /paperkite-opt-in\.log plain text, \d+ bytes/);
  const path = filesOn(withFile as Answer).get('paperkite-opt-in.log') ?? '';
  t.regex((await getFile(world, desk, path)).bytes.toString(), /confirmed id=81f3/);
  t.regex(withTicks?.text ?? '', /Checklist 2 of 3 /);
  t.regex(withTicks?.text ?? '', /wrote a note to Jonas Berg/);
  t.is((await world.db('outbox').where({ template: 'request-mentioned' })).length, 1);
});

onBothEngines('the demo’s people can sign in', async (t, world) => {
  await seedDemo(world.deps);
  const customers = ['owner@acme', 'billing@acme', 'member@acme', 'owner@tinyco', 'owner@bigmail', 'owner@receipts'];
  const staff = ['reviewer@warmdesk', 'reviewer2@warmdesk', 'admin@warmdesk', 'insider@warmdesk'];
  for (const who of [...customers, ...staff]) await t.notThrowsAsync(world.signedIn(`${who}.example`), who);
});

onBothEngines('the demo’s customers send and hold what the README says', async (t, world) => {
  await seedDemo(world.deps);
  const figures = (email: string) => figuresOf(world, email);
  t.deepEqual(await figures('owner@acme.example'), { weekly: 180_000, silentWeeks: 0, domains: 2, allocated: 1 });
  t.deepEqual(await figures('owner@tinyco.example'), { weekly: 12_000, silentWeeks: 0, domains: 1, allocated: 0 });
  const bigmail = { weekly: 2_400_000, silentWeeks: 0, domains: 3, allocated: 3 };
  t.deepEqual(await figures('owner@bigmail.example'), bigmail);
  const open = (await everything(world)).filter(({ request }) => isOpen(request.status));
  const tried = ['Acme', 'TinyCo', 'Bigmail', 'Receipts'];
  t.deepEqual(
    open.filter(({ request }) => tried.includes(request.account.name)),
    [],
    'their next request can be sent',
  );
  const free = await countFreeIps(world.db);
  t.true((free.get('us') ?? 0) >= 20 && (free.get('eu') ?? 0) >= 3);
});

onBothEngines(
  'S-18, S-23: Bigmail of the demo has a subuser in each region, and the one in the US sends over an IP of it',
  async (t, world) => {
    await seedDemo(world.deps);
    const { id } = await accountOf(world, 'owner@bigmail.example');
    const found = await listAssignees(world.db, id);
    t.deepEqual(
      found.map(({ name, region, allocationIds }) => [name, region, allocationIds.length]),
      [
        ['Bigmail Europe', 'eu', 0],
        ['Bigmail Sports', 'us', 1],
      ],
    );
    const visitor = await world.signedIn('desk@sports.bigmail.example');
    t.regex((await visitor.get('/ips')).text, /US Active sports\.bigmail\.example/);
    t.regex((await (await world.signedIn('owner@bigmail.example')).get('/subusers')).text, /Bigmail Europe EU/);
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines('C-08: Acme can send a request for a second IP that passes, in either region', async (t, world) => {
  await seedDemo(world.deps);
  const { db, deps, now } = world;
  const { person, id, domains } = await accountOf(world, 'owner@acme.example');
  t.is((await listWarmups(db, { accountId: id, statuses: ['complete'] })).length, 1);
  const domainIds = domains.map((domain) => domain.id);
  for (const region of ['us', 'eu'] as const) {
    const evidence = await previewRequest(db, { person, at: now }, deps.policy, { answers: oneIp(region, domainIds) });
    t.deepEqual(
      evidence?.findings.filter((finding) => finding.verdict !== 'passes'),
      [],
    );
    t.is(evidence?.quote?.monthlyCents, 0);
  }
  const form = { answers: oneIp('us', domainIds), formToken: randomUUID(), shownCents: 0 };
  const sent = await sendRequest(db, { person, at: now }, deps.policy, form);
  t.is(sent?.ok && (await findRequest(db, sent.value))?.status, 'submitted');
});

onBothEngines('the demo’s warm-ups stand where their mail brought them', async (t, world) => {
  await seedDemo(world.deps);
  await everyWarmupStandsAsTold(t, world);
  const pools = await world.db('sending_counts').where('ip_id', 0).where('sent', '>', 0).distinct('pool').pluck('pool');
  t.deepEqual(pools.sort(), ['shared-eu', 'shared-us', 'transactional-eu', 'transactional-us']);
  const acme = await listWarmups(world.db, { accountId: 1 });
  const over = await world.db('sending_counts').where({ ip_id: acme[0]?.ipId, day: dayOf(world.now) - 1 });
  t.deepEqual([...new Set(over.map(({ provider }) => provider))].sort(), [
    'apple',
    'gmail',
    'microsoft',
    'other',
    'yahoo',
  ]);
  const shared = world
    .db('sending_counts')
    .where({ ip_id: 0, day: dayOf(world.now) - 1 })
    .where('sent', '>', 0);
  t.is((await shared.distinct('provider').pluck('provider')).length, 5, 'pools know their providers, too');
  const waiting = await world.db('outbox').whereNot({ status: 'sent' });
  t.deepEqual(waiting, [], 'nobody is mailed the past');
});

onBothEngines(
  'what a domain of the demo sent goes over the transactional pool from the day after it came in',
  async (t, world) => {
    await seedDemo(world.deps);
    const today = dayOf(world.now);
    for (const [name, pool, movedOn] of [
      ['orders.hearthandloom.example', 'us', today - 41],
      ['konto.lumen-energie.example', 'eu', today - 48],
    ] as const) {
      const domain = await world.db('domains').where({ name }).first('id', 'route');
      t.is(domain.route, 'transactional');
      const over = (key: string) =>
        world.db('sending_counts').where({ domain_id: domain.id, pool: key }).where('sent', '>', 0);
      t.like(await over(`shared-${pool}`).max('day as last').first(), { last: movedOn });
      const moved = over(`transactional-${pool}`);
      t.like(await moved.min('day as first').max('day as last').first(), { first: movedOn + 1, last: today - 1 });
    }
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines(
  'the demo’s running warm-ups carried mail in the hours of today up to now, and within their caps',
  async (t, world) => {
    const hours = Math.floor((world.now % (24 * HOUR)) / HOUR);
    t.true(hours > 3);
    await seedDemo(world.deps);
    const today = dayOf(world.now);
    for (const warmup of await listWarmups(world.db, {})) {
      const spent = await listSpentHours(world.db, warmup.ipId, today);
      const sum = spent.reduce((total, one) => total + one, 0);
      if (warmup.status === 'running' && warmup.account !== 'Saltmarsh Press') {
        t.true(
          spent.slice(3, hours).every((messages) => messages > 0),
          `${warmup.account}: ${spent}`,
        );
        t.true(sum < (capNow(warmup) ?? 0), 'the evening is still to come');
      } else if (warmup.status !== 'running') t.is(sum, 0, `${warmup.account} does not warm up`);
      t.true(
        spent.slice(hours + 1).every((messages) => messages === 0),
        'nothing in the future',
      );
      t.is((await listSpent(world.db, [warmup.ipId], today)).get(warmup.ipId) ?? 0, sum);
    }
  },
);

async function everyWarmupStandsAsTold(t: ExecutionContext, world: World): Promise<void> {
  const all = await listWarmups(world.db, {});
  const of = (account: string) => all.filter((one) => one.account === account);
  const one = (account: string) => of(account)[0] ?? t.fail(account);
  const today = dayOf(world.now);
  for (const account of ['Acme', 'Lumen Energie', 'Bigmail']) {
    t.true(
      of(account).every(({ status }) => status === 'complete'),
      `${account} is through`,
    );
  }
  t.is(of('Bigmail').length, 3);
  t.like(one('Quickpost Couriers'), { status: 'running', verdict: 'advance', capPercent: 100 });
  t.like(one('Harbour Books'), { status: 'running', verdict: 'hold', capPercent: 75 });
  t.like(one('Pinewood Outdoor'), { status: 'paused', allocationStatus: 'paused' });
  t.deepEqual(Object.keys(one('Fernhill Learning').slowed), ['microsoft']);
  t.like(one('Fernhill Learning'), { status: 'running', verdict: 'advance', capPercent: 100 }, 'the plan goes on');
  t.true(
    all.every(({ isAgain }) => !isAgain),
    'no IP that carries its domains’ mail every day warms up twice',
  );
  const late = one('Saltmarsh Press');
  t.true(late.status === 'running' && late.stage < (today - late.plan.startsOn) / 2, 'behind its plan');
  const soon = expectedFinish(one('Alder Analytics'), today, world.deps.policy.document);
  t.is(one('Alder Analytics').status, 'running');
  t.true(soon > today && soon <= today + 7, 'finishes this week');
}

onBothEngines('C-05: Receipts can ask for the transactional pool, and every check passes', async (t, world) => {
  await seedDemo(world.deps);
  const { person, domains } = await accountOf(world, 'owner@receipts.example');
  const domainIds = domains.filter((domain) => domain.usage === 'transactional').map((domain) => domain.id);
  t.is(domainIds.length, 1);
  const answers = { kind: 'transactional_pool', weeklyVolume: 88_000, sends: 'Receipts.', samples: 'Yours' } as const;
  const preview = await previewRequest(world.db, { person, at: world.now }, world.deps.policy, {
    answers: { ...answers, domainIds },
  });
  t.deepEqual(
    preview?.findings.map((finding) => finding.verdict).filter((verdict) => verdict !== 'passes'),
    [],
  );
});

onBothEngines('R-04: what waits for a second reviewer can be confirmed by one', async (t, world) => {
  await seedDemo(world.deps);
  const { db, now } = world;
  const waiting = (await everything(world)).filter(({ request }) => request.status === 'second_review');
  const reviewers = await listStaff(db);
  for (const { request } of waiting) {
    const person = reviewers.find((one) => one.id !== request.proposerId && one.staffRole === 'reviewer');
    if (!person) throw new Error('the demo has two reviewers');
    const seen = basisOf(request, await evidenceOf(db, request, now));
    const confirmed = await confirmApproval(db, { person, at: now }, request.id, { seen, reason: '' });
    t.true(confirmed.ok, JSON.stringify(confirmed));
  }
});

onBothEngines('a demo that cannot be told to its end leaves the database empty', async (t, world) => {
  const { policy } = world.deps;
  const document = { ...policy.document, maxIpsPerRequest: { value: 1, rule: 'own choice' } };
  const broken = { ...world.deps, policy: { ...policy, document } };
  await t.throwsAsync(seedDemo(broken), { message: /could not send bigmail-two.*blocked/ });
  t.is(await world.db('people').first('id'), undefined);
  t.true(await seedDemo(world.deps));
});

for (const time of ['2026-11-23T00:00:20Z', '2026-11-29T23:59:50Z', '2028-02-29T12:00:00Z']) {
  ava(`the demo can begin at ${time}`, async (t) => {
    const world = await createWorld(t);
    world.now = Date.parse(time);
    t.true(await seedDemo(world.deps));
    t.deepEqual((await figuresOf(world, 'owner@acme.example')).weekly, 180_000);
    await everyWarmupStandsAsTold(t, world);
    t.deepEqual(await checkData(world.db, world.now), []);
  });
}

ava('under another policy the demo has its people, domains and IPs, and no request yet', async (t) => {
  const world = await createWorld(t, 'SQLite', { POLICY: 'sendgrid' });
  t.true(await seedDemo(world.deps));
  t.deepEqual(await everything(world), []);
  t.is((await figuresOf(world, 'owner@acme.example')).weekly, 180_000);
  t.deepEqual(await checkData(world.db, world.now), []);
});
