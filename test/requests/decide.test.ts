import type { Person } from '../../src/accounts/person.ts';
import { adoptPolicy } from '../../src/policy/actions.ts';
import { answerRequest, withdrawRequest } from '../../src/requests/customer/actions.ts';
import { sendBack } from '../../src/requests/review/actions.ts';
import { approveRequest, confirmApproval, declineRequest, offerFewer } from '../../src/requests/review/decide.ts';
import { findQuote, listDecisionsInForce } from '../../src/requests/store-decisions.ts';
import type { TransitionProblem } from '../../src/requests/transition.ts';
import type { Result } from '../../src/result.ts';
import * as make from '../support/make.ts';
import { everything } from '../support/notified.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

type Outcome = Result<unknown, TransitionProblem>;
const by = (world: World, person: Person) => ({ person, at: world.now });
const statusOf = async (world: World, id: number) => (await world.db('requests').where({ id }).first()).status;
const nameOf = (outcome: Outcome): string => (outcome.ok ? 'taken' : outcome.problem.name);
const form = async (world: World, id: number, reason = '') => ({ seen: await make.seen(world, id), reason });

/** An account that measures too little for one IP, and its request. */
async function tooLittle(world: World) {
  const acme = await make.account(world, { weekly: 49_999 });
  const [free] = await make.ips(world, 'us', 1);
  return { acme, free, staff: await make.staff(world), id: await make.request(world, acme.admin) };
}

onBothEngines('R-03: a request whose checks pass is approved by one reviewer, without a reason', async (t, world) => {
  const acme = await make.account(world, { weekly: 50_000 });
  const { reviewer } = await make.staff(world);
  await make.ips(world, 'us', 1);
  const id = await make.request(world, acme.admin, { weeklyVolume: 50_000 });
  const outcome = await approveRequest(world.db, by(world, reviewer), id, await form(world, id));
  t.is(nameOf(outcome), 'taken');
  t.is(await statusOf(world, id), 'fulfilled');
  const [decision, ...more] = await listDecisionsInForce(world.db, id);
  t.like(decision, { reviewerId: reviewer.id, verdict: 'approve', rank: 1, failedChecks: 0 });
  t.deepEqual(more, []);
});

onBothEngines('R-04: approving against a failed check needs a written reason', async (t, world) => {
  const { id, staff } = await tooLittle(world);
  const before = await everything(world);
  for (const reason of ['', ' \n']) {
    const outcome = await approveRequest(world.db, by(world, staff.reviewer), id, await form(world, id, reason));
    t.is(nameOf(outcome), 'reason-missing');
  }
  t.deepEqual(await everything(world), before);
});

onBothEngines(
  'R-04: against a failed check, one proposes, cannot confirm, and another one confirms',
  async (t, world) => {
    const { id, staff, free } = await tooLittle(world);
    await make.approve(world, id, 'Their volume is coming.');
    t.is(await statusOf(world, id), 'second_review');
    t.is((await everything(world)).allocations, 0, 'nothing is given yet');
    const own = await confirmApproval(world.db, by(world, staff.reviewer), id, await form(world, id));
    t.is(nameOf(own), 'own-proposal');
    const again = await approveRequest(world.db, by(world, staff.reviewer2), id, await form(world, id, 'So.'));
    t.is(nameOf(again), 'not-open');
    t.is(nameOf(await confirmApproval(world.db, by(world, staff.reviewer2), id, await form(world, id))), 'taken');
    const [first, second] = await listDecisionsInForce(world.db, id);
    t.like(first, { reviewerId: staff.reviewer.id, rank: 1, failedChecks: 1, reason: 'Their volume is coming.' });
    t.like(second, { reviewerId: staff.reviewer2.id, rank: 2, verdict: 'approve' });
    t.deepEqual(await world.db('ips').where({ status: 'allocated' }).pluck('address'), [free]);
  },
);

