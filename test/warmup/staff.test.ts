import type { Person } from '../../src/accounts/person.ts';
import { type StaffStep, type StaffStepForm, takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { capNow } from '../../src/warmup/state.ts';
import { somebody } from '../support/people.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, goodDay, mailedTo, overIp, step, warmupNow } from '../support/warm.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const PAYERS = ['billing@acme.example', 'owner@acme.example'];

/** Acme's IP at its sixth stage. */
async function atSix(world: World) {
  const scene = await acmeWithIp(world);
  const first = await begun(world, scene);
  for (let nth = 0; nth < 5; nth += 1) await goodDay(world, scene);
  return { ...scene, first, reviewer: scene.staff.reviewer, second: scene.staff.reviewer2 };
}

/** Takes a step as somebody who looked at the page just now. */
async function taken(world: World, id: number, person: Person, name: StaffStep, form: Partial<StaffStepForm> = {}) {
  const seen = await warmupNow(world, id);
  return takeStaffStep(
    world.db,
    { person, at: world.now },
    { id, name, seen, reason: 'Because.', ...form },
    world.deps.policy.document,
  );
}

const changed = async (world: World): Promise<number> => (await world.db('warmups').first('changed_at')).changed_at;

const lastEvent = async (world: World) => {
  const event = await world.db('audit_events').orderBy('id', 'desc').first();
  const message = await world.db('messages').where({ event_id: event.id }).first();
  return { ...event, facts: JSON.parse(event.facts), message: message?.body ?? null };
};

onBothEngines('staff pause a warm-up and resume it at the held stage; the customer reads why', async (t, world) => {
  const { warmupId, reviewer, first } = await atSix(world);
  t.true((await taken(world, warmupId, reviewer, 'pause', { reason: 'A list was bought.' })).ok);
  t.like(await warmupNow(world, warmupId), { status: 'paused', stage: 6, allocationStatus: 'paused' });
  t.is(capNow(await warmupNow(world, warmupId)), 0);
  t.like(await lastEvent(world), {
    name: 'warmup.paused',
    from_status: 'warming',
    to_status: 'paused',
    actor_id: reviewer.id,
    message: 'A list was bought.',
  });
  t.deepEqual(await mailedTo(world, 'warmup-paused'), PAYERS);
  const facts = JSON.parse((await world.db('outbox').where({ template: 'warmup-paused' }).first()).facts);
  t.like(facts, { reason: 'A list was bought.', why: null, stage: 6 });
  atThree(world, first + 9);
  await step(world);
  t.true((await taken(world, warmupId, reviewer, 'resume', { reason: '' })).ok);
  t.like(await warmupNow(world, warmupId), {
    status: 'running',
    stage: 6,
    capPercent: 100,
    judgedFrom: first + 10,
    allocationStatus: 'warming',
  });
  t.like(await lastEvent(world), {
    name: 'warmup.resumed',
    from_status: 'paused',
    to_status: 'warming',
    message: null,
  });
  t.deepEqual(await mailedTo(world, 'warmup-resumed'), PAYERS);
});

onBothEngines('staff set a warm-up back to an earlier stage, running or paused', async (t, world) => {
  const { warmupId, reviewer } = await atSix(world);
  for (const stage of [6, 7, 0, 1.5]) {
    const no = await taken(world, warmupId, reviewer, 'setBack', { stage });
    t.deepEqual(no, { ok: false, problem: { name: 'not-earlier' } });
  }
  t.true((await taken(world, warmupId, reviewer, 'setBack', { stage: 3 })).ok);
  t.like(await warmupNow(world, warmupId), { status: 'running', stage: 3 });
  t.like(await lastEvent(world), { name: 'warmup.setBack', facts: { before: 6, stage: 3 } });
  t.true((await taken(world, warmupId, reviewer, 'pause')).ok);
  t.true((await taken(world, warmupId, reviewer, 'setBack', { stage: 1 })).ok);
  t.like(await warmupNow(world, warmupId), { status: 'paused', stage: 1, allocationStatus: 'paused' });
  t.is((await mailedTo(world, 'warmup-set-back')).length, 4);
});

onBothEngines(
  'S-26: after a set-back the rates begin again, with the whole cap of the earlier stage',
  async (t, world) => {
    const scene = await atSix(world);
    const { warmupId, reviewer, first } = scene;
    await world.db('warmups').where({ id: warmupId }).update({ cap_percent: 50 });
    await overIp(world, scene, first + 4, { sent: 20_000, bounced: 4_000 });
    t.true((await taken(world, warmupId, reviewer, 'setBack', { stage: 3 })).ok);
    t.like(await warmupNow(world, warmupId), { stage: 3, capPercent: 100, judgedFrom: first + 6 });
    for (const day of [first + 5, first + 6]) {
      await overIp(world, scene, day, { sent: 2_000 });
      atThree(world, day + 1);
      await step(world);
      t.is(
        (await warmupNow(world, warmupId)).status,
        'running',
        'not braked for the bounces for which it was set back',
      );
    }
    t.deepEqual(await mailedTo(world, 'warmup-paused'), []);
  },
);

onBothEngines('a proposal that is open when a warm-up completes by itself is over with it', async (t, world) => {
  const scene = await acmeWithIp(world);
  const { warmupId, staff } = scene;
  const first = await begun(world, scene);
  const { plan } = await warmupNow(world, warmupId);
  await world
    .db('warmups')
    .where({ id: warmupId })
    .update({ stage: plan.caps.length, starts_on: first - 60 });
  t.true((await taken(world, warmupId, staff.reviewer, 'propose')).ok);
  await overIp(world, scene, first, { sent: plan.targetPerDay });
  atThree(world, first + 1);
  await step(world);
  t.like(await warmupNow(world, warmupId), { status: 'complete', early: null });
});

onBothEngines('a step that needs a reason is not taken without one', async (t, world) => {
  const { warmupId, reviewer } = await atSix(world);
  for (const name of ['pause', 'setBack', 'propose'] as const) {
    const no = await taken(world, warmupId, reviewer, name, { reason: ' \n', stage: 1 });
    t.deepEqual(no, { ok: false, problem: { name: 'reason-missing' } });
  }
  t.like(await warmupNow(world, warmupId), { status: 'running', stage: 6, early: null });
});

onBothEngines('C-17: completing early takes a reason and a second person; then the IP is active', async (t, world) => {
  const { warmupId, allocationId, reviewer, second } = await atSix(world);
  t.true((await taken(world, warmupId, reviewer, 'propose', { reason: 'It was warm elsewhere.' })).ok);
  t.like((await warmupNow(world, warmupId)).early, { by: reviewer.id });
  t.deepEqual(await mailedTo(world, 'warmup-early-proposed'), ['admin@warmdesk.example', 'reviewer2@warmdesk.example']);
  t.deepEqual(await taken(world, warmupId, reviewer, 'agree'), { ok: false, problem: { name: 'own-proposal' } });
  t.deepEqual(await taken(world, warmupId, second, 'propose'), { ok: false, problem: { name: 'not-open' } });
  await world.db('warmups').where({ id: warmupId }).update({ slowed: '{"microsoft":250}' });
  t.true((await taken(world, warmupId, second, 'agree', { reason: '' })).ok);
  t.like(await warmupNow(world, warmupId), { status: 'complete', early: null, completedAt: world.now });
  t.deepEqual((await warmupNow(world, warmupId)).slowed, { microsoft: 250 }, 'a provider that defers mail goes on to');
  const { facts } = await world.db('outbox').where({ template: 'warmup-complete' }).first('facts');
  t.is(JSON.parse(facts).limits, 'at most 250 messages a day to Outlook.com');
  t.is((await world.db('allocations').where({ id: allocationId }).first()).status, 'active');
  t.like(await lastEvent(world), {
    name: 'warmup.completed',
    from_status: 'warming',
    to_status: 'active',
    actor_id: second.id,
    facts: { early: true },
  });
  t.deepEqual(await mailedTo(world, 'warmup-complete'), PAYERS);
});

onBothEngines('C-17: completed early where no pool takes the rest, nothing limits the IP', async (t, world) => {
  const { warmupId, reviewer, second } = await atSix(world);
  const { document } = world.deps.policy;
  await world.db('warmups').where({ id: warmupId }).update({ slowed: '{"microsoft":250}' });
  for (const [person, name] of [
    [reviewer, 'propose'],
    [second, 'agree'],
  ] as const) {
    const seen = await warmupNow(world, warmupId);
    const form = { id: warmupId, name, seen, reason: 'Because.' };
    const actor = { person, at: world.now };
    t.true((await takeStaffStep(world.db, actor, form, { ...document, pools: [] })).ok);
  }
  t.like(await warmupNow(world, warmupId), { status: 'complete', slowed: {} });
  const { facts } = await world.db('outbox').where({ template: 'warmup-complete' }).first('facts');
  t.is(JSON.parse(facts).limits, '');
});

onBothEngines(
  'S-26: what is proposed or dropped changes no cap, so the day before is judged as it would have been',
  async (t, world) => {
    const scene = await atSix(world);
    const { warmupId, reviewer } = scene;
    const { plan, nextDay, changedAt } = { ...(await warmupNow(world, warmupId)), changedAt: await changed(world) };
    const cap = plan.caps[5] ?? 0;
    await overIp(world, scene, nextDay, { sent: Math.ceil(cap * 0.9) });
    world.now = (nextDay + 1) * DAY + HOUR;
    t.true((await taken(world, warmupId, reviewer, 'propose')).ok);
    t.true((await taken(world, warmupId, reviewer, 'drop')).ok);
    t.is(await changed(world), changedAt);
    atThree(world, nextDay + 1);
    await step(world);
    t.like(await warmupNow(world, warmupId), { stage: 7, verdict: 'advance' });
    t.true((await taken(world, warmupId, reviewer, 'pause')).ok);
    t.is(await changed(world), world.now, 'routing reads what was paused again');
  },
);

onBothEngines('a proposal can be dropped, also by who made it, and made again', async (t, world) => {
  const { warmupId, reviewer, second } = await atSix(world);
  t.deepEqual(await taken(world, warmupId, second, 'drop'), { ok: false, problem: { name: 'not-open' } });
  t.true((await taken(world, warmupId, reviewer, 'propose')).ok);
  t.true((await taken(world, warmupId, reviewer, 'drop', { reason: '' })).ok);
  t.is((await warmupNow(world, warmupId)).early, null);
  t.true((await taken(world, warmupId, second, 'pause')).ok);
  t.true((await taken(world, warmupId, second, 'propose')).ok);
  t.true((await taken(world, warmupId, reviewer, 'agree')).ok);
  t.like(await lastEvent(world), { name: 'warmup.completed', from_status: 'paused', to_status: 'active' });
});

onBothEngines(
  'a step binds to what was on the screen: who saw another state is told what changed',
  async (t, world) => {
    const scene = await atSix(world);
    const { warmupId, reviewer } = scene;
    const seen = await warmupNow(world, warmupId);
    await goodDay(world, scene);
    const late = () =>
      takeStaffStep(
        world.db,
        { person: reviewer, at: world.now },
        { id: warmupId, name: 'pause', seen, reason: 'Because.' },
        world.deps.policy.document,
      );
    t.deepEqual(await late(), {
      ok: false,
      problem: { name: 'changed', differences: ['It was at stage 6 and is at stage 7 now.'] },
    });
    t.true((await taken(world, warmupId, reviewer, 'pause')).ok);
    t.deepEqual(await late(), {
      ok: false,
      problem: {
        name: 'changed',
        differences: ['It was warming up and is paused now.', 'It was at stage 6 and is at stage 7 now.'],
      },
    });
  },
);

onBothEngines('of two who act at once one does, and the customer is told once', async (t, world) => {
  const { warmupId, reviewer, second } = await atSix(world);
  const seen = await warmupNow(world, warmupId);
  const both = await Promise.all(
    [reviewer, second].map((person) =>
      takeStaffStep(
        world.db,
        { person, at: world.now },
        { id: warmupId, name: 'pause', seen, reason: 'Because.' },
        world.deps.policy.document,
      ),
    ),
  );
  t.is(both.filter(({ ok }) => ok).length, 1);
  t.deepEqual(await mailedTo(world, 'warmup-paused'), PAYERS);
});

onBothEngines('a step and the day’s step at once: either comes first, and nothing is lost', async (t, world) => {
  const { warmupId, reviewer } = await atSix(world);
  const seen = await warmupNow(world, warmupId);
  atThree(world, seen.nextDay + 1);
  const [act] = await Promise.all([
    takeStaffStep(
      world.db,
      { person: reviewer, at: world.now },
      { id: warmupId, name: 'pause', seen, reason: 'Because.' },
      world.deps.policy.document,
    ),
    step(world),
  ]);
  await step(world);
  const now = await warmupNow(world, warmupId);
  t.is(now.nextDay, seen.nextDay + 1);
  t.is(now.status, act.ok ? 'paused' : 'running');
});

onBothEngines(
  'R-05: who belongs to the customer’s account takes no step, and none is taken on nothing',
  async (t, world) => {
    const { warmupId, acme } = await atSix(world);
    const insider = await somebody(world, {
      email: 'insider@warmdesk.example',
      accountId: acme.id,
      accountRole: 'member',
      staffRole: 'reviewer',
    });
    t.deepEqual(await taken(world, warmupId, insider, 'pause'), { ok: false, problem: { name: 'own-account' } });
    const seen = await warmupNow(world, warmupId);
    const none = takeStaffStep(
      world.db,
      { person: insider, at: world.now },
      { id: 999, name: 'pause', seen, reason: 'x' },
      world.deps.policy.document,
    );
    t.deepEqual(await none, { ok: false, problem: { name: 'not-found' } });
  },
);
