// Staff plan a warm-up again, for another volume, schedule or rhythm: both curves shown, the level kept.
import test from 'ava';
import fc from 'fast-check';
import { statedPattern } from '../../src/sending/pattern.ts';
import { allowedAt } from '../../src/warmup/climb.ts';
import { takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { curveOf, type PlanWish, readPlanWish, replanned, typedFrom } from '../../src/warmup/staff/replan.ts';
import { customerio } from '../policy/facts.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, goodDay, mailedTo, step, warmupNow } from '../support/warm.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { monday, planState } from './plan-state.ts';

const weekly = (busiest: number): PlanWish => ({ schedule: 'growth', busiest, everyDays: 7, weekdays: [1] });

test('a new plan goes on at the first stage above what the IP has carried', (t) => {
  const state = planState({ carried: 1_500, stage: 3 });
  const again = replanned(state, weekly(50_000), customerio, monday + 10);
  const { plan, stage } = again;
  t.true((plan.caps[stage - 1] ?? 0) > 1_500 && (plan.caps[stage - 2] ?? 0) <= 1_500);
  t.like(again, { progress: 0, stageSince: monday + 11, limitedOn: monday + 10 });
  t.like(plan, { targetPerDay: 50_000, startsOn: state.plan.startsOn, schedule: 'growth' });
  t.is(replanned(planState({ carried: 0 }), weekly(50_000), customerio, monday).stage, 1);
});

test('a smaller target than what was carried is at its last stage', (t) => {
  const { plan, stage } = replanned(planState({ carried: 9_000 }), weekly(4_000), customerio, monday + 10);
  t.is(stage, plan.caps.length);
  t.is(plan.targetPerDay, 4_000);
});

test('S-26: whatever is planned again, a day carries at most 2/0.9 of what one carried, or the first stage', (t) => {
  const wishes = fc.record({
    schedule: fc.constantFrom('growth', 'sendgrid', 'sparkpost'),
    busiest: fc.integer({ min: 1, max: 5_000_000 }),
    everyDays: fc.constantFrom(7, 14, 30),
    weekdays: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
  });
  fc.assert(
    fc.property(wishes, fc.integer({ min: 0, max: 100_000 }), (wish, carried) => {
      if (customerio.schedules[wish.schedule] === undefined) return;
      const { plan, stage } = replanned(planState({ carried }), wish, customerio, monday + 10);
      t.is(plan.caps.at(-1), plan.targetPerDay);
      const before = plan.caps[stage - 2] ?? plan.caps[0] ?? 1;
      const doubling = Math.max(2, (plan.caps[stage - 1] ?? 1) / before);
      t.true(allowedAt(plan, stage, carried) <= Math.max(plan.caps[0] ?? 0, (doubling / 0.9) * carried));
    }),
    { numRuns: 60 },
  );
});

test('the form says at first what the sender usually mails, and names what is wrong', (t) => {
  const monthly = { pattern: statedPattern({ busiest: 30_000, weekdays: [], everyDays: 30 }) };
  t.like(typedFrom({ ...planState(), ...monthly }), { busiest: '30000', everyDays: '30', weekdays: [] });
  t.deepEqual(typedFrom(planState())['weekdays'], ['1', '2', '3', '4', '5', '6', '7']);
  const read = readPlanWish({ schedule: 'none', busiest: '0', everyDays: '7' }, customerio);
  t.deepEqual(Object.keys(read.ok ? {} : read.errors).sort(), ['busiest', 'schedule', 'weekdays']);
  const far = { schedule: 'growth', busiest: '5', everyDays: '30' };
  t.like(readPlanWish(far, customerio), { ok: true, value: { weekdays: [], everyDays: 30 } });
});

test('the curves end where their plans are forecast to', (t) => {
  const state = planState({ carried: 1_500, stage: 3 });
  const then = { ...state, ...replanned(state, weekly(2_000), customerio, monday + 10) };
  t.is(curveOf(then, monday + 10, customerio).finishesOn, then.plan.finishesOn);
});

const lastEvent = async (world: World) => {
  const event = await world.db('audit_events').orderBy('id', 'desc').first();
  return { name: event.name, facts: JSON.parse(event.facts) };
};

async function atSix(world: World) {
  const scene = await acmeWithIp(world);
  await begun(world, scene);
  for (let nth = 0; nth < 5; nth += 1) await goodDay(world, scene);
  return { ...scene, reviewer: scene.staff.reviewer };
}

onBothEngines(
  'staff plan a warm-up again: audited, mailed with their reason, and judged from then on',
  async (t, world) => {
    const scene = await atSix(world);
    const { warmupId, reviewer } = scene;
    const seen = await warmupNow(world, warmupId);
    const replan = { wish: weekly(2_000), policy: world.deps.policy.document };
    const form = { id: warmupId, name: 'replan', seen, replan } as const;
    const actor = { person: reviewer, at: world.now };
    t.deepEqual(await takeStaffStep(world.db, actor, { ...form, reason: ' ' }, world.deps.policy.document), {
      ok: false,
      problem: { name: 'reason-missing' },
    });
    t.true((await takeStaffStep(world.db, actor, { ...form, reason: 'It is less.' }, world.deps.policy.document)).ok);
    const now = await warmupNow(world, warmupId);
    t.like(now, { status: 'running', carried: seen.carried, capPercent: seen.capPercent });
    t.is(now.plan.targetPerDay, 2_000);
    t.is(now.pattern.busiest, 2_000);
    t.like(await lastEvent(world), {
      name: 'warmup.replanned',
      facts: { before: seen.plan.targetPerDay, target: 2_000, finishesOn: now.plan.finishesOn },
    });
    t.deepEqual(await mailedTo(world, 'warmup-replanned'), ['billing@acme.example', 'owner@acme.example']);
    atThree(world, now.nextDay + 1);
    t.is(await step(world), 1);
  },
);

onBothEngines('the page draws both plans before one is taken, and keeps what was typed', async (t, world) => {
  const { warmupId } = await atSix(world);
  const visitor = await world.signedIn('reviewer@warmdesk.example');
  const path = `/warm-ups/${warmupId}`;
  const first = (await visitor.get(`${path}?step=replan`)).html;
  t.regex(first, /As planned: [^<]* stages?, until/);
  t.regex(first, /Planned again: [^<]* stages?, until/);
  const query = 'schedule=growth&busiest=2000&everyDays=7&weekdays=2';
  const drawn = (await visitor.get(`${path}?step=replan&${query}`)).html;
  t.regex(drawn, /name="busiest"[^>]* value="2000"/);
  const wrong = await visitor.get(`${path}?step=replan&schedule=growth&busiest=none&everyDays=7&weekdays=2`);
  t.is(wrong.status, 422);
  t.regex(wrong.html, /Messages on the busiest day must be a whole number/);
  const form = await visitor.get(`${path}?step=replan`);
  const fields = { schedule: 'growth', busiest: '2000', everyDays: '7', weekdays: ['2', '4'] };
  const empty = await visitor.submit(form, `${path}/plan`, { ...fields, reason: '' });
  t.is(empty.status, 422);
  t.regex(empty.html, /name="busiest"[^>]* value="2000"/);
  const done = await visitor.submit(form, `${path}/plan`, { ...fields, reason: 'Two mailings of 2,000.' });
  t.is(done.location, `${path}?note=warmup-replanned`);
  const owner = await (await world.signedIn('owner@acme.example')).get(path);
  t.regex(
    owner.text,
    /planned the warm-up of 192\.0\.2\.1 again, for 2,000 messages on the busiest day instead of 10,000/,
  );
});
