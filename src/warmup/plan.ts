import type { Day } from '../day.ts';
import type { Policy } from '../policy/document/policy.ts';
import type { Schedule } from '../policy/document/schedule.ts';
import type { Pattern } from '../sending/pattern.ts';
import { ahead, courseBy } from './ahead.ts';
import { type Climb, rising } from './climb.ts';

/** What a new IP may send on each sending day until it carries its full volume. */
export type WarmupPlan = {
  /** The schedule's name in the policy. */
  readonly schedule: string;
  /** Messages on the busiest usual day. */
  readonly targetPerDay: number;
  readonly startsOn: Day;
  /** The day on which it is forecast to be complete, as the sender usually mails. */
  readonly finishesOn: Day;
  /** Messages a day, by stage: a stage is a sending day. Never falls; the last is the target. */
  readonly caps: readonly number[];
  /** S-20: an hour carries no more than a 24th of its day's stage: 20 in the first hour, not 480 at once. */
  readonly byHour?: boolean;
};

/** A plan for a sender, with what it was made from. */
export type PlannedWarmup = WarmupPlan & {
  /** How the sender mails; this IP's part of it. */
  readonly pattern: Pattern;
  /** Messages that each day may carry, from the first day to the last, if mail comes as usual. */
  readonly daily: readonly number[];
};

/** Where every plan begins. */
export const atTheStart = (startsOn: Day): Climb => ({
  stage: 1,
  progress: 0,
  carried: 0,
  stageSince: startsOn,
  limitedOn: startsOn - 1,
});

/**
 * Plans the warm-up of one IP whose mail comes by `pattern` (its part, where several IPs share it), by the policy's
 * schedule. S-20: messages a day rise over a set period. C-14: on a growth schedule more volume of one pattern never
 * takes longer, for measured senders. A table is climbed as printed, as far as the volume needs.
 */
export function planWarmup(policy: Policy, pattern: Pattern, startsOn: Day): PlannedWarmup {
  const name = policy.warmup.schedule;
  const schedule = policy.schedules[name];
  if (!schedule) throw new Error(`The policy ${policy.name} names a schedule that it does not have: ${name}`);
  const targetPerDay = Math.max(1, pattern.busiest);
  const caps =
    schedule.kind === 'table'
      ? climbTable(schedule, targetPerDay)
      : growFor({ schedule, passedShare: policy.warmup.passedShare.value }, pattern, startsOn, targetPerDay);
  const byHour = schedule.kind === 'table' && schedule.per === 'hour';
  const plan = { schedule: name, targetPerDay, startsOn, caps, byHour, pattern };
  const least = startsOn + policy.warmup.minimumDays.value - 1;
  if (policy.warmup.clock.value === 'calendar') {
    const finishesOn = Math.max(startsOn + caps.length - 1, least);
    const daily = Array.from({ length: finishesOn - startsOn + 1 }, (_, i) => caps[i] ?? targetPerDay);
    return { ...plan, finishesOn, daily };
  }
  const { days, finishesOn } = ahead(atTheStart(startsOn), plan, pattern, {
    ...courseBy(policy),
    isToBegin: true,
    from: startsOn,
    least,
  });
  return { ...plan, finishesOn, daily: days.map(({ cap }) => cap) };
}

/**
 * The fewest stages whose forecast ends on or after the day that the schedule names, in any season: without days of rest.
 * Found by halving, as more stages end no sooner. Of three patterns in ten thousand they do; such a plan has up to four more.
 */
export function growFor(
  { schedule, passedShare }: { readonly schedule: Growth; readonly passedShare: number },
  pattern: Pattern,
  startsOn: Day,
  targetPerDay: number,
): readonly number[] {
  const named = startsOn + daysFor(schedule, pattern.weekly) - 1;
  const course = { from: startsOn, least: startsOn, passedShare };
  const isEnough = (count: number): boolean => {
    const caps = grow(schedule, targetPerDay, count);
    return ahead(atTheStart(startsOn), { caps, targetPerDay }, pattern, course).finishesOn >= named;
  };
  const fewest = fewestStages(schedule, targetPerDay, pattern.basis === 'measured');
  let [tooFew, enough] = [fewest - 1, fewest];
  for (let step = 4; !isEnough(enough); step *= 2) [tooFew, enough] = [enough, enough + step];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return grow(schedule, targetPerDay, enough);
}

export type Growth = Extract<Schedule, { kind: 'growth' }>;
type Table = Extract<Schedule, { kind: 'table' }>;

/** At least the policy's, and as many as doubling needs from the largest first stage: above the least one only measured mail has. */
function fewestStages({ firstDay, firstDayAtMost, leastStages }: Growth, target: number, isMeasured: boolean): number {
  const first = isMeasured ? firstDayAtMost.value : firstDay.value;
  return Math.max(leastStages.value, 1 + Math.ceil(Math.log2(Math.max(1, target / first)) - 1e-9));
}

/** From the target halved at each stage, or what the policy starts with, up to the target. */
function grow({ firstDay }: Growth, target: number, count: number): number[] {
  const first = Math.min(target, Math.max(firstDay.value, Math.ceil(target / 2 ** (count - 1))));
  return rising(first, target, count - 1);
}

/** The days that a schedule names, from the longest to the shortest: even steps of the volume's logarithm; the ends hold outside them. */
export function daysFor({ longest, shortest }: Growth, weeklyVolume: number): number {
  const [from, to] = [longest.weeklyVolume.value, shortest.weeklyVolume.value];
  const volume = Math.min(Math.max(weeklyVolume, from), to);
  const part = Math.log(volume / from) / Math.log(to / from);
  return Math.round(longest.days.value - part * (longest.days.value - shortest.days.value));
}

/** The rows below the target, then it; where the table ends far below it, doubling from there. */
function climbTable({ rows, per }: Table, target: number): number[] {
  const caps = rows.map((row) => (per === 'hour' ? row * 24 : row)).filter((cap) => cap < target);
  for (let last = caps.at(-1) ?? target; rows.length <= caps.length && last * 2 < target; last *= 2)
    caps.push(last * 2);
  return [...caps, target];
}
