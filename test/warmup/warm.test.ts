// Warm is a volume: what watches an IP after its warm-up.
import test from 'ava';
import fc from 'fast-check';
import { actIn } from '../../src/act.ts';
import { evenPattern, type Pattern, statedPattern } from '../../src/sending/pattern.ts';
import { capNow, type PlanState, warmLimit } from '../../src/warmup/state.ts';
import { findWarmup } from '../../src/warmup/store.ts';
import { followUp } from '../../src/warmup/transition.ts';
import { type WarmFacts, watchDay } from '../../src/warmup/warm/watch.ts';
import { customerio, sendgrid } from '../policy/facts.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, mailedTo, overIp, step, warmupNow } from '../support/warm.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { mail, monday, planState } from './plan-state.ts';

const warm = (change: Partial<PlanState> = {}): PlanState =>
  planState({ status: 'complete', stage: 5, warmedTo: 10_000, nextDay: monday + 60, ...change });
const day = (sent: number, change: Partial<WarmFacts> = {}): WarmFacts => ({
  day: monday + 60,
  counts: { gmail: mail(sent) },
  today: mail(sent),
  window: mail(sent),
  all: sent,
  busiest: sent,
  hasOverflow: true,
  isPoolBeyond: true,
  ...change,
});

test('S-26: a warm IP carries up to twice what it is warmed to, half of that level while bad rates cut it', (t) => {
  t.is(warmLimit(warm()), 20_000);
  t.is(warmLimit(warm({ capPercent: 50 })), 5_000);
  t.is(warmLimit(warm({ warmedTo: 10 })), 1_000, 'the first stage is always allowed');
  t.is(warmLimit(planState()), null);
});

test('C-17: within that nothing happens, and the level is that of its busiest day lately', (t) => {
  const watched = watchDay(warm(), day(10_800), customerio);
  t.is(watched.change, 'steady');
  t.like(watched.state, { status: 'complete', warmedTo: 10_800, nextDay: monday + 61, idleDays: 0 });
  t.is(watchDay(warm(), day(7_000), customerio).state.warmedTo, 7_000, 'it falls with the mail');
  t.is(watchDay(warm(), day(20_000), customerio).change, 'steady', 'twice is not beyond twice');
});

test('S-26: mail that nearly doubles each day does not multiply the level; it opens a plan', (t) => {
  let at = warm();
  for (const [nth, sent] of [19_000, 20_000, 20_000, 20_000].entries()) {
    at = watchDay(at, day(sent, { day: at.nextDay, busiest: 20_000 }), customerio).state;
    t.is(at.status, 'complete', `day ${nth}`);
    t.true((at.warmedTo ?? 0) <= Math.ceil(10_000 * 1.1 ** (nth + 1)) + nth, `day ${nth}: ${at.warmedTo}`);
  }
  const { state, change } = watchDay(at, day(36_000, { day: at.nextDay, busiest: 29_000 }), customerio);
  t.is(change, 'reopen');
  t.true((capNow(state) ?? 0) <= 2.3 * (at.warmedTo ?? 0));
});

test('S-16: where nothing else can carry what is held back, staff are told and nothing is held', (t) => {
  const alone = { hasOverflow: false };
  const much = watchDay(warm(), day(20_000, { all: 150_000, ...alone }), customerio);
  t.like(much, { change: 'alarm', state: { status: 'complete', capPercent: 100 } });
  t.regex(much.why, /Nothing is held back, because nothing else can carry it/);
  const idle = watchDay(warm({ idleDays: 29 }), day(0, { all: 0, busiest: 0, ...alone }), customerio);
  t.like(idle, { change: 'alarm', state: { status: 'complete' } });
  t.regex(idle.why, /^No mail went over the IP for 30 days.* less than half of the 10,000 that it had carried/);
  const bad = mail(10_000, { bounced: 600 });
  const rated = watchDay(warm(), day(10_000, { today: bad, window: bad, ...alone }), customerio);
  t.like(rated, { change: 'alarm', state: { capPercent: 100 } });
});

test('S-26: mail beyond that opens a plan from the level, and not from what came', (t) => {
  const { change, state, why } = watchDay(warm(), day(20_000, { all: 150_000 }), customerio);
  t.is(change, 'reopen');
  t.like(state, { status: 'running', isAgain: true, carried: 10_000, progress: 0 });
  t.is(state.plan.targetPerDay, 150_000);
  t.true((capNow(state) ?? 0) <= 20_000, `${capNow(state)}`);
  t.true(state.plan.caps.slice(5).every((cap, i) => cap <= 2 * (state.plan.caps[i + 4] ?? 0)));
  t.regex(why, /^150,000 messages came on a day, more than twice the 10,000 that the IP is warmed to/);
});

test('after 30 idle days, or one and a half periods, a warm IP is cold and warms up from half its level', (t) => {
  const idle = (idleDays: number, pattern: Pattern = evenPattern(70_000, 'measured')) =>
    watchDay(warm({ idleDays, pattern }), day(0, { all: 0, busiest: 0 }), customerio);
  t.is(idle(28).change, 'steady');
  const { change, state } = idle(29);
  t.is(change, 'cool');
  t.like(state, { status: 'running', stage: 3, isAgain: true, idleDays: 0 });
  t.is(capNow(state), 4_000, 'the largest stage within half of 10,000');
  const monthly = statedPattern({ busiest: 10_000, weekdays: [], everyDays: 30 });
  t.is(idle(43, monthly).change, 'steady');
  t.is(idle(44, monthly).change, 'cool');
});

