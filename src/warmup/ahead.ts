// The days that lie ahead of a plan if mail comes as it usually does: the climb itself, day by day. Pure.
import { type Day, startOfDay } from '../day.ts';
import type { Policy } from '../policy/document/policy.ts';
import { expectedMailOn, type Pattern, usualMailOn } from '../sending/pattern.ts';
import {
  allowedAt,
  type Climb,
  climbDay,
  cutTo,
  type DayWhole,
  isClimbed,
  mayBeCut,
  patience,
  realBusiest,
  type Stages,
} from './climb.ts';
import { carriedOf } from './share.ts';

/** Days after which a forecast gives up: no pattern takes that long. */
const MOST_DAYS = 3_000;
/** A sender with a weekday below this part of the busiest one does not mail every day. */
const TRICKLE = 1 / 20;

/** A mailing comes so many days before or after the day that its period says. */
const UNSURE_DAYS = 3;

/** A day that lies ahead: what may go over the IP, and what is expected to. */
export type AheadDay = { readonly day: Day; readonly stage: number; readonly cap: number; readonly over: number };

export type Ahead = { readonly days: readonly AheadDay[]; readonly finishesOn: Day };

export type Course = {
  /** The first day that lies ahead, and the first on which the plan may be complete. */
  readonly from: Day;
  readonly least: Day;
  /** Share of a stage's volume with which it passes. */
  readonly passedShare: number;
  /** Days of the year (`12-25`) on which those rest who do not mail every day. */
  readonly restDays?: readonly string[];
  /** Whether the plan is still to begin, so that a mailing that is due about then may come before it. */
  readonly isToBegin?: boolean;
  /** The stages as the sender's rhythm has them after a day; null: as they are. */
  readonly follow?: (climb: Climb, stages: Stages, day: Day) => Stages | null;
};

/** What a forecast goes by that the policy says. */
export const courseBy = ({ warmup }: Pick<Policy, 'warmup'>) => ({
  passedShare: warmup.passedShare.value,
  restDays: warmup.restDays.value,
});

const dateOf = (day: Day): string => new Date(startOfDay(day)).toISOString().slice(5, 10);

/** Whether `day` is one of the rest days for a sender who usually mails on it, but not on every day. */
export function restsOn(pattern: Pattern, day: Day, restDays: readonly string[]): boolean {
  if (pattern.kind !== 'weekdays' || pattern.usual.every((sent) => sent >= pattern.busiest * TRICKLE)) return false;
  return usualMailOn(pattern, day, day) > 0 && restDays.includes(dateOf(day));
}

/** Messages that `day` is forecast to bring, looking ahead from `from`: what is usual, and none on a day of rest. */
export const mailAheadOn = (
  pattern: Pattern,
  day: Day,
  { from, restDays = [], isToBegin = false }: Pick<Course, 'from' | 'restDays' | 'isToBegin'>,
): number =>
  restsOn(pattern, day, restDays) || (isToBegin && mayComeBefore(pattern, day - from))
    ? 0
    : usualMailOn(pattern, day, from);

/** A statement on the eighth comes every 30.4 days, so it may be over on the ninth. What is known by its weeks is exact. */
const mayComeBefore = (pattern: Pattern, daysAfter: number): boolean =>
  pattern.kind === 'mailings' && pattern.last !== null && pattern.period % 7 !== 0 && daysAfter < UNSURE_DAYS;

/**
 * The days of a plan from `from` on until it is complete, not before the day `least`, with mail by its pattern and good
 * rates. The plan follows its sender as the daily evaluation has it: it is cut where there is no more mail.
 */
export function ahead(climb: Climb, plan: Stages, pattern: Pattern, course: Course): Ahead {
  const { from, least, passedShare, follow } = course;
  let at = climb;
  let stages = plan;
  const days: AheadDay[] = [];
  const lately: DayWhole[] = [];
  const needed = patience(pattern.period);
  for (let day = from; day < from + MOST_DAYS; day += 1) {
    const all = mailAheadOn(pattern, day, course);
    const cap = allowedAt(stages, at.stage, at.carried);
    const over = carriedOf(cap, expectedMailOn(pattern, day), all);
    days.push({ day, stage: at.stage, cap, over });
    lately.push({ day, over, all });
    stages = follow?.(at, stages, day) ?? stages;
    if (all > 0) at = climbDay(at, stages, { day, over, all, delivered: over, cap }, passedShare);
    if (isClimbed(at, stages) && day >= least) return { days, finishesOn: day };
    if (!mayBeCut(at, day, pattern.period)) continue;
    const busiest = realBusiest(lately.slice(-needed), stages);
    if (busiest === null) continue;
    stages = cutTo(stages, busiest);
    at = { ...at, stage: Math.min(at.stage, stages.caps.length) };
    if (at.stage === stages.caps.length) at = { ...at, progress: busiest };
    if (isClimbed(at, stages) && day >= least) return { days, finishesOn: day };
  }
  return { days, finishesOn: from + MOST_DAYS };
}
