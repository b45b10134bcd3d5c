// A plan follows its sender: what it has to know for that, and what it makes of it.
import test from 'ava';
import { evenPattern, statedPattern, weeklyPattern } from '../../src/sending/pattern.ts';
import { asksForWhole, followSender } from '../../src/warmup/daily/follow-sender.ts';
import { customerio } from '../policy/facts.ts';
import { day, mail, monday, planState } from './plan-state.ts';

test('a plan has to know all mail of its domains at its last stage, and for as long as it takes to be cut', (t) => {
  const days = (stage: number, after: number, change = {}) =>
    asksForWhole(planState({ stage, limitedOn: monday, ...change }), monday + after);
  t.is(days(2, 13), 0);
  t.is(days(2, 14), 14);
  t.is(days(4, 13), 0);
  t.is(days(5, 13), 1, 'the last stage also passes with a whole sending day');
  t.is(days(5, 14), 14);
  const monthly = { pattern: statedPattern({ busiest: 10_000, weekdays: [], everyDays: 30 }) };
  t.is(days(2, 59, monthly), 0, 'two mailings have to lie within');
  t.is(days(2, 60, monthly), 60);
});

test('a plan that is cut keeps what it has proved of its stage, unless that is the last one now', (t) => {
  const idle = planState({ limitedOn: monday - 13, progress: 300 });
  const whole = [monday, monday + 1].map((on) => ({ day: on, over: 3_000, all: 3_000 }));
  const at = (stage: number) => followSender({ ...idle, stage }, { ...day({ gmail: mail(900) }), whole }, customerio);
  t.like(at(1).state, { stage: 1, progress: 300, limitedOn: monday + 1 });
  t.like(at(1).state.plan, { caps: [1_000, 2_000, 3_000], targetPerDay: 3_000 });
  t.like(at(4).state, { stage: 3, progress: 3_000 });
  t.is(
    at(4).sentence,
    'For 14 days the IP has carried all there was, 3,000 messages on the busiest day: the plan ends there instead of at 10,000.',
  );
});

test('a plan whose domains’ whole mail was not asked for is not cut', (t) => {
  const idle = planState({ limitedOn: monday - 13 });
  t.deepEqual(followSender(idle, day({ gmail: mail(900) }), customerio), { state: idle, sentence: '' });
});

test('a plan is raised for the busiest day that is usual or to be expected, where that was measured', (t) => {
  const target = (pattern: Parameters<typeof planState>[0]) =>
    followSender(planState(pattern), day({ gmail: mail(900) }), customerio).state.plan.targetPerDay;
  t.is(target({ pattern: evenPattern(7 * 20_001, 'measured') }), 20_001);
  t.is(target({ pattern: evenPattern(7 * 20_000, 'measured') }), 10_000, 'twice the target is not more than twice');
  t.is(target({ pattern: weeklyPattern([20_001, 0, 0, 0, 0, 0, 0], 'measured') }), 20_001);
  const rising = { ...evenPattern(7_000, 'measured'), expected: [1_000, 30_000, 0, 0, 0, 0, 0] };
  t.is(target({ pattern: rising }), 30_000);
  t.is(target({ pattern: evenPattern(7 * 50_000, 'stated') }), 10_000, 'what is only said raises nothing');
});

test('a plan that is raised says to what, and why', (t) => {
  const more = planState({ pattern: evenPattern(7 * 20_001, 'measured') });
  t.is(
    followSender(more, day({ gmail: mail(900) }), customerio).sentence,
    'A usual busiest day brings 20,001 messages now, more than twice the plan’s 10,000: the plan goes on to that.',
  );
});

test('a plan is left alone where a single day had mail, or where the IP did not carry all of it', (t) => {
  const idle = planState({ limitedOn: monday - 13 });
  const after = (...whole: { day: number; over: number; all: number }[]) =>
    followSender(idle, { ...day({ gmail: mail(900) }), whole }, customerio);
  t.deepEqual(after({ day: monday, over: 3_000, all: 3_000 }), { state: idle, sentence: '' });
  const [first, part] = [
    { day: monday, over: 3_000, all: 3_000 },
    { day: monday + 1, over: 2_000, all: 3_000 },
  ];
  t.deepEqual(after(first, part), { state: idle, sentence: '' });
});

test('a plan that was made again is not raised for two periods: what is usual still tells of the mail before', (t) => {
  const more = { pattern: evenPattern(7 * 30_000, 'measured') };
  const today = day({ gmail: mail(900) });
  const at = (remadeOn: number) =>
    followSender(planState({ ...more, remadeOn }), today, customerio).state.plan.targetPerDay;
  t.is(at(today.day - 13), 10_000);
  t.is(at(today.day - 14), 30_000);
});
