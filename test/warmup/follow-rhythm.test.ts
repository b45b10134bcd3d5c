// A plan follows its sender's rhythm: stages made for seven days a week are made again for those with mail.
import test from 'ava';
import fc from 'fast-check';
import { evenPattern, expectedMailOn, type Pattern, statedPattern, weeklyPattern } from '../../src/sending/pattern.ts';
import { mailAheadOn } from '../../src/warmup/ahead.ts';
import { nextOf } from '../../src/warmup/daily/evaluation.ts';
import { followRhythm } from '../../src/warmup/daily/follow-rhythm.ts';
import { evaluateDay } from '../../src/warmup/daily/judge.ts';
import { expectedFinish } from '../../src/warmup/forecast.ts';
import { capsAhead } from '../../src/warmup/pages/forecast.ts';
import { carriedOf } from '../../src/warmup/share.ts';
import { patternOf, simulate, type Trial } from '../../src/warmup/simulation/simulate.ts';
import { capNow, type PlanState } from '../../src/warmup/state.ts';
import { customerio, sendgrid } from '../policy/facts.ts';
import { monday, planState } from './plan-state.ts';

/** Days until mail of certain weekdays is a fact: four weeks. */
const KNOWN = 28;

const trialOf = (pattern: Pattern, stated?: Pattern): Trial => ({
  pattern,
  schedule: 'growth',
  clock: 'progress',
  badDay: null,
  startsOn: monday,
  ...(stated && { stated }),
});

/** Days from the first to the one that completes a plan. */
const daysOf = (pattern: Pattern, stated?: Pattern): number => {
  const { finishesOn } = simulate(trialOf(pattern, stated), customerio);
  return finishesOn === null ? Number.POSITIVE_INFINITY : finishesOn - monday + 1;
};

const SENDERS = [
  { who: 'one newsletter a week', weekdays: [1], sums: 50_000, more: KNOWN },
  { who: 'two mailings a week', weekdays: [1, 4], sums: 50_000, more: KNOWN },
  { who: 'from Monday to Friday', weekdays: [0, 1, 2, 3, 4], sums: 50_000, more: 10 },
  { who: 'one newsletter a week of a million', weekdays: [1], sums: 1_000_000, more: KNOWN },
] as const;

for (const { who, weekdays, sums, more } of SENDERS) {
  test(`C-14: even mail was stated, it comes ${who}: as soon as for those who said so, once that is known`, (t) => {
    const real = statedPattern({ busiest: sums / weekdays.length, weekdays });
    const [said, took] = [daysOf(real), daysOf(real, evenPattern(sums, 'stated'))];
    t.true(took <= said + more, `${took} days, and ${said} for those who said so`);
  });
}

test('C-14: a million a week was stated, and 60,000 come on Tuesdays: the plan ends at those', (t) => {
  const real = statedPattern({ busiest: 60_000, weekdays: [1] });
  const { finishesOn, state } = simulate(trialOf(real, evenPattern(1_000_000, 'stated')), customerio);
  t.true((finishesOn ?? 9_999_999) - monday + 1 <= daysOf(real) + KNOWN);
  t.is(state.plan.targetPerDay, 60_000);
});

test('C-14: even mail was stated, one mailing a month comes: as many statements as for those who said so, and those before', (t) => {
  const real = statedPattern({ busiest: 200_000, weekdays: [], everyDays: 30 });
  const said = daysOf(real);
  const took = daysOf(real, evenPattern(50_000, 'stated'));
  // Three mailings show how often they come.
  t.true(took <= said + 3 * 30, `${took} days, and ${said} for those who said so`);
});

const weekly = weeklyPattern([0, 50_000, 0, 0, 0, 0, 0], 'measured');
const even45 = (change = {}) => {
  const caps = Array.from({ length: 45 }, (_, i) => Math.round(200 * (7_143 / 200) ** (i / 44)));
  const state = planState({ stage: 5, carried: 270, pattern: weekly, ...change });
  return { ...state, plan: { ...state.plan, caps, targetPerDay: 7_143 } };
};

test('the stages that lie ahead are made again from the one in force, which stays, with a sentence', (t) => {
  const again = followRhythm(even45(), monday + 30, customerio);
  const { plan, stage, remadeOn } = again?.state ?? t.fail();
  t.deepEqual([stage, remadeOn, plan.targetPerDay, plan.caps.at(-1)], [5, monday + 30, 50_000, 50_000]);
  t.deepEqual(plan.caps.slice(0, 5), even45().plan.caps.slice(0, 5));
  t.is(plan.caps.length, 5 + 8);
  t.is(
    again?.sentence,
    'Mail goes out on Tuesdays, on fewer days than the plan was made for: eight more stages instead of 40, up to 50,000 messages on the busiest day.',
  );
});

test('stages stay where the rhythm is only stated, is as it was planned, or became denser', (t) => {
  const at = (change: object, on = monday + 30, policy = customerio) => followRhythm(even45(change), on, policy);
  t.is(at({ pattern: { ...weekly, basis: 'stated' } }), null);
  t.is(at({ pattern: evenPattern(50_000, 'measured') }), null);
  t.is(at({ pattern: evenPattern(1_000_000, 'measured') }), null, 'more mail is not another rhythm');
  t.is(at({ clock: 'calendar' }), null, 'the calendar does not wait for sending days');
  const once = at({})?.state ?? t.fail();
  t.is(followRhythm({ ...once, pattern: evenPattern(350_000, 'measured') }, monday + 60, customerio), null);
});

