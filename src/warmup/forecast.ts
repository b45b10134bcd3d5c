// When a plan ends if mail comes as it usually does: the same for pages, mails, the API and a plan that is made again. Pure.
import type { Day } from '../day.ts';
import type { Policy } from '../policy/document/policy.ts';
import { type Ahead, ahead, courseBy } from './ahead.ts';
import type { Climb, Stages } from './climb.ts';
import { followMail } from './daily/follow-sender.ts';
import { capNow, leastDay, type PlanState, type StateFacts } from './state.ts';

type Rules = Pick<Policy, 'warmup' | 'schedules'>;

/**
 * The days of a plan from `from` on. It follows its sender as the daily evaluation will have it: cut where there is no
 * more mail, made again for its rhythm, raised.
 */
export function daysAhead(state: PlanState, from: Day, policy: Rules): Ahead {
  const { plan, pattern } = state;
  const least = leastDay(state, policy.warmup.minimumDays.value);
  let { remadeOn } = state;
  const follow = (climb: Climb, stages: Stages, day: Day): Stages | null => {
    const followed = followMail({ ...state, ...climb, plan: { ...plan, ...stages }, remadeOn }, day, policy);
    if (followed === null) return null;
    remadeOn = day;
    return { caps: followed.state.plan.caps, targetPerDay: followed.state.plan.targetPerDay };
  };
  return ahead(state, plan, pattern, { ...courseBy(policy), from, least, follow });
}

/** The day on which the plan ends if mail comes as usual from `today` on, with good rates. */
export function expectedFinish(state: PlanState, today: Day, policy: Rules): Day {
  const { status, clock, plan, stage } = state;
  const from = status === 'planned' ? plan.startsOn : Math.max(today, plan.startsOn);
  if (clock !== 'calendar') return daysAhead(state, from, policy).finishesOn;
  return Math.max(from + plan.caps.length - stage, leastDay(state, policy.warmup.minimumDays.value));
}

/** What mails tell of a plan on the day `today`; of a paused one, as it will be when it is resumed. */
export function stateFacts(state: PlanState, today: Day, policy: Rules): StateFacts {
  const resumed = { ...state, status: 'running' as const };
  return {
    stage: state.stage,
    stages: state.plan.caps.length,
    cap: capNow(resumed) ?? state.plan.targetPerDay,
    finishesOn: expectedFinish(resumed, today, policy),
  };
}
