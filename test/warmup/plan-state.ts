// Plans and days for tests of the day's step.
import { type Counts, NOTHING, sumOf } from '../../src/sending/counts.ts';
import { evenPattern } from '../../src/sending/pattern.ts';
import type { DayFacts } from '../../src/warmup/daily/day-facts.ts';
import { type Evaluation, nextOf } from '../../src/warmup/daily/evaluation.ts';
import { evaluateDay } from '../../src/warmup/daily/judge.ts';
import type { PlanState } from '../../src/warmup/state.ts';
import { customerio } from '../policy/facts.ts';

/** Monday, 23 November 2026. */
export const monday = 20_780;

const CAPS = [1_000, 2_000, 4_000, 8_000, 10_000];

/** A plan of five stages that runs, at its second. */
export const planState = (change: Partial<PlanState> = {}): PlanState => ({
  status: 'running',
  clock: 'progress',
  plan: { schedule: 'growth', targetPerDay: 10_000, startsOn: monday, finishesOn: monday + 4, caps: CAPS },
  stage: 2,
  capPercent: 100,
  slowed: {},
  idleDays: 0,
  nextDay: monday + 1,
  judgedFrom: monday,
  pattern: evenPattern(70_000, 'measured'),
  progress: 0,
  // As if every stage before had been carried whole.
  carried: CAPS[(change.stage ?? 2) - 2] ?? 0,
  stageSince: monday + 1,
  limitedOn: monday,
  warmedTo: null,
  isAgain: false,
  remadeOn: 0,
  ...change,
});

/** Some mail: delivered where it did not bounce. */
export const mail = (sent: number, change: Partial<Counts> = {}): Counts => ({
  ...NOTHING,
  sent,
  delivered: sent - (change.bounced ?? 0),
  ...change,
});

/** A day on which all that is judged happened. */
export const day = (
  counts: Readonly<Record<string, Counts>>,
  window: DayFacts['window'] = counts,
  on = monday + 1,
): DayFacts => ({ day: on, counts, window });

export const judged = (at: PlanState, facts: DayFacts, policy = customerio): Evaluation =>
  evaluateDay(at, facts, policy);

/** Where a plan stands after a step. */
export const after = (at: PlanState, step: Evaluation): PlanState => ({
  ...at,
  ...nextOf(step),
  nextDay: at.nextDay + 1,
  status: step.verdict === 'pause' ? 'paused' : step.verdict === 'complete' ? 'complete' : at.status,
});

type Walked = { readonly at: PlanState; readonly facts: DayFacts; readonly step: Evaluation };

/** Judges one day after the other, with the window that the policy looks at. */
export function walk(at: PlanState, days: readonly Counts[], policy = customerio): Walked[] {
  const steps: Walked[] = [];
  let now = at;
  for (const [index, counts] of days.entries()) {
    if (now.status === 'complete') break;
    const from = Math.max(0, index - policy.warmup.brakes.windowDays.value + 1, now.judgedFrom - at.nextDay);
    const window = { '': sumOf(days.slice(from, index + 1)) };
    const facts = { day: now.nextDay, counts: { gmail: counts }, window };
    const step = evaluateDay(now, facts, policy);
    steps.push({ at: now, facts, step });
    now = after(now, step);
  }
  return steps;
}
