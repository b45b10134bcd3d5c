// The state of a warm-up, and what that allows today. Pure.
import type { Day } from '../day.ts';
import type { Pattern } from '../sending/pattern.ts';
import { allowedAt, type Climb, capOfStage } from './climb.ts';
import type { WarmupPlan } from './plan.ts';

export const warmupStatuses = ['planned', 'running', 'paused', 'complete', 'ended'] as const;
export type WarmupStatus = (typeof warmupStatuses)[number];

/** `progress`: a stage passes when its mail was delivered. `calendar`: with the date. */
export type Clock = 'progress' | 'calendar';

export type PlanState = Climb & {
  readonly status: WarmupStatus;
  readonly clock: Clock;
  readonly plan: WarmupPlan;
  /** How the domains that use the IP usually mail, this IP's part of it: as last learned, stated before that. */
  readonly pattern: Pattern;
  /** What is left of the stage's cap, in hundredths: less than 100 while weak signals or a hold last. */
  readonly capPercent: number;
  /** Messages a day to mailbox providers that defer mail, by the provider's key. */
  readonly slowed: Readonly<Record<string, number>>;
  /** Days in a row on which nothing went over the IP. */
  readonly idleDays: number;
  /** The first day that is not judged yet. */
  readonly nextDay: Day;
  /** Rates are of days from here on: no day before it is judged. */
  readonly judgedFrom: Day;
  /** Of a completed IP: messages that it carried on its busiest day lately. null: it never completed. */
  readonly warmedTo: number | null;
  /** It was warm before, so that the policy's least days (C-14) do not apply to this plan. */
  readonly isAgain: boolean;
  /** The day for which the plan was last made again, for the sender's mail or by staff; 0: it never was. */
  readonly remadeOn: Day;
};

export { capOfStage };

/** Messages that may go over the IP in a day now: 0 where none may; null where its plan limits it no more. */
export function capNow(state: PlanState): number | null {
  const { status, plan, stage, capPercent, carried } = state;
  if (status === 'complete') return null;
  if (status !== 'running') return 0;
  return Math.max(1, Math.floor((allowedAt(plan, stage, carried) * capPercent) / 100));
}

/**
 * S-20: messages that may go over the IP in an hour where its plan is by the hour: the stage's, whatever a day carried
 * before, so that mail of one hour a day climbs too. null: nothing limits hours.
 */
export function hourCapNow({ status, plan, stage, capPercent }: PlanState): number | null {
  if (!plan.byHour || status !== 'running') return null;
  return Math.max(1, Math.ceil((capOfStage(plan, stage) * capPercent) / 2_400));
}

/**
 * Messages that a completed IP carries in a day where a fallback can carry what is above that: twice what it is warmed
 * to, or its plan's first stage; its level's part while bad rates cut it. null: it is not complete, or its level is not known.
 */
export function warmLimit({ status, plan, warmedTo, capPercent }: PlanState): number | null {
  if (status !== 'complete' || warmedTo === null) return null;
  if (capPercent < 100) return Math.max(1, Math.floor((warmedTo * capPercent) / 100));
  return Math.max(2 * warmedTo, plan.caps[0] ?? 1);
}

/** The first day on which the plan may be complete. `minimumDays`: the policy's (C-14). */
export const leastDay = ({ plan, isAgain }: Pick<PlanState, 'plan' | 'isAgain'>, minimumDays: number): Day =>
  isAgain ? plan.startsOn : plan.startsOn + minimumDays - 1;

/** A plan's state as mails tell it: the stage of all, messages a day, the day on which it ends if every day passes (UTC). */
export type StateFacts = { stage: number; stages: number; cap: number; finishesOn: number };
