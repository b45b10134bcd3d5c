import type { ExecutionContext } from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import { act } from '../../src/act.ts';
import { previewRequest, sendRequest, withdrawRequest } from '../../src/requests/customer/actions.ts';
import type { Answers } from '../../src/requests/request.ts';
import { findQuote } from '../../src/requests/store-decisions.ts';
import * as make from '../support/make.ts';
import { everything, lastNotified } from '../support/notified.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

const preview = async (t: ExecutionContext, world: World, person: Person, answers: Answers) => {
  const evidence = await previewRequest(world.db, { person, at: world.now }, world.deps.policy, { answers });
  if (!evidence) return t.fail('there is no preview') as never;
  return evidence;
};
const send = (world: World, person: Person, answers: Answers, formToken = make.formToken(), shownCents = 0) =>
  sendRequest(world.db, { person, at: world.now }, world.deps.policy, { answers, formToken, shownCents });

onBothEngines('R-02: before sending, the customer sees checks, price, and how long warm-up takes', async (t, world) => {
  const acme = await make.account(world);
  await make.ips(world, 'us', 5);
  const answers = await make.dedicated(world, acme.admin, { ipCount: 3, startsOn: 20_800 });
  const { findings, quote, forecast, recommendation } = await preview(t, world, acme.admin, answers);
  t.deepEqual(
    findings.filter((finding) => finding.verdict !== 'passes').map((finding) => finding.check),
    [],
    'C-09: three at once pass every check',
  );
  t.is(
    findings.find((finding) => finding.check === 'measured-volume')?.fact,
    '180,000 a week from news.acme.example and shop.acme.example, mean of 4 weeks',
  );
  t.like(quote, { ipCount: 3, allocatedCount: 0, includedCount: 3, monthlyCents: 0 });
  t.is(forecast?.startsOn, 20_800);
  t.true(Number(forecast?.finishesOn) - 20_800 >= 29);
  t.is(recommendation.title, 'Approve three IPs.');
  t.is((await everything(world)).requests, 0, 'looking stores nothing');
});

onBothEngines('R-02: the forecast never starts in the past, and divides the volume by all IPs', async (t, world) => {
  const acme = await make.account(world);
  const answers = await make.dedicated(world, acme.admin, { startsOn: 1 });
  const one = await preview(t, world, acme.admin, answers);
  t.is(one.forecast?.startsOn, Math.floor(world.now / 86_400_000));
  const two = await preview(t, world, acme.admin, { ...answers, kind: 'dedicated_ip', ipCount: 2 });
  t.is(two.forecast?.targetPerDay, Math.ceil(Number(one.forecast?.targetPerDay) / 2));
});

onBothEngines('R-01: a request is sent, and its quote is the one that was shown', async (t, world) => {
  const acme = await make.account(world, { plan: 'essentials' });
  const answers = await make.dedicated(world, acme.billing, { ipCount: 2 });
  const shown = (await preview(t, world, acme.billing, answers)).quote;
  t.is(shown?.monthlyCents, 10_000, 'C-10: each costs $50 a month');
  const sent = await send(world, acme.billing, answers, make.formToken(), 10_000);
  t.true(sent?.ok);
  const { id: _, ...stored } = (await findQuote(world.db, sent?.ok ? sent.value : 0)) ?? { id: 0 };
  const { lines: __, sentence: ___, ...quoted } = shown ?? { lines: [], sentence: '' };
  t.deepEqual(stored as unknown, quoted as unknown);
  t.like(await world.db('requests').first(), { status: 'submitted', version: 1, due_at: world.now + 24 * HOUR });
});

