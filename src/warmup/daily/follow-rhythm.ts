// A plan follows its sender's rhythm: stages that were made for more sending days than mail comes on are made again. Pure.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Pattern } from '../../sending/pattern.ts';
import { daysInWords, sendingDays } from '../../sending/pattern-wording.ts';
import { counted } from '../../wording.ts';
import { capOfStage, patience, rising } from '../climb.ts';
import { daysFor, type Growth, growFor } from '../plan.ts';
import type { PlanState } from '../state.ts';

/** Clearly fewer: at most this part of the stages that lie ahead, and at least two fewer. Own choice: a day of six. */
const CLEARLY = 5 / 6;
const LEAST_FEWER = 2;

/**
 * The plan with the stages that lie ahead made again, where they are clearly more than a plan for the measured rhythm
 * would have above the stage in force; null where they are not, and for two periods after they were made again. They
 * double at most, and rise to the measured busiest day. Tables and the calendar do not wait for sending days.
 */
export function followRhythm(
  state: PlanState,
  day: Day,
  { schedules, warmup }: Pick<Policy, 'schedules' | 'warmup'>,
): { state: PlanState; sentence: string } | null {
  const { plan, pattern, stage, clock, remadeOn } = state;
  const schedule = schedules[plan.schedule];
  if (schedule?.kind !== 'growth' || clock !== 'progress' || pattern.basis !== 'measured') return null;
  const left = plan.caps.length - stage;
  const most = Math.min(left * CLEARLY, left - LEAST_FEWER);
  if (day - remadeOn < patience(pattern.period) || roughlyAhead(schedule, state) > most) return null;
  const level = capOfStage(plan, stage);
  const { busiest } = pattern;
  const asked = growFor({ schedule, passedShare: warmup.passedShare.value }, pattern, day + 1, busiest).filter(
    (cap) => cap > level,
  ).length;
  const count = Math.max(asked, Math.ceil(Math.log2(busiest / level) - 1e-9));
  if (count > most) return null;
  const caps = [...plan.caps.slice(0, stage), ...rising(level, busiest, count).slice(1)];
  return {
    state: { ...state, plan: { ...plan, caps, targetPerDay: busiest }, remadeOn: day },
    sentence: `Mail goes out ${daysInWords(pattern)}, on fewer days than the plan was made for: ${counted(count, 'more stage')} instead of ${left}, up to ${counted(busiest, 'message')} on the busiest day.`,
  };
}

/** About how many stages a plan for the measured rhythm has above the one in force, without a forecast of each. */
function roughlyAhead(schedule: Growth, { plan, pattern, stage }: PlanState): number {
  const days = daysEachWeek(pattern);
  const level = capOfStage(plan, stage);
  if (days >= 7 || pattern.busiest <= level) return Number.POSITIVE_INFINITY;
  // Of the volume that the plan was made for: more mail alone is not another rhythm.
  const weekly = Math.min(pattern.weekly, plan.targetPerDay * days);
  const stages = Math.max(schedule.leastStages.value, (daysFor(schedule, weekly) * days) / 7);
  const first = plan.caps[0] ?? level;
  return ((stages - 1) * Math.log(pattern.busiest / level)) / Math.log(pattern.busiest / first);
}

const daysEachWeek = (pattern: Pattern): number =>
  pattern.kind === 'mailings' ? 7 / pattern.period : sendingDays(pattern.usual, pattern.busiest);