test('brakes watch a warm IP: by the policy bad rates cut it, or staff are told only', (t) => {
  const bad = mail(10_000, { bounced: 600 });
  const held = watchDay(warm(), day(10_000, { today: bad, window: bad }), customerio);
  t.like(held, { change: 'alarm' });
  t.is(held.state.capPercent, 50);
  t.regex(held.why, /6 % of the mail bounced \(limit 5 %\)\. It carries at most 50 % of its level/);
  const alarmed = watchDay(warm(), day(10_000, { today: bad, window: bad }), sendgrid);
  t.like(alarmed, { change: 'alarm' });
  t.is(alarmed.state.capPercent, 100);
  t.is(watchDay({ ...held.state, nextDay: monday + 61 }, day(9_000), customerio).state.capPercent, 100);
  t.is(watchDay(warm(), day(20_000, { all: 150_000 }), sendgrid).state.status, 'complete', 'S-16: no other way');
});

test('S-26: over any history what an IP may carry is at most twice what it has carried on a day', (t) => {
  const sizes = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400_000 })), {
    minLength: 1,
    maxLength: 90,
  });
  fc.assert(
    fc.property(sizes, (all) => {
      let at = warm();
      const carried: number[] = [10_000];
      for (const sent of all) {
        if (at.status !== 'complete') break;
        const most = warmLimit(at) ?? 0;
        t.true(most <= Math.max(1_000, 2 * Math.max(...carried)));
        const over = Math.min(sent, most);
        carried.push(over);
        const busiest = Math.max(...carried.slice(-30));
        const before = at.warmedTo ?? 0;
        at = watchDay(at, day(over, { day: at.nextDay, all: sent, busiest }), customerio).state;
        t.true((at.warmedTo ?? 0) <= Math.ceil(before * 1.1), 'the level never multiplies');
        if (at.status === 'running') t.true((capNow(at) ?? 0) <= 2.3 * Math.max(...carried));
      }
    }),
  );
});

/** Acme’s IP, its warm-up complete at 10,000 a day, as of the day before `today`. */
async function completed(world: World) {
  const scene = await acmeWithIp(world);
  const today = (await begun(world, scene)) + 60;
  const before = await warmupNow(world, scene.warmupId);
  const change = { status: 'complete', completed_at: world.now, stage: before.plan.caps.length };
  await world.db.transaction(async (trx) => {
    await trx('warmups')
      .where({ id: scene.warmupId })
      .update({ ...change, warmed_to: 10_000, next_day: today });
    const day = {
      day: today - 1,
      stage: change.stage,
      stage_cap: 10_000,
      cap: 10_000,
      sent: 10_000,
      delivered: 10_000,
    };
    await trx('warmup_days').insert({ warmup_id: scene.warmupId, ...day, verdict: 'complete', why: 'Complete.' });
    const after = (await findWarmup(trx, scene.warmupId)) ?? before;
    const notifications = { 'warmup-complete': { early: false, reason: '' } };
    const details = { facts: { address: before.address }, notifications };
    await followUp(actIn(trx, { person: null, at: world.now }), 'complete', { before, after }, details);
  });
  return { ...scene, today };
}

onBothEngines(
  'S-26: a completed IP whose mail doubles and more warms up again, and its people are told',
  async (t, world) => {
    const scene = await completed(world);
    await overIp(world, scene, scene.today, { sent: 20_000 });
    await overIp(world, scene, scene.today, { sent: 15_000 }, 'yahoo');
    atThree(world, scene.today + 1);
    t.is(await step(world), 1);
    const now = await warmupNow(world, scene.warmupId);
    t.like(now, { status: 'running', allocationStatus: 'warming', isAgain: true, completedAt: null });
    t.true((capNow(now) ?? 0) <= 20_000);
    t.deepEqual(await mailedTo(world, 'warmup-reopened'), ['billing@acme.example', 'owner@acme.example']);
    await overIp(world, scene, scene.today + 1, { sent: capNow(now) ?? 0 });
    atThree(world, scene.today + 2);
    t.is(await step(world), 1, 'and is judged from then on');
  },
);

onBothEngines(
  'a completed IP that falls silent is cold after 30 days; one that mails keeps its level',
  async (t, world) => {
    const scene = await completed(world);
    await overIp(world, scene, scene.today, { sent: 9_000 });
    atThree(world, scene.today + 30);
    await step(world);
    t.like(await warmupNow(world, scene.warmupId), { status: 'complete', warmedTo: 9_000, idleDays: 29 });
    t.deepEqual(await mailedTo(world, 'warmup-reopened'), []);
    atThree(world, scene.today + 31);
    await step(world);
    const now = await warmupNow(world, scene.warmupId);
    t.like(now, { status: 'running', allocationStatus: 'warming' });
    t.true((capNow(now) ?? 0) <= 4_500);
    t.is((await mailedTo(world, 'warmup-reopened')).length, 2);
  },
);

onBothEngines('staff are told once of a warm IP whose mail bounces', async (t, world) => {
  const scene = await completed(world);
  for (let nth = 0; nth < 3; nth += 1) await overIp(world, scene, scene.today + nth, { sent: 9_000, bounced: 700 });
  atThree(world, scene.today + 3);
  await step(world);
  t.like(await warmupNow(world, scene.warmupId), { status: 'complete', capPercent: 50 });
  t.is((await mailedTo(world, 'warmup-to-look-at')).length, 3);
});
