// How many stages are left when a plan that was made for mail on every day meets mail on fewer days.
import test from 'ava';
import { evenPattern, weeklyPattern } from '../../src/sending/pattern.ts';
import { followRhythm } from '../../src/warmup/daily/follow-rhythm.ts';
import { planWarmup } from '../../src/warmup/plan.ts';
import { customerio } from '../policy/facts.ts';
import { monday, planState } from './plan-state.ts';

type Case = {
  /** Messages a week for which the plan was made, and those that come, on the first days of each week. */
  readonly weekly: number;
  readonly comes: number;
  readonly days: number;
  readonly stage: number;
  /** Stages above that one afterwards; null: the plan is left alone. */
  readonly left: number | null;
};

const CASES: readonly Case[] = [
  { weekly: 20_000, comes: 10_000, days: 1, stage: 1, left: 8 },
  { weekly: 140_000, comes: 140_000, days: 4, stage: 30, left: 8 },
  { weekly: 20_000, comes: 20_000, days: 1, stage: 39, left: null },
  { weekly: 20_000, comes: 20_000, days: 5, stage: 24, left: null },
  { weekly: 20_000, comes: 10_000, days: 5, stage: 42, left: null },
  { weekly: 20_000, comes: 10_000, days: 7, stage: 18, left: null },
  // Its busiest day is the stage in force.
  { weekly: 2_000, comes: 200, days: 1, stage: 1, left: null },
  { weekly: 2_000, comes: 510, days: 1, stage: 31, left: 6 },
  { weekly: 7_000, comes: 70_000, days: 5, stage: 11, left: null },
  // Eight times the stage in force: three doublings.
  { weekly: 140_000, comes: 62_208, days: 1, stage: 32, left: 3 },
];

for (const { weekly, comes, days, stage, left } of CASES) {
  const what = left === null ? 'is left alone' : `has ${left} more`;
  test(`at stage ${stage} of a plan for ${weekly} a week, where ${comes} come on ${days} of seven days, it ${what}`, (t) => {
    const plan = planWarmup(customerio, evenPattern(weekly, 'measured'), monday);
    const week = Array.from({ length: 7 }, (_, day) => (day < days ? Math.round(comes / days) : 0));
    const state = planState({ plan, pattern: weeklyPattern(week, 'measured'), stage, remadeOn: 0 });
    const followed = followRhythm(state, monday + 140, customerio);
    t.is(followed && followed.state.plan.caps.length - stage, left);
  });
}

test('a plan by a schedule that the policy no longer has is left alone', (t) => {
  const { plan, ...state } = planState({ pattern: weeklyPattern([70_000, 0, 0, 0, 0, 0, 0], 'measured') });
  const gone = { ...state, plan: { ...plan, schedule: 'gone' } };
  t.is(followRhythm(gone, monday + 140, customerio), null);
});
