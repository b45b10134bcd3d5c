// The plan of an IP that an account had before Warmdesk came: it goes on where it is. Pure.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { statedPattern } from '../../sending/pattern.ts';
import { carriedToBegin } from '../climb.ts';
import { expectedFinish } from '../forecast.ts';
import { atTheStart, planWarmup } from '../plan.ts';
import type { PlanState } from '../state.ts';

/** How warm an IP is. Messages a day; for an active one `target` is the same. `since`: the first day of its warm-up, or of its use. */
export type Warmth = {
  readonly state: 'active' | 'warming';
  readonly perDay: number;
  readonly target: number;
  readonly since: Day;
};

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

/**
 * The plan that an IP goes on with from `today` on, by the policy's schedule. An active one is complete and warmed to what
 * it carries; the stages below it are kept, for the case that it goes cold. A warming one is at the stage of what it
 * carries, which is put among the schedule's where it is not one of them, so that its mail neither jumps nor falls.
 */
export function movedIn(policy: Policy, { state, perDay, target, since }: Warmth, today: Day): PlanState {
  const pattern = statedPattern({ busiest: target, weekdays: EVERY_DAY });
  const { schedule, caps: planned, byHour = false } = planWarmup(policy, pattern, since);
  const base = {
    clock: policy.warmup.clock.value,
    pattern,
    capPercent: 100,
    slowed: {},
    idleDays: 0,
    nextDay: today,
    judgedFrom: since,
    isAgain: false,
    remadeOn: 0,
  };
  if (state === 'active') {
    const plan = { schedule, targetPerDay: target, startsOn: since, finishesOn: since, caps: planned, byHour };
    const climb = { ...atTheStart(since), stage: planned.length, progress: target, carried: perDay };
    return { ...base, ...climb, status: 'complete', plan, warmedTo: perDay };
  }
  const caps = planned.includes(perDay) ? planned : [...planned, perDay].sort((one, other) => one - other);
  const stage = caps.lastIndexOf(perDay) + 1;
  const stages = { caps, targetPerDay: target };
  const climb = { ...atTheStart(today), stage, carried: stage === 1 ? 0 : carriedToBegin(stages, stage) };
  const plan = { ...stages, schedule, startsOn: since, finishesOn: today, byHour };
  const moved: PlanState = { ...base, ...climb, status: 'running', plan, warmedTo: null };
  return { ...moved, plan: { ...plan, finishesOn: expectedFinish(moved, today, policy) } };
}