onBothEngines('R-04: sending back needs a reason and voids the proposal; then it starts again', async (t, world) => {
  const { id, staff } = await tooLittle(world);
  await make.approve(world, id, 'Their volume is coming.');
  t.is(nameOf(await sendBack(world.db, by(world, staff.reviewer), id, 'No.')), 'own-proposal');
  t.is(nameOf(await sendBack(world.db, by(world, staff.reviewer2), id, '')), 'reason-missing');
  t.is(nameOf(await sendBack(world.db, by(world, staff.reviewer2), id, 'Ask them first.')), 'taken');
  t.is(await statusOf(world, id), 'submitted');
  t.deepEqual(await listDecisionsInForce(world.db, id), []);
  const proposal = await approveRequest(world.db, by(world, staff.reviewer2), id, await form(world, id, 'Asked.'));
  t.is(nameOf(proposal), 'taken');
  t.is(nameOf(await confirmApproval(world.db, by(world, staff.reviewer2), id, await form(world, id))), 'own-proposal');
  t.is(nameOf(await confirmApproval(world.db, by(world, staff.reviewer), id, await form(world, id))), 'taken');
});

onBothEngines('R-04: what changed since the first decision keeps the second one from agreeing', async (t, world) => {
  const { id, staff, acme } = await tooLittle(world);
  await make.approve(world, id, 'Their volume is coming.');
  await make.counts(world, acme.domains[0]?.id ?? 0, { weekly: 1_000 });
  const outcome = await confirmApproval(world.db, by(world, staff.reviewer2), id, await form(world, id));
  t.is(nameOf(outcome), 'not-possible');
  t.regex(JSON.stringify(outcome), /Since Staff reviewer decided, this changed: .*Measured volume/);
  t.is(await statusOf(world, id), 'second_review');
});

onBothEngines('R-05: nobody decides a request of their own or of their own account', async (t, world) => {
  const acme = await make.account(world);
  const colleague = await make.insider(world, acme.id, 'admin');
  const boss = { email: 'boss@acme.example', accountId: acme.id, accountRole: 'admin' } as const;
  const requester = await make.person(world, { ...boss, staffRole: 'reviewer' });
  await make.ips(world, 'us', 1);
  const id = await make.request(world, requester);
  const before = await everything(world);
  for (const person of [colleague, requester]) {
    const actor = by(world, person);
    t.is(nameOf(await approveRequest(world.db, actor, id, await form(world, id))), 'own-account');
    t.is(nameOf(await declineRequest(world.db, actor, id, await form(world, id, 'No.'))), 'own-account');
    t.is(nameOf(await confirmApproval(world.db, actor, id, await form(world, id))), 'own-account');
  }
  t.deepEqual(await everything(world), before);
});

onBothEngines('a customer decides nothing, whatever they send', async (t, world) => {
  const { id, acme } = await tooLittle(world);
  const other = await make.account(world);
  const before = await everything(world);
  for (const person of [acme.admin, other.admin]) {
    const actor = by(world, person);
    t.is(nameOf(await approveRequest(world.db, actor, id, await form(world, id, 'So.'))), 'not-yours');
    t.is(nameOf(await declineRequest(world.db, actor, id, await form(world, id, 'So.'))), 'not-yours');
  }
  t.is(nameOf(await withdrawRequest(world.db, by(world, other.admin), id)), 'not-yours');
  t.is(nameOf(await answerRequest(world.db, by(world, other.admin), id, 'x')), 'not-yours');
  t.deepEqual(await everything(world), before);
});

onBothEngines(
  'R-06: facts that are not what the reviewer saw keep every decision from being made',
  async (t, world) => {
    const acme = await make.account(world);
    const { reviewer } = await make.staff(world);
    await make.ips(world, 'us', 2);
    const id = await make.request(world, acme.admin, { ipCount: 2 });
    const seen = await make.seen(world, id);
    await make.counts(world, acme.domains[0]?.id ?? 0, { weekly: 30_000 });
    const before = await everything(world);
    const stale = { seen, reason: 'So.', approvedCount: 1 };
    const actor = by(world, reviewer);
    for (const decide of [approveRequest, declineRequest, offerFewer]) {
      const outcome = await decide(world.db, actor, id, stale);
      t.is(nameOf(outcome), 'changed');
      t.regex(
        JSON.stringify(outcome),
        /Measured volume: it was 180,000 a week from news.acme.example and shop.acme.example, mean of 4 weeks \(passes\), it is 150,000/,
      );
    }
    t.deepEqual(await everything(world), before);
  },
);