test('stages are made again once in two periods at most', (t) => {
  t.is(followRhythm(even45({ remadeOn: monday + 17 }), monday + 30, customerio), null);
  t.not(followRhythm(even45({ remadeOn: monday + 16 }), monday + 30, customerio), null);
  const monthly = { ...statedPattern({ busiest: 9_000, weekdays: [], everyDays: 30 }), basis: 'measured' } as const;
  t.is(followRhythm(even45({ pattern: monthly, remadeOn: monday }), monday + 59, customerio), null);
  t.not(followRhythm(even45({ pattern: monthly, remadeOn: monday }), monday + 60, customerio), null);
});

test('a published table is followed as printed', (t) => {
  const state = even45();
  const table = { ...state, plan: { ...state.plan, schedule: 'sendgrid' } };
  t.is(followRhythm(table, monday + 30, sendgrid), null);
});

test('until the next evaluation a forecast counts on the stages that it will make, and so while a plan is paused', (t) => {
  const state = { ...even45({ nextDay: monday + 30 }), clock: 'progress' as const };
  const finish = expectedFinish(state, monday + 30, customerio);
  const made = followRhythm(state, monday + 30, customerio)?.state ?? t.fail();
  t.is(finish, expectedFinish(made, monday + 30, customerio));
  t.true(finish - monday < 100, `${finish - monday} days, where 40 Tuesdays are 280`);
  t.is(expectedFinish({ ...state, status: 'paused' }, monday + 30, customerio), finish);
  t.is(capsAhead(state, monday + 30, customerio).at(-1)?.day, finish);
  // As the days come.
  let at: PlanState = { ...state, limitedOn: monday + 29, stageSince: monday + 29, judgedFrom: monday };
  for (let day = monday + 30; at.status === 'running'; day += 1) {
    const all = mailAheadOn(weekly, day, { from: monday, restDays: customerio.warmup.restDays.value });
    const over = carriedOf(capNow(at) ?? 0, expectedMailOn(weekly, day), all);
    const counts = { gmail: { sent: over, delivered: over, bounced: 0, complained: 0, deferred: 0 } };
    const step = evaluateDay(
      at,
      { day, counts, window: counts, whole: all > 0 ? [{ day, over, all }] : [] },
      customerio,
    );
    at = { ...at, ...nextOf(step), nextDay: day + 1, status: step.verdict === 'complete' ? 'complete' : 'running' };
  }
  t.is(at.nextDay - 1, finish);
});

test('C-14: a forecast goes by the share with which the policy passes stages', (t) => {
  const passedShare = (value: number) => ({
    ...customerio,
    warmup: { ...customerio.warmup, passedShare: { value, rule: 'own choice' } },
  });
  // A table whose stages bring 0.95 of their volume: passed at once, or on the second day.
  const tuesdays = weeklyPattern([0, 9_500, 0, 0, 0, 0, 0], 'measured');
  const state = { ...planState({ stage: 5, carried: 9_500, pattern: tuesdays, limitedOn: monday + 29 }), progress: 0 };
  const plan = { ...state.plan, caps: [1_000, 2_000, 4_000, 8_000, 10_000, 10_001], targetPerDay: 10_001 };
  const finish = (value: number) => expectedFinish({ ...state, plan }, monday + 35, passedShare(value));
  t.true(finish(0.99) > finish(0.9), `${finish(0.99)} and ${finish(0.9)}`);
});

const anyDays = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
const anySender = fc.oneof(
  { weight: 3, arbitrary: fc.record({ busiest: fc.integer({ min: 500, max: 1_000_000 }), weekdays: anyDays }) },
  {
    weight: 1,
    arbitrary: fc.record({
      busiest: fc.integer({ min: 500, max: 1_000_000 }),
      weekdays: fc.constant([]),
      everyDays: fc.constantFrom(14, 30),
    }),
  },
);

test('S-26, C-14: whatever was stated and comes, no day carries more than 2/0.9 of one before, and no plan is short', (t) => {
  const stated = fc.record({ busiest: fc.integer({ min: 500, max: 200_000 }), weekdays: anyDays });
  fc.assert(
    fc.property(anySender, stated, (sender, said) => {
      const { days, plan, finishesOn, state } = simulate(
        trialOf(statedPattern(sender), statedPattern(said)),
        customerio,
        500,
      );
      let carried = 0;
      for (const { cap, delivered, day } of days) {
        t.true(
          cap <= Math.max(plan.caps[0] ?? 0, (carried * 2) / 0.9),
          `${cap} on day ${day - monday} after ${carried}`,
        );
        carried = Math.max(carried, delivered);
      }
      if (finishesOn !== null) t.true(finishesOn - monday + 1 >= customerio.warmup.minimumDays.value);
      for (const [i, cap] of state.plan.caps.entries())
        t.true(i === 0 || (cap >= (state.plan.caps[i - 1] ?? 0) && cap <= 2 * (state.plan.caps[i - 1] ?? 0) + 1));
    }),
    { numRuns: 40 },
  );
});

test('a plan made for how its sender mails is never made again', (t) => {
  fc.assert(
    fc.property(anySender, (sender) => {
      const pattern = statedPattern(sender);
      const { state } = simulate(trialOf(pattern, pattern), customerio, 300);
      t.is(state.remadeOn, 0);
    }),
    { numRuns: 40 },
  );
  t.is(simulate(trialOf(patternOf(200_000, [0.2, 0.2, 0.2, 0.2, 0.15, 0.03, 0.02])), customerio).state.remadeOn, 0);
});
