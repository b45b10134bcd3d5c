// Warmdesk approves by itself at the moment at which somebody else does something: one of both. On PostgreSQL they run on
// connections of their own; on SQLite they take turns.
import { adoptPolicy } from '../../src/policy/actions.ts';
import { approveDue } from '../../src/requests/automatic/background.ts';
import { claimRequest } from '../../src/requests/claims/actions.ts';
import { withdrawRequest } from '../../src/requests/customer/actions.ts';
import { editRequest } from '../../src/requests/editing/actions.ts';
import { gatherEdited } from '../../src/requests/editing/gather.ts';
import type { IpRequest } from '../../src/requests/request.ts';
import { approveRequest, declineRequest } from '../../src/requests/review/decide.ts';
import { findRequest } from '../../src/requests/store.ts';
import * as make from '../support/make.ts';
import { everything, recordsOf } from '../support/notified.ts';
import { MINUTE, onBothEngines, type World } from '../support/world.ts';

const SETTING = { afterMinutes: 10, maxIps: 1, in30Days: 1 };

async function switchPolicy(world: World, value: typeof SETTING | null): Promise<void> {
  const document = { ...world.deps.policy.document, automaticApproval: { value, rule: 'own choice' } };
  await adoptPolicy(world.db, { person: null, at: world.now }, document);
}

/** A new customer's request whose time has come. */
async function due(world: World) {
  const acme = await make.account(world);
  await make.ips(world, 'us', 1);
  const id = await make.request(world, acme.admin);
  world.now += 10 * MINUTE;
  return { acme, id, request: (await findRequest(world.db, id)) as IpRequest };
}

const by = (world: World, person: make.Account['admin']) => ({ person, at: world.now });
const stateOf = async (world: World, id: number): Promise<string> =>
  (await world.db('requests').where({ id }).first('status')).status;

async function open(world: World) {
  await switchPolicy(world, SETTING);
  await world.deps.reload();
  return make.staff(world);
}

/** Both at once, in either order. */
const atOnce = <A, B>(round: number, one: () => Promise<A>, other: () => Promise<B>): Promise<[A, B]> => {
  if (round % 2 === 0) return Promise.all([one(), other()]);
  const second = other();
  return Promise.all([one(), second]);
};

/** Whether reviewers were mailed that a request waits for them. */
const wasTold = async ({ db }: World, id: number): Promise<boolean> =>
  (await db('outbox as o')
    .join('audit_events as e', 'e.id', 'o.event_id')
    .where({ 'e.subject_type': 'request', 'e.subject_id': id, template: 'request-to-review' })
    .first('o.id')) !== undefined;

onBothEngines(
  'R-06: four processes look at once, 15 rounds: approved once, with its effects once',
  async (t, world) => {
    t.timeout(600_000);
    await open(world);
    for (let round = 1; round <= 15; round += 1) {
      const { id } = await due(world);
      const counts = await Promise.all(Array.from({ length: 4 }, () => approveDue(world.deps)));
      t.is(
        counts.reduce((sum, count) => sum + count, 0),
        1,
      );
      t.is((await recordsOf(world, id)).filter(({ to }) => to === 'fulfilled').length, 1);
      t.like(await everything(world), { allocations: round, warmups: round, decisions: round });
    }
    t.is((await world.db('outbox').where({ template: 'request-approved' })).length, 30, 'R-07: two people each');
  },
);

onBothEngines('R-06: a reviewer decides at the same moment, 20 rounds: one decision', async (t, world) => {
  t.timeout(600_000);
  const { reviewer } = await open(world);
  const won = { approved: 0, declined: 0 };
  for (let round = 0; round < 20; round += 1) {
    const { id } = await due(world);
    const seen = await make.seen(world, id);
    const decision = round % 4 < 2 ? approveRequest : declineRequest;
    const [count, decided] = await atOnce(
      round,
      () => approveDue(world.deps),
      () => decision(world.db, by(world, reviewer), id, { seen, reason: 'So.' }),
    );
    t.is(count + (decided.ok ? 1 : 0), 1);
    if (!decided.ok) t.true(['not-open', 'changed'].includes(decided.problem.name), decided.problem.name);
    t.is((await world.db('decisions').where({ request_id: id })).length, 1);
    won[(await stateOf(world, id)) === 'declined' ? 'declined' : 'approved'] += 1;
  }
  t.is(won.approved + won.declined, 20);
});

