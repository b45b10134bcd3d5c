import test from 'ava';
import { evenPattern } from '../../src/sending/pattern.ts';
import type { Verdict } from '../../src/warmup/daily/evaluation.ts';
import type { MarkedDay } from '../../src/warmup/pages/days.ts';
import { delayWords, overflowWords, reasonOf, warmupState } from '../../src/warmup/pages/wording.ts';
import { simulate } from '../../src/warmup/simulation/simulate.ts';
import type { PlanState } from '../../src/warmup/state.ts';
import { customerio } from '../policy/facts.ts';
import { climbing } from '../support/climbing.ts';

const MONDAY = 20_780;
const caps = [100, 200, 300, 400];
const planState = (change: Partial<PlanState & { verdict: Verdict | null }> = {}) => ({
  ...climbing(400, MONDAY),
  status: 'running' as const,
  clock: 'progress' as const,
  plan: { schedule: 'growth', targetPerDay: 400, startsOn: MONDAY, finishesOn: MONDAY + 3, caps },
  stage: 3,
  capPercent: 100,
  slowed: {},
  idleDays: 0,
  nextDay: MONDAY + 2,
  judgedFrom: MONDAY,
  verdict: 'advance' as Verdict | null,
  ...change,
});
const nameOf = (change: Partial<PlanState & { verdict: Verdict | null }>) => warmupState(planState(change), 30).name;

test('S-13: an IP is labelled with where its warm-up stands', (t) => {
  t.is(nameOf({ status: 'planned', verdict: null }), 'planned');
  t.is(nameOf({ verdict: null }), 'running');
  t.is(nameOf({}), 'running');
  t.is(nameOf({ verdict: 'hold' }), 'on-hold');
  t.is(nameOf({ verdict: 'hold', capPercent: 50 }), 'cut');
  t.is(nameOf({ verdict: 'hold', idleDays: 3 }), 'idle');
  t.is(nameOf({ status: 'paused', verdict: 'pause' }), 'paused');
  t.is(nameOf({ status: 'running', verdict: 'pause' }), 'running', 'somebody let it go on');
  t.is(nameOf({ status: 'complete', verdict: 'complete' }), 'complete');
});

test('what was judged before somebody let it go on, or set it back, labels it no more', (t) => {
  const resumed = { judgedFrom: MONDAY + 9, nextDay: MONDAY + 9, verdict: 'hold' as const, idleDays: 4 };
  t.is(nameOf(resumed), 'running');
  const later = warmupState(planState({ ...resumed, nextDay: MONDAY + 11, idleDays: 6 }), 30);
  t.like(later, { name: 'idle', idleDays: 2 }, 'days of the pause are not days without mail');
});

test('C-14: a plan waits at its last stage until the least days are over', (t) => {
  t.is(nameOf({ stage: 4, verdict: 'hold', nextDay: MONDAY + 29 }), 'full');
  t.is(nameOf({ stage: 4, verdict: 'hold', nextDay: MONDAY + 30 }), 'on-hold');
});

test('an IP that became cold says so until mail goes over it again', (t) => {
  const cold = { stage: 1, judgedFrom: MONDAY + 40 };
  t.is(nameOf({ ...cold, verdict: 'step-back', nextDay: MONDAY + 40 }), 'cold');
  t.is(nameOf({ ...cold, verdict: 'hold', idleDays: 2, nextDay: MONDAY + 42 }), 'cold');
  t.is(nameOf({ ...cold, verdict: 'advance', stage: 2, nextDay: MONDAY + 43 }), 'running');
});

test('the cap is what may go over the IP: none while it is paused, no limit when it is complete', (t) => {
  t.like(warmupState(planState(), 30), { cap: 300, stage: 3, stages: 4 });
  t.is(warmupState(planState({ status: 'paused' }), 30).cap, 0);
  t.like(warmupState(planState({ status: 'complete' }), 30), { cap: null, stage: 4 });
  t.like(warmupState(planState({ status: 'planned', stage: 1 }), 30), { stage: 0, cap: 0 });
});

test('C-15: what is above the cap goes over what carries the domains’ mail beside the IP, or waits', (t) => {
  const words = (over: string[], waits: boolean) => overflowWords({ over, waits });
  t.is(words(['192.0.2.2', 'the shared pool'], false), 'the rest goes over 192.0.2.2 and the shared pool');
  t.is(
    words(['192.0.2.2'], true),
    'the rest goes over 192.0.2.2, and what they may not carry either waits until tomorrow',
  );
  t.is(words([], true), 'the rest waits until tomorrow');
});

test('why the end moved is told by the days that it took', (t) => {
  const days = (...marks: [MarkedDay['mark'], number][]) =>
    marks.map(([mark, stage]) => ({ mark, stage }) as MarkedDay);
  t.is(delayWords(days(['passed', 1], ['passed', 2]), 3), '');
  t.is(delayWords(days(['on-hold', 2], ['cut', 2], ['idle', 2]), 2), 'two days on hold and one day without mail');
  t.is(delayWords(days(['paused', 5], ['paused', 4]), 4), 'two days paused and one stage back');
});

test('the states of a plan whose mail goes wrong follow from the real steps', (t) => {
  const trial = {
    schedule: 'growth',
    clock: 'progress' as const,
    pattern: evenPattern(200_000, 'measured'),
    badDay: { day: 12, bounce: 0.4, complaint: 0, deferred: {} },
    startsOn: MONDAY,
  };
  const stateAfter = (days: number) => {
    const { state: at, days: judged } = simulate(trial, customerio, days);
    return warmupState({ ...at, verdict: judged.at(-1)?.verdict ?? null }, 30).name;
  };
  t.deepEqual([stateAfter(11), stateAfter(12), stateAfter(38)], ['running', 'cut', 'running']);
});

test('R-09: a pause is explained in the words of the person who paused it, else by the rule; other states by the last day', (t) => {
  const notified = (body: string | null, why: string | null) => [
    { at: 7, name: 'warmup.resumed', facts: {}, body: 'Sent later.' },
    { at: 7, name: 'warmup.paused', facts: { why }, body },
    { at: 7, name: 'warmup.paused', facts: {}, body: 'Sent before.' },
  ];
  const paused = { status: 'paused' as const, why: 'Paused: nothing goes over the IP.' };
  t.is(reasonOf(paused, notified('A bought list.', null)), 'A bought list.');
  t.is(reasonOf(paused, notified(null, '12 % of the mail bounced.')), '12 % of the mail bounced.');
  t.is(reasonOf(paused, []), paused.why);
  t.is(reasonOf({ status: 'running', why: 'On to stage 3.' }, notified('A bought list.', null)), 'On to stage 3.');
});
