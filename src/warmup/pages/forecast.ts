// When a warm-up ends: as planned, and as expected now. Pure.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { ahead, courseBy } from '../ahead.ts';
import { carriedToBegin, stageAtMost } from '../climb.ts';
import { daysAhead, expectedFinish } from '../forecast.ts';
import { atTheStart } from '../plan.ts';
import { capOfStage, leastDay, type PlanState } from '../state.ts';

export type Forecast = {
  readonly planned: Day;
  /** null: paused, so that nobody can say. For a complete one the day on which it was planned. */
  readonly expected: Day | null;
  /** Days after the plan; 0 where it is kept. While it is paused: if it went on today. */
  readonly behind: number;
};

type Rules = Pick<Policy, 'warmup' | 'schedules'>;
type DayCap = { readonly day: Day; readonly cap: number };

/** Before the day's counts are in, yesterday may not be judged; longer than that nothing is expected to stand still. */
const firstOpenDay = ({ nextDay }: PlanState, today: Day): Day => Math.max(nextDay, today - 1);

/** How far a warm-up is from its plan on the day `today` (C-14: not before the policy's least days). */
export function forecastOf(state: PlanState, today: Day, policy: Rules): Forecast {
  const { plan, status } = state;
  const planned = Math.max(plan.finishesOn, plan.startsOn + policy.warmup.minimumDays.value - 1);
  if (status === 'complete' || status === 'ended') return { planned, expected: planned, behind: 0 };
  const expected = expectedFinish(state, firstOpenDay(state, today), policy);
  return { planned, expected: status === 'paused' ? null : expected, behind: Math.max(0, expected - planned) };
}

/**
 * What each day from `today` on would allow if mail comes as usual, with good rates, up to the expected finish; none while
 * it is paused. A day without mail passes no stage, so days and stages differ.
 */
export function capsAhead(state: PlanState, today: Day, policy: Rules): DayCap[] {
  const { status, plan, clock } = state;
  if (status !== 'planned' && status !== 'running') return [];
  const from = status === 'planned' ? plan.startsOn : Math.max(firstOpenDay(state, today), plan.startsOn);
  const days = clock === 'calendar' ? byDate(state, from, policy) : daysAhead(state, from, policy).days;
  return days.filter(({ day }) => day >= today).map(({ day, cap }) => ({ day, cap }));
}

/** What each day of a plan was to allow, from its first day on, as its sender usually mails. Messages a day. */
export const plannedCaps = (state: PlanState, policy: Rules): number[] =>
  plannedFrom({ ...state, ...atTheStart(state.plan.startsOn) }, state.plan.startsOn, policy);

/** What each day from the one on which a plan was moved in was to allow. `perDay`: messages that it carried a day then. */
export function plannedSince(
  state: PlanState,
  { on, perDay }: { readonly on: Day; readonly perDay: number },
  policy: Rules,
): number[] {
  const stage = stageAtMost(state.plan, perDay);
  const carried = stage === 1 ? 0 : carriedToBegin(state.plan, stage);
  return plannedFrom({ ...state, ...atTheStart(on), stage, carried }, on, policy);
}

/** Its stages as they are: what lies ahead of it follows its sender, what was planned does not. */
function plannedFrom(state: PlanState, from: Day, policy: Rules): number[] {
  const { plan, clock, pattern } = state;
  const least = leastDay(state, policy.warmup.minimumDays.value);
  const days =
    clock === 'calendar'
      ? byDate(state, from, policy)
      : ahead(state, plan, pattern, { ...courseBy(policy), from, least }).days;
  return days.map(({ cap }) => cap);
}

function byDate(state: PlanState, from: Day, { warmup }: Rules): DayCap[] {
  const { plan, stage } = state;
  const last = Math.max(from + plan.caps.length - stage, leastDay(state, warmup.minimumDays.value));
  return Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => ({
    day: from + i,
    cap: capOfStage(plan, stage + i),
  }));
}
