// Whether a plan stands still, and what would get it going again. Pure.
import type { Day } from '../../day.ts';
import { counted, grouped } from '../../wording.ts';
import { isClimbed, patience } from '../climb.ts';
import { capNow, type PlanState } from '../state.ts';

export type Still = { readonly why: string; readonly help: string };

/**
 * Why a plan has been at its stage for two periods of its sender (two weeks at least) after `day`, whose sentence is
 * `why`, and what would help; null where it has not, or where only the least days are awaited.
 */
export function standsStill(state: PlanState, day: Day, why: string): Still | null {
  if (!hasStood(state, day) || isClimbed(state, state.plan)) return null;
  const days = `For ${counted(day - state.stageSince + 1, 'day')} the plan has been at stage ${state.stage} of ${state.plan.caps.length}.`;
  return { why: `${days} ${why}`, help: helpFor(state, day) };
}

/** Whether the stage in force has been for two periods or more up to and with `day`. */
export const hasStood = ({ status, stageSince, pattern }: PlanState, day: Day): boolean =>
  (status === 'running' || status === 'paused') && day - stageSince + 1 >= patience(pattern.period);

function helpFor(state: PlanState, day: Day): string {
  if (state.status === 'paused') return 'Our staff have to look at it and resume it.';
  if (state.capPercent < 100)
    return 'Clean mail ends the hold: write to those who asked for it and were there lately, and take out addresses that bounced.';
  if (state.idleDays > 0 && day - state.stageSince + 1 <= state.idleDays)
    return 'No mail reached the IP. Check whether its domains are sending, and whether the mail servers ask Warmdesk for the route.';
  const cap = capNow({ ...state, status: 'running' }) ?? state.plan.targetPerDay;
  return `A sending day of ${grouped(cap)} messages would pass the stage. Where there is not so much mail, staff can plan the warm-up again for what there is.`;
}