onBothEngines('R-09: its customer withdraws at the same moment, 20 rounds: one of both', async (t, world) => {
  t.timeout(600_000);
  await open(world);
  for (let round = 0; round < 20; round += 1) {
    const { id, acme } = await due(world);
    const [count, withdrawn] = await atOnce(
      round,
      () => approveDue(world.deps),
      () => withdrawRequest(world.db, by(world, acme.billing), id),
    );
    t.is(count + (withdrawn.ok ? 1 : 0), 1);
    t.is(await stateOf(world, id), withdrawn.ok ? 'withdrawn' : 'fulfilled');
  }
});

onBothEngines(
  'R-03: its customer changes it at the same moment, 20 rounds: what is approved is what was judged',
  async (t, world) => {
    t.timeout(600_000);
    await open(world);
    for (let round = 0; round < 20; round += 1) {
      const { id, acme, request } = await due(world);
      const answers = await make.dedicated(world, acme.admin, { ipCount: 3 });
      const shown = await gatherEdited(world.db, request, answers, world.now);
      const shownCents = shown?.quote?.monthlyCents ?? null;
      const [count, edited] = await atOnce(
        round,
        () => approveDue(world.deps),
        () => editRequest(world.db, by(world, acme.admin), id, { answers, shownCents, version: request.version }),
      );
      t.is(count + (edited.ok ? 1 : 0), 1);
      t.is((await world.db('allocations').where({ request_id: id })).length, count);
      if (edited.ok)
        t.like(await world.db('requests').where({ id }).first(), { status: 'submitted', automatic_at: null });
      t.is(await wasTold(world, id), edited.ok, 'now that a person decides the reviewers hear of it');
    }
  },
);

onBothEngines('a reviewer claims it at the same moment, 20 rounds: theirs, or approved', async (t, world) => {
  t.timeout(600_000);
  const { reviewer } = await open(world);
  for (let round = 0; round < 20; round += 1) {
    const { id } = await due(world);
    const [count, claimed] = await atOnce(
      round,
      () => approveDue(world.deps),
      () => claimRequest(world.db, by(world, reviewer), id, null),
    );
    t.is(count + (claimed.ok ? 1 : 0), 1);
    t.is(await stateOf(world, id), claimed.ok ? 'submitted' : 'fulfilled');
    t.is(await wasTold(world, id), claimed.ok, 'it may come back to the queue, so the reviewers hear of it');
  }
});

onBothEngines(
  'R-03: the policy is switched off at the same moment, 10 rounds: nothing is approved after that',
  async (t, world) => {
    t.timeout(600_000);
    await open(world);
    for (let round = 0; round < 10; round += 1) {
      await switchPolicy(world, SETTING);
      await world.deps.reload();
      const { id } = await due(world);
      await atOnce(
        round,
        () => approveDue(world.deps),
        () => switchPolicy(world, null),
      );
      const state = await stateOf(world, id);
      t.is(await approveDue(world.deps), 0);
      t.is(await stateOf(world, id), state);
      t.is((await recordsOf(world, id)).length, 2, 'approved, or left to the reviewers');
    }
  },
);

onBothEngines('a change starts the ten minutes again', async (t, world) => {
  await open(world);
  await make.ips(world, 'us', 1);
  const acme = await make.account(world);
  const id = await make.request(world, acme.admin);
  world.now += 9 * MINUTE;
  const request = (await findRequest(world.db, id)) as IpRequest;
  const answers = await make.dedicated(world, acme.admin, { weeklyVolume: 170_000 });
  const shown = await gatherEdited(world.db, request, answers, world.now);
  const change = { answers, shownCents: shown?.quote?.monthlyCents ?? null, version: request.version };
  t.true((await editRequest(world.db, by(world, acme.admin), id, change)).ok);
  await world.db('domains').update({ checked_at: world.now });
  world.now += 9 * MINUTE;
  t.is(await approveDue(world.deps), 0);
  world.now += MINUTE;
  t.is(await approveDue(world.deps), 1);
});
