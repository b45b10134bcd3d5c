import test from 'ava';
import { capsAhead, forecastOf } from '../../src/warmup/pages/forecast.ts';
import type { PlanState } from '../../src/warmup/state.ts';
import { customerio } from '../policy/facts.ts';
import { climbing } from '../support/climbing.ts';

const START = 20_780;
const caps = Array.from({ length: 40 }, (_, i) => 100 * (i + 1));
const planState = (change: Partial<PlanState> = {}): PlanState => ({
  ...climbing(4_000, START),
  status: 'running',
  clock: 'progress',
  plan: { schedule: 'growth', targetPerDay: 4_000, startsOn: START, finishesOn: START + 39, caps },
  stage: 10,
  capPercent: 100,
  slowed: {},
  idleDays: 0,
  nextDay: START + 9,
  judgedFrom: START,
  ...change,
});

test('R-09: a plan of which every day passed is expected to end when it was planned', (t) => {
  t.deepEqual(forecastOf(planState(), START + 9, customerio), { planned: START + 39, expected: START + 39, behind: 0 });
});

test('each day that did not pass puts the end a day off', (t) => {
  t.deepEqual(forecastOf(planState({ stage: 7 }), START + 9, customerio), {
    planned: START + 39,
    expected: START + 42,
    behind: 3,
  });
});

test('before the counts of yesterday are in, nothing is behind for that', (t) => {
  t.is(forecastOf(planState(), START + 10, customerio).behind, 0);
  t.is(forecastOf(planState(), START + 11, customerio).behind, 1, 'but a day earlier should have been judged');
});

test('while it is paused nobody can say an end, but how late it would be', (t) => {
  t.deepEqual(forecastOf(planState({ status: 'paused', stage: 8 }), START + 9, customerio), {
    planned: START + 39,
    expected: null,
    behind: 2,
  });
  t.deepEqual(capsAhead(planState({ status: 'paused' }), START + 9, customerio), []);
});

test('C-14: a plan with fewer stages than the least days is planned for the least days', (t) => {
  const short = { ...planState().plan, caps: caps.slice(0, 5), finishesOn: START + 4 };
  const at = planState({ plan: short, stage: 3, nextDay: START + 2 });
  t.deepEqual(forecastOf(at, START + 2, customerio), { planned: START + 29, expected: START + 29, behind: 0 });
});

test('what is ahead begins today at the stage in force and ends on the expected day with the target', (t) => {
  const at = planState({ stage: 7 });
  const ahead = capsAhead(at, START + 9, customerio);
  t.deepEqual(ahead[0], { day: START + 9, cap: 700 });
  t.deepEqual(ahead.at(-1), { day: START + 42, cap: 4_000 });
  t.is(ahead.length, 34);
});