onBothEngines(
  'R-07: the sender gets a receipt, every reviewer who may decide it one mail, nobody two',
  async (t, world) => {
    const { reviewer2 } = await make.staff(world);
    const acme = await make.account(world);
    const boss = { email: 'boss@acme.example', name: 'Both', accountId: acme.id, accountRole: 'admin' } as const;
    const both = await make.person(world, { ...boss, staffRole: 'reviewer' });
    await make.insider(world, acme.id);
    const id = await make.request(world, both);
    t.deepEqual(await lastNotified(world, id), [
      'Both: request-received',
      'Staff admin: request-to-review',
      'Staff reviewer2: request-to-review',
      'Staff reviewer: request-to-review',
    ]);
    t.is(reviewer2.name, 'Staff reviewer2');
  },
);

onBothEngines('the same form sent twice makes one request, whatever it says the second time', async (t, world) => {
  const acme = await make.account(world);
  const answers = await make.dedicated(world, acme.admin);
  const token = make.formToken();
  const first = await send(world, acme.admin, answers, token);
  const before = await everything(world);
  const id = first?.ok && first.value;
  for (const again of [answers, { ...answers, ipCount: 4 }, { ...answers, domainIds: [] }]) {
    const second = await send(world, acme.billing, again, token);
    t.deepEqual(second, { ok: false, problem: { name: 'already-sent', id } } as typeof second);
  }
  t.deepEqual(await everything(world), before);
});

onBothEngines(
  'the same form sent 20 times at once makes one request, and the others are told which',
  async (t, world) => {
    const acme = await make.account(world);
    await make.staff(world);
    const answers = await make.dedicated(world, acme.admin);
    const token = make.formToken();
    const all = await Promise.all(Array.from({ length: 20 }, () => send(world, acme.admin, answers, token)));
    const [made, ...more] = all.filter((one) => one?.ok);
    t.deepEqual(more, []);
    const notified = all.filter((one) => one?.ok === false && one.problem.name === 'already-sent');
    t.is(notified.length, 19);
    for (const one of notified) t.like(one, { problem: { id: made?.ok ? made.value : 0 } });
    t.is((await everything(world)).outbox, 4);
  },
);

onBothEngines('two different forms at once make one request; the other is told which one is open', async (t, world) => {
  const acme = await make.account(world);
  const answers = await make.dedicated(world, acme.admin);
  for (let round = 0; round < 10; round += 1) {
    const people = [acme.admin, acme.billing, acme.admin];
    const all = await Promise.all(people.map((person) => send(world, person, answers)));
    const made = all.flatMap((one) => (one?.ok ? [one.value] : []));
    t.is(made.length, 1);
    for (const one of all.filter((sent) => !sent?.ok)) {
      t.true(one?.ok === false && one.problem.name === 'blocked');
      const findings = one?.ok === false && 'evidence' in one.problem ? one.problem.evidence.findings : [];
      t.is(findings.find((finding) => finding.check === 'one-open')?.fact, `WD-${1000 + (made[0] ?? 0)}`);
    }
    await withdrawRequest(world.db, { person: acme.admin, at: world.now }, made[0] ?? 0);
  }
});

onBothEngines('an account has one open request of each kind, and another once it is closed', async (t, world) => {
  const acme = await make.account(world);
  const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 30_000 });
  const id = await make.request(world, acme.admin);
  await make.poolRequest(world, acme.member, pay.id);
  t.false((await send(world, acme.admin, await make.dedicated(world, acme.admin)))?.ok);
  await withdrawRequest(world.db, { person: acme.admin, at: world.now }, id);
  t.true((await send(world, acme.admin, await make.dedicated(world, acme.admin)))?.ok);
});

onBothEngines('a form of another account makes nothing, and is answered', async (t, world) => {
  const [acme, other] = [await make.account(world), await make.account(world)];
  const token = make.formToken();
  t.true((await send(world, acme.admin, await make.dedicated(world, acme.admin), token))?.ok);
  const before = await everything(world);
  t.is(await send(world, other.admin, await make.dedicated(world, other.admin), token), undefined);
  t.deepEqual(await everything(world), before);
});

