// When a warm-up ends: as planned, and as expected now. Pure.
import type { Day } from '../../day.ts';
import { carriedToBegin, stageAtMost } from '../climb.ts';
import { ahead } from '../forecast.ts';
import { atTheStart } from '../plan.ts';
import { capOfStage, expectedFinish, leastDay, type PlanState } from '../state.ts';

export type Forecast = {
  readonly planned: Day;
  /** null: paused, so that nobody can say. For a complete one the day on which it was planned. */
  readonly expected: Day | null;
  /** Days after the plan; 0 where it is kept. While it is paused: if it went on today. */
  readonly behind: number;
};

/** Before the day's counts are in, yesterday may not be judged; longer than that nothing is expected to stand still. */
const firstOpenDay = ({ nextDay }: PlanState, today: Day): Day => Math.max(nextDay, today - 1);

/** How far a warm-up is from its plan on the day `today` (C-14: not before the policy's least days). */
export function forecastOf(state: PlanState, today: Day, minimumDays: number): Forecast {
  const { plan, status } = state;
  const planned = Math.max(plan.finishesOn, plan.startsOn + minimumDays - 1);
  if (status === 'complete') return { planned, expected: planned, behind: 0 };
  const expected = expectedFinish(state, firstOpenDay(state, today), minimumDays);
  return { planned, expected: status === 'paused' ? null : expected, behind: Math.max(0, expected - planned) };
}

/**
 * What each day from `today` on would allow if mail comes as usual, with good rates, up to the expected finish; none while
 * it is paused. A day without mail passes no stage, so days and stages differ.
 */
export function capsAhead(state: PlanState, today: Day, minimumDays: number): { day: Day; cap: number }[] {
  const { status, plan, stage } = state;
  if (status === 'complete' || status === 'paused') return [];
  const from = status === 'planned' ? plan.startsOn : Math.max(firstOpenDay(state, today), plan.startsOn);
  return daysOf(state, stage, { from, least: leastDay(state, minimumDays) }).filter(({ day }) => day >= today);
}

/** What each day of a plan was to allow, from its first day on, as its sender usually mails. Messages a day. */
export function plannedCaps(state: PlanState, minimumDays: number): number[] {
  const start = { ...state, ...atTheStart(state.plan.startsOn) };
  const span = { from: state.plan.startsOn, least: leastDay(state, minimumDays) };
  return daysOf(start, 1, span).map(({ cap }) => cap);
}

/** What each day from the one on which a plan was moved in was to allow. `perDay`: messages that it carried a day then. */
export function plannedSince(
  state: PlanState,
  { on, perDay }: { readonly on: Day; readonly perDay: number },
  minimumDays: number,
): number[] {
  const stage = stageAtMost(state.plan, perDay);
  const climb = { ...atTheStart(on), stage, carried: stage === 1 ? 0 : carriedToBegin(state.plan, stage) };
  return daysOf({ ...state, ...climb }, stage, { from: on, least: leastDay(state, minimumDays) }).map(({ cap }) => cap);
}

type Span = { readonly from: Day; readonly least: Day };

function daysOf(state: PlanState, stage: number, span: Span): { day: Day; cap: number }[] {
  const { clock, plan, pattern } = state;
  if (clock !== 'calendar') return ahead(state, plan, pattern, span).days.map(({ day, cap }) => ({ day, cap }));
  const last = Math.max(span.from + plan.caps.length - stage, span.least);
  return Array.from({ length: Math.max(0, last - span.from + 1) }, (_, i) => ({
    day: span.from + i,
    cap: capOfStage(plan, stage + i),
  }));
}
