import test from 'ava';
import { type MarkedDay, markDays, runsOf, type WarmupDay } from '../../src/warmup/pages/days.ts';

const START = 20_780;
const plan = {
  schedule: 'growth',
  targetPerDay: 400,
  startsOn: START,
  finishesOn: START + 3,
  caps: [100, 200, 300, 400],
};
const LEAST = 30;

const day = (nth: number, change: Partial<WarmupDay> = {}): WarmupDay => ({
  day: START + nth,
  stage: 2,
  stageCap: 200,
  cap: 200,
  sent: 200,
  delivered: 199,
  verdict: 'hold',
  why: `why of day ${nth}`,
  ...change,
});
const marksOf = (...days: WarmupDay[]) => markDays(days, plan, LEAST).map(({ mark }) => mark);

test('a day that passes and the one that completes the plan passed', (t) => {
  t.deepEqual(marksOf(day(0, { verdict: 'advance' }), day(1, { verdict: 'complete' })), ['passed', 'passed']);
});

test('a day on hold is told from one with a cut cap, without mail, paused, or cold', (t) => {
  t.deepEqual(marksOf(day(0)), ['on-hold']);
  t.deepEqual(marksOf(day(0, { verdict: 'not-yet' })), ['partly'], 'its mail adds to the stage');
  t.deepEqual(marksOf(day(0, { cap: 100, sent: 100 })), ['cut']);
  t.deepEqual(marksOf(day(0, { sent: 0, delivered: 0 })), ['idle']);
  t.deepEqual(marksOf(day(0, { verdict: 'pause' })), ['paused']);
  t.deepEqual(marksOf(day(0, { cap: 0, sent: 0, delivered: 0 })), ['paused']);
  t.deepEqual(marksOf(day(0, { verdict: 'step-back', sent: 0, delivered: 0 })), ['cold']);
});

test('C-14: at the last stage a day waits for the least days, up to and including the day before the last of them', (t) => {
  const last = { stage: 4, stageCap: 400, cap: 400, sent: 400, delivered: 399 };
  t.deepEqual(marksOf(day(LEAST - 2, last)), ['full']);
  t.deepEqual(marksOf(day(LEAST - 1, last)), ['on-hold']);
});

test('R-09: a stage lower than the day before was set back by somebody, unless the plan did so itself', (t) => {
  t.deepEqual(marksOf(day(0, { stage: 3, cap: 300, verdict: 'advance' }), day(1, { verdict: 'advance' })), [
    'passed',
    'set-back',
  ]);
  t.deepEqual(marksOf(day(0, { stage: 3, cap: 300, verdict: 'pause' }), day(1, { cap: 0, sent: 0, delivered: 0 })), [
    'paused',
    'paused',
  ]);
  t.deepEqual(
    marksOf(day(0, { stage: 3, verdict: 'step-back', sent: 0 }), day(1, { stage: 1, stageCap: 100, cap: 100 })),
    ['cold', 'on-hold'],
  );
});

const marked = (...marks: MarkedDay['mark'][]): MarkedDay[] => marks.map((mark, nth) => ({ ...day(nth), mark }));

test('days in a row with the same mark are one run; days that passed are none', (t) => {
  const runs = runsOf(marked('passed', 'on-hold', 'on-hold', 'passed', 'on-hold', 'idle'));
  t.deepEqual(
    runs.map(({ mark, from, to }) => [mark, from - START, to - START]),
    [
      ['on-hold', 1, 2],
      ['on-hold', 4, 4],
      ['idle', 5, 5],
    ],
  );
});

test('a run of days on hold says why on its last day, a pause on its first', (t) => {
  t.is(runsOf(marked('on-hold', 'on-hold'))[0]?.why, 'why of day 1');
  t.is(runsOf(marked('paused', 'paused', 'paused'))[0]?.why, 'why of day 0');
});

test('a day that nobody judged ends a run', (t) => {
  const [first, , third] = marked('on-hold', 'on-hold', 'on-hold');
  t.is(runsOf([first, third] as MarkedDay[]).length, 2);
});