onBothEngines('a request for another account’s domain, or by nobody’s customer, is not found', async (t, world) => {
  const [acme, other] = [await make.account(world), await make.account(world)];
  const { reviewer } = await make.staff(world);
  const answers = await make.dedicated(world, acme.admin);
  const foreign = { ...answers, domainIds: [...answers.domainIds, other.domains[0]?.id ?? 0] };
  const twice = { ...answers, domainIds: [acme.domains[0]?.id ?? 0, acme.domains[0]?.id ?? 0] };
  for (const [person, asked] of [
    [acme.admin, foreign],
    [acme.admin, twice],
    [reviewer, answers],
  ] as const) {
    t.is(await previewRequest(world.db, { person, at: world.now }, world.deps.policy, { answers: asked }), undefined);
    t.is(await send(world, person, asked), undefined);
  }
  t.is((await everything(world)).requests, 0);
});

onBothEngines(
  'S-11: a member cannot commit the account to a cost, but may ask for the pool',
  async (t, world) => {
    const acme = await make.account(world, { plan: 'pro' });
    const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 30_000 });
    const asked = await make.dedicated(world, acme.member, { automatedWarmup: false });
    t.like(await send(world, acme.member, asked), { ok: false, problem: { name: 'blocked' } });
    t.is((await everything(world)).requests, 0, 'what is blocked is not stored');
    t.is((await everything(world)).outbox, 0);
    await t.notThrowsAsync(make.poolRequest(world, acme.member, pay.id));
  },
  { POLICY: 'sendgrid' },
);

onBothEngines('C-04: a domain that sends marketing mail cannot ask for the transactional pool', async (t, world) => {
  const acme = await make.account(world);
  const answers: Answers = {
    kind: 'transactional_pool',
    weeklyVolume: 30_000,
    sends: 'Receipts.',
    samples: 'Your receipt',
    domainIds: [acme.domains[0]?.id ?? 0],
  };
  t.like(await send(world, acme.admin, answers, make.formToken()), { ok: false, problem: { name: 'blocked' } });
  t.is((await everything(world)).requests, 0);
});

onBothEngines('a price other than the one shown is shown again instead of stored', async (t, world) => {
  const acme = await make.account(world);
  const answers = await make.dedicated(world, acme.admin);
  for (const shown of [5000, -1]) {
    const sent = await send(world, acme.admin, answers, make.formToken(), shown);
    t.like(sent, { ok: false, problem: { name: 'price-changed', evidence: { quote: { monthlyCents: 0 } } } });
  }
  const unknown = { answers, formToken: make.formToken(), shownCents: null };
  const sent = await sendRequest(world.db, { person: acme.admin, at: world.now }, world.deps.policy, unknown);
  t.like(sent, { ok: false, problem: { name: 'price-changed' } });
  t.is((await everything(world)).requests, 0);
});

onBothEngines(
  'C-08: the volume is summed over the domains that would use the IPs, not over the whole account',
  async (t, world) => {
    const acme = await make.account(world, { weekly: 150_000 });
    await make.ips(world, 'us', 2);
    await make.decided(world, await make.request(world, acme.admin, { domainIds: [acme.domains[0]?.id ?? 0] }));
    const second = acme.domains[1]?.id ?? 0;
    const answers = await make.dedicated(world, acme.admin, { domainIds: [second], ipCount: 2 });
    const { findings } = await preview(t, world, acme.admin, answers);
    const volume = findings.find((finding) => finding.check === 'measured-volume');
    const fact = '100,000 a week from shop.acme.example, mean of 4 weeks';
    t.like(volume, { fact, limit: '≥ 100,000 for 2 IPs', verdict: 'passes' });
  },
);

onBothEngines('nothing of a request is left where its sending fails half-way', async (t, world) => {
  const acme = await make.account(world);
  const { admin } = await make.staff(world);
  await act(world.db, { person: null, at: world.now }, ({ trx }) =>
    trx('people').where({ id: admin.id }).update({ email: 'no address' }),
  );
  const before = await everything(world);
  await t.throwsAsync(async () => send(world, acme.admin, await make.dedicated(world, acme.admin)));
  t.deepEqual(await everything(world), before);
});