onBothEngines('R-06: a page that was opened before the request moved decides nothing', async (t, world) => {
  const { id, staff } = await tooLittle(world);
  const seen = await make.seen(world, id);
  await make.approve(world, id, 'So.');
  await sendBack(world.db, by(world, staff.reviewer2), id, 'No.');
  const outcome = await approveRequest(world.db, by(world, staff.reviewer), id, { seen, reason: 'So.' });
  t.is(nameOf(outcome), 'changed');
  t.regex(JSON.stringify(outcome), /The request moved on since you opened the page\./);
});

onBothEngines('a request is decided under the policy under which it was sent', async (t, world) => {
  const acme = await make.account(world, { weekly: 60_000 });
  const { reviewer } = await make.staff(world);
  await make.ips(world, 'us', 1);
  const id = await make.request(world, acme.admin, { weeklyVolume: 60_000 });
  const seen = await make.seen(world, id);
  const document = structuredClone(world.deps.policy.document);
  document.weeklyVolumePerIp.value = 1_000_000;
  document.extraIpMonthlyCents.value = 99_000;
  const stricter = await adoptPolicy(world.db, { person: null, at: world.now }, document);
  const forged = { seen: { ...seen, policy: stricter.id }, reason: '' };
  t.is(nameOf(await approveRequest(world.db, by(world, reviewer), id, forged)), 'changed');
  t.is(nameOf(await approveRequest(world.db, by(world, reviewer), id, { seen, reason: '' })), 'taken');
});

onBothEngines(
  'R-03: declining needs a reason, tells what would make it pass, and closes the request',
  async (t, world) => {
    const { id, staff, acme } = await tooLittle(world);
    t.is(
      nameOf(await declineRequest(world.db, by(world, staff.reviewer), id, await form(world, id))),
      'reason-missing',
    );
    world.now += HOUR;
    const outcome = await declineRequest(world.db, by(world, staff.reviewer), id, await form(world, id, 'Too little.'));
    t.is(nameOf(outcome), 'taken');
    t.like(await world.db('requests').first(), { status: 'declined', due_at: null, decided_at: world.now });
    const mail = await world.db('outbox').where({ template: 'request-declined' }).first();
    t.is(mail.recipient_id, acme.admin.id);
    t.like(JSON.parse(mail.facts), {
      reason: 'Too little.',
      remedies: ['Reach 50,000 a week: 1 more than we measured.'],
    });
    t.is(
      nameOf(await declineRequest(world.db, by(world, staff.reviewer2), id, await form(world, id, 'x'))),
      'not-open',
    );
  },
);

onBothEngines(
  'R-04: the second reviewer may decline a proposal; its decision is void, the last one counts',
  async (t, world) => {
    const { id, staff } = await tooLittle(world);
    await make.approve(world, id, 'Their volume is coming.');
    const outcome = await declineRequest(world.db, by(world, staff.reviewer2), id, await form(world, id, 'No.'));
    t.is(nameOf(outcome), 'taken');
    t.like(await listDecisionsInForce(world.db, id), [{ verdict: 'decline', reviewerId: staff.reviewer2.id }]);
    t.is((await world.db('decisions').whereNotNull('void_at')).length, 1);
  },
);

onBothEngines('the quote that the customer saw is the one that is bound, days later too', async (t, world) => {
  const acme = await make.account(world, { plan: 'essentials' });
  await make.ips(world, 'us', 1);
  const id = await make.request(world, acme.admin);
  const shown = await findQuote(world.db, id);
  world.now += 20 * HOUR;
  await make.decided(world, id);
  t.deepEqual(await findQuote(world.db, id), shown);
  t.is((await world.db('decisions').first()).quote_id, shown?.id);
});
