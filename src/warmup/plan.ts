import type { Day } from '../day.ts';
import type { Policy } from '../policy/document/policy.ts';
import type { Schedule } from '../policy/document/schedule.ts';

/** What a new IP may send on each day until it carries its full volume. */
export type WarmupPlan = {
  /** The schedule's name in the policy. */
  schedule: string;
  targetPerDay: number;
  startsOn: Day;
  /** The last stage's day: the first on which the cap is the target. */
  finishesOn: Day;
  /** Messages a day: stage i + 1 on day startsOn + i. Never falls; the last is the target. */
  caps: number[];
};

/**
 * Plans the warm-up of one IP that will carry `weeklyVolumePerIp` messages a week, by the policy's schedule.
 * S-20: messages a day rise over a set period. C-14: on a growth schedule more volume never takes longer.
 * A table is climbed only as far as the volume needs; there, as published, more volume takes more days.
 */
export const planWarmup = (policy: Policy, weeklyVolumePerIp: number, startsOn: Day): WarmupPlan => {
  const name = policy.warmup.schedule;
  const schedule = policy.schedules[name];
  if (!schedule) throw new Error(`The policy ${policy.name} names a schedule that it does not have: ${name}`);
  const targetPerDay = Math.max(1, Math.ceil(weeklyVolumePerIp / 7));
  const caps =
    schedule.kind === 'growth' ? grow(schedule, weeklyVolumePerIp, targetPerDay) : climb(schedule, targetPerDay);
  return { schedule: name, targetPerDay, startsOn, finishesOn: startsOn + caps.length - 1, caps };
};

/** Where the plan stands on `day`: stage 0 before it starts; done from the day after its last stage. */
export const stageOn = (plan: WarmupPlan, day: Day): { stage: number; cap: number; done: boolean } => {
  if (day < plan.startsOn) return { stage: 0, cap: 0, done: false };
  if (day > plan.finishesOn) return { stage: plan.caps.length, cap: plan.targetPerDay, done: true };
  const index = day - plan.startsOn;
  return { stage: index + 1, cap: plan.caps[index] ?? plan.targetPerDay, done: false };
};

type Growth = Extract<Schedule, { kind: 'growth' }>;
type Table = Extract<Schedule, { kind: 'table' }>;

const grow = (schedule: Growth, weeklyVolume: number, target: number): number[] => {
  const days = daysFor(schedule, weeklyVolume);
  const first = Math.min(schedule.firstDay.value, target);
  return Array.from({ length: days }, (_, i) =>
    i === days - 1 ? target : Math.min(target, Math.round(first * (target / first) ** (i / (days - 1)))),
  );
};

/** From the longest to the shortest, even steps of the volume's logarithm; the ends hold outside them. */
const daysFor = ({ longest, shortest }: Growth, weeklyVolume: number): number => {
  const [from, to] = [longest.weeklyVolume.value, shortest.weeklyVolume.value];
  const volume = Math.min(Math.max(weeklyVolume, from), to);
  const part = Math.log(volume / from) / Math.log(to / from);
  return Math.round(longest.days.value - part * (longest.days.value - shortest.days.value));
};

const climb = ({ rows, per }: Table, target: number): number[] => {
  const caps = rows.map((row) => (per === 'hour' ? row * 24 : row));
  return [...caps.filter((cap) => cap < target), target];
};
