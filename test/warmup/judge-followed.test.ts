// What the day's judgement says of a plan that follows its sender, and what a completed one keeps.
import test from 'ava';
import { evenPattern } from '../../src/sending/pattern.ts';
import { expectedFinish } from '../../src/warmup/forecast.ts';
import { customerio } from '../policy/facts.ts';
import { after, day, judged, mail, monday, planState } from './plan-state.ts';

test('a plan that is raised says so beside its verdict, and is forecast again from the next day on', (t) => {
  const { plan, ...state } = planState({ pattern: evenPattern(7 * 30_000, 'measured') });
  const before = { ...state, plan: { ...plan, startsOn: monday - 60 } };
  const facts = day({ gmail: mail(2_000) });
  const step = judged(before, facts);
  t.is(step.verdict, 'advance');
  t.regex(step.remade ?? '', /^A usual busiest day brings 30,000 messages now/);
  t.is(step.plan.targetPerDay, 30_000);
  const { finishesOn } = step.plan;
  const at = after(before, step);
  t.is(finishesOn, expectedFinish(at, facts.day + 1, customerio));
  t.not(finishesOn, expectedFinish(at, facts.day - 1, customerio));
  t.not(finishesOn, before.plan.finishesOn);
});

test('a plan that follows nothing new says nothing of it and keeps its forecast', (t) => {
  const before = planState();
  const step = judged(before, day({ gmail: mail(2_000) }));
  t.is(step.remade, undefined);
  t.is(step.plan, before.plan);
});

test('C-14: a plan that is cut to what there is, and complete with that, is not forecast again', (t) => {
  const { plan, ...state } = planState({ stage: 4, carried: 4_000, limitedOn: monday - 13, progress: 100 });
  const before = { ...state, plan: { ...plan, startsOn: monday - 60, finishesOn: monday + 4 } };
  const whole = [monday, monday + 1].map((on) => ({ day: on, over: 3_000, all: 3_000 }));
  const step = judged(before, { ...day({ gmail: mail(3_000) }), whole });
  t.is(step.verdict, 'complete');
  t.regex(step.remade ?? '', /^For 14 days the IP has carried all there was, 3,000 messages on the busiest day/);
  t.like(step.plan, { targetPerDay: 3_000, finishesOn: monday + 4 });
});

test('S-26: a completed IP keeps the limits of providers only where a pool takes what they keep off it', (t) => {
  const { plan, ...state } = planState({ stage: 5, carried: 8_000, slowed: { yahoo: 90 } });
  const before = { ...state, plan: { ...plan, startsOn: monday - 60 } };
  const facts = day({ gmail: mail(10_000) });
  const limits = (more: object, policy = customerio) => {
    const step = judged(before, { ...facts, ...more }, policy);
    t.is(step.verdict, 'complete');
    return step.slowed;
  };
  t.deepEqual(limits({}), { yahoo: 90 });
  t.deepEqual(limits({ hasPool: true }), { yahoo: 90 });
  t.deepEqual(limits({ hasPool: false }), {}, 'no pool in its region');
  const warmup = { ...customerio.warmup, warm: { ...customerio.warmup.warm, value: 'alarm' as const } };
  t.deepEqual(limits({ hasPool: true }, { ...customerio, warmup }), {}, 'the policy holds nothing back');
});
