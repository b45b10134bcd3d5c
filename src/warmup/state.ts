// Where a warm-up stands, and what that allows today. Pure.
import type { Day } from '../day.ts';
import type { WarmupPlan } from './plan.ts';

export const warmupStatuses = ['planned', 'running', 'paused', 'complete'] as const;
export type WarmupStatus = (typeof warmupStatuses)[number];

/** `progress`: a stage passes when its mail was delivered. `calendar`: with the date. */
export type Clock = 'progress' | 'calendar';

export type PlanState = {
  readonly status: WarmupStatus;
  readonly clock: Clock;
  readonly plan: WarmupPlan;
  /** The stage in force, from 1. */
  readonly stage: number;
  /** What is left of the stage's cap, in hundredths: less than 100 while weak signals or a hold last. */
  readonly capPercent: number;
  /** Messages a day to mailbox providers that put mail off, by the provider's key. */
  readonly slowed: Readonly<Record<string, number>>;
  /** Days in a row on which nothing went over the IP. */
  readonly idleDays: number;
  /** The first day that is not judged yet. */
  readonly nextDay: Day;
  /** Rates are of days from here on: no day before it is judged. */
  readonly judgedFrom: Day;
  /** The first day on which the cap as it stands was in force; not given: it was all along. */
  readonly capSince?: Day;
};

/** Messages that stage `stage` (from 1) allows in a day, before anything is cut. */
export const capOfStage = ({ caps, targetPerDay }: WarmupPlan, stage: number): number =>
  caps[stage - 1] ?? targetPerDay;

/** Messages that may go over the IP in a day as things stand: 0 where none may; null where nothing limits it any more. */
export function capNow({ status, plan, stage, capPercent }: PlanState): number | null {
  if (status === 'complete') return null;
  if (status !== 'running') return 0;
  return Math.max(1, Math.floor((capOfStage(plan, stage) * capPercent) / 100));
}

/** The day on which the plan ends if every day from `today` on passes, and not before the policy's least days. */
export function expectedFinish({ status, plan, stage }: PlanState, today: Day, minimumDays: number): Day {
  const from = status === 'planned' ? plan.startsOn : Math.max(today, plan.startsOn);
  return Math.max(from + plan.caps.length - stage, plan.startsOn + minimumDays - 1);
}

/** A plan's state as mails tell it: the stage of all, messages a day, the day on which it ends if every day passes (UTC). */
export type StateFacts = { stage: number; stages: number; cap: number; finishesOn: number };

/** What mails tell of a plan on the day `today`; of a paused one, as it will be when it is resumed. */
export function stateFacts(state: PlanState, today: Day, minimumDays: number): StateFacts {
  const resumed = { ...state, status: 'running' as const };
  return {
    stage: state.stage,
    stages: state.plan.caps.length,
    cap: capNow(resumed) ?? state.plan.targetPerDay,
    finishesOn: expectedFinish(resumed, today, minimumDays),
  };
}
