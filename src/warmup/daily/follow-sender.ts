// A plan follows its sender: cut to what there is, made again for its rhythm, raised to what there is now. Pure.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { counted, grouped } from '../../wording.ts';
import { cutTo, mayBeCut, patience, raiseTo, realBusiest } from '../climb.ts';
import type { PlanState } from '../state.ts';
import type { DayFacts } from './day-facts.ts';
import { followRhythm } from './follow-rhythm.ts';

/** Mail beyond this many times the target raises it. */
const RAISED_FROM = 2;

/**
 * How many days up to `day` a plan has to be told the whole mail of its IP's domains for: 1 at the last stage, more where
 * it may be cut; 0 where judging it takes none.
 */
export function asksForWhole(state: Pick<PlanState, 'plan' | 'stage' | 'limitedOn' | 'pattern'>, day: Day): number {
  const { period } = state.pattern;
  if (mayBeCut(state as PlanState, day, period)) return patience(period);
  return state.stage >= state.plan.caps.length ? 1 : 0;
}

type Rules = Pick<Policy, 'warmup' | 'schedules'>;
export type Followed = { readonly state: PlanState; readonly sentence: string };

/** The plan as the sender's mail has it after a day, with a sentence where that is another one. */
export const followSender = (state: PlanState, facts: DayFacts, policy: Rules): Followed =>
  cut(state, facts) ?? followMail(state, facts.day, policy) ?? { state, sentence: '' };

/** The plan as the mail that is usual has it on a day, whatever the IP carried; null: as it is. */
export const followMail = (state: PlanState, day: Day, policy: Rules): Followed | null =>
  followRhythm(state, day, policy) ?? raised(state, day);

/** Where the IP carried all there was, there is no use in waiting for more. */
function cut(state: PlanState, { day, whole }: DayFacts): Followed | null {
  const { plan, pattern } = state;
  if (whole === undefined || !mayBeCut(state, day, pattern.period)) return null;
  const busiest = realBusiest(whole, plan);
  if (busiest === null) return null;
  const stages = cutTo(plan, busiest);
  const stage = Math.min(state.stage, stages.caps.length);
  const isLast = stage === stages.caps.length;
  const sentence = `For ${counted(patience(pattern.period), 'day')} the IP has carried all there was, ${grouped(busiest)} messages on the busiest day: the plan ends there instead of at ${grouped(plan.targetPerDay)}.`;
  return {
    state: {
      ...state,
      plan: { ...plan, ...stages },
      stage,
      progress: isLast ? busiest : state.progress,
      limitedOn: day,
      remadeOn: day,
    },
    sentence,
  };
}

/** Not for two periods after the plan was made again: medians of weeks still tell of the mail before a cut. */
function raised(state: PlanState, day: Day): Followed | null {
  const { plan, pattern, stage, remadeOn } = state;
  const busiest = Math.max(pattern.busiest, ...pattern.expected);
  if (pattern.basis !== 'measured' || busiest <= RAISED_FROM * plan.targetPerDay) return null;
  if (day - remadeOn < patience(pattern.period)) return null;
  const sentence = `A usual busiest day brings ${counted(busiest, 'message')} now, more than twice the plan’s ${grouped(plan.targetPerDay)}: the plan goes on to that.`;
  return { state: { ...state, plan: { ...plan, ...raiseTo(plan, stage, busiest) }, remadeOn: day }, sentence };
}
