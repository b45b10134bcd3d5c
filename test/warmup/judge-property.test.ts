import test from 'ava';
import fc from 'fast-check';
import { type Counts, sumOf } from '../../src/sending/counts.ts';
import { evaluateDay } from '../../src/warmup/daily/judge.ts';
import { capNow, capOfStage, type PlanState } from '../../src/warmup/state.ts';
import { customerio } from '../policy/facts.ts';
import { after, planState, walk } from './plan-state.ts';

/** Any counts that can be true. */
const counts: fc.Arbitrary<Counts> = fc
  .record({
    sent: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30_000 })),
    delivered: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    bounced: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.2, noNaN: true })),
    deferred: fc.double({ min: 0, max: 1, noNaN: true }),
    complained: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.005, noNaN: true })),
  })
  .map(({ sent, ...share }) => {
    const bounced = Math.floor(sent * share.bounced);
    return {
      sent,
      bounced,
      delivered: Math.floor((sent - bounced) * share.delivered),
      deferred: Math.floor(sent * share.deferred),
      complained: Math.floor(sent * share.complained),
    };
  });
const start: fc.Arbitrary<PlanState> = fc
  .record({ clock: fc.constantFrom('progress', 'calendar') })
  .map(({ clock }) => planState({ clock, stage: 1, nextDay: planState().plan.startsOn }));
const history = fc.array(counts, { minLength: 1, maxLength: 80 });

test('S-20: over any history the cap of a day is at most the schedule’s next stage', (t) => {
  fc.assert(
    fc.property(start, history, (from, days) => {
      for (const { at, step } of walk(from, days)) {
        const most = capOfStage(at.plan, at.stage + 1);
        const next = after(at, step);
        t.true((capNow({ ...next, status: 'running' }) ?? 0) <= most);
        t.true(step.capPercent >= 1 && step.capPercent <= 100);
        t.true(step.stage >= 1 && step.stage <= at.plan.caps.length);
        t.true(Object.values(step.slowed).every((limit) => Number.isInteger(limit) && limit >= 1));
      }
    }),
  );
});

test('over any history a plan runs backwards only by a pause or a step back, and forwards by one stage', (t) => {
  fc.assert(
    fc.property(start, history, (from, days) => {
      for (const { at, step } of walk(from, days)) {
        if (step.stage < at.stage) t.true(step.verdict === 'pause' || (step.verdict === 'step-back' && step.cold));
        t.is(step.stage > at.stage, step.verdict === 'advance');
        t.true(step.stage <= at.stage + 1);
        if (step.verdict === 'complete') t.is(at.stage, at.plan.caps.length);
        if (at.status === 'paused') t.true(step.verdict === 'hold' || step.cold);
        t.true(/^\S.*\.$/.test(step.why), step.why);
      }
    }),
  );
});

test('S-26: over any history no day may carry more than 2/0.9 of what one day carried before, but for the first stage', (t) => {
  fc.assert(
    fc.property(start, history, (from, days) => {
      let most = 0;
      for (const { at, facts } of walk(from, days)) {
        const cap = capNow({ ...at, status: 'running' }) ?? 0;
        // A plan that fell back when the IP became cold has its own stage to begin with.
        t.true(cap <= Math.max(at.plan.caps[0] ?? 0, Math.floor((most * 20) / 9) + 1), `${cap} after ${most}`);
        most = Math.max(most, Math.min(cap, sumOf(Object.values(facts.counts)).delivered));
      }
    }),
  );
});

test('a stage passes by its volume, added up since it began, and the last one not without mail', (t) => {
  fc.assert(
    fc.property(history, (days) => {
      let sum = 0;
      for (const { at, facts, step } of walk(planState({ stage: 1, nextDay: planState().plan.startsOn }), days)) {
        sum += Math.min(capNow({ ...at, status: 'running' }) ?? 0, sumOf(Object.values(facts.counts)).delivered);
        if (step.verdict === 'advance') t.true(sum >= 0.9 * capOfStage(at.plan, at.stage) - 1e-6);
        if (step.stage !== at.stage) sum = 0;
      }
    }),
  );
});

test('however a day’s counts are split among providers, the whole plan’s brakes say the same', (t) => {
  fc.assert(
    fc.property(counts, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
      const part = (of: (value: number) => number): Counts => ({
        sent: of(all.sent),
        delivered: of(all.delivered),
        deferred: of(all.deferred),
        bounced: of(all.bounced),
        complained: of(all.complained),
      });
      const one = part((value) => Math.floor(value * share));
      const other = part((value) => value - Math.floor(value * share));
      const window = { '': all };
      const whole = evaluateDay(planState(), { day: 20_781, counts: { gmail: all }, window }, customerio);
      const split = evaluateDay(planState(), { day: 20_781, counts: { gmail: one, yahoo: other }, window }, customerio);
      t.is(whole.verdict === 'pause', split.verdict === 'pause');
      if (whole.verdict !== 'advance' && whole.capPercent < 100) t.is(split.capPercent, whole.capPercent);
    }),
  );
});
