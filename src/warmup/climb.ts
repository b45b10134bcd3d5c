// How a plan climbs: what a day may carry, when a stage passes, how the plan follows its sender. Pure, and the same
// for the daily evaluation, forecasts and trials.
import type { Day } from '../day.ts';

/** The stages of a plan: messages a day, never falling; the last is the target. */
export type Stages = { readonly caps: readonly number[]; readonly targetPerDay: number };

/** How far a plan has climbed. */
export type Climb = {
  /** The stage in force, from 1. */
  readonly stage: number;
  /** Messages delivered at this stage so far, those within the caps of their days. */
  readonly progress: number;
  /** The largest volume delivered on one day since the plan began, or began again. */
  readonly carried: number;
  /** The first day of this stage. */
  readonly stageSince: Day;
  /** The last day on which the IP carried all that it might, so that there may have been more. */
  readonly limitedOn: Day;
};

/** A day's mail: over the IP, and this IP's part of all that its domains sent over whatever. Messages. */
export type DayWhole = { readonly day: Day; readonly over: number; readonly all: number };

/** Messages that stage `stage` (from 1) has, before anything limits its day. */
export const capOfStage = ({ caps, targetPerDay }: Stages, stage: number): number => caps[stage - 1] ?? targetPerDay;

/** Nine of ten: what a stage may lack and yet allow the whole of the next. It bounds any policy's share with which stages pass. */
const PROVEN = 9;
const OF = 10;

/**
 * Messages that a day at `stage` may carry: the stage's, and no more than twice what one day of the plan has carried,
 * allowing for the tenth that a stage may lack (2/0.9). The first stage is always allowed, and a published table that
 * more than doubles is followed as printed.
 */
export function allowedAt(stages: Stages, stage: number, carried: number): number {
  const cap = capOfStage(stages, stage);
  const before = capOfStage(stages, Math.max(1, stage - 1));
  const [more, of] = cap > 2 * before ? [cap, before] : [2, 1];
  return Math.min(cap, Math.max(stages.caps[0] ?? cap, Math.floor((carried * OF * more) / (PROVEN * of))));
}

/** What makes `allowedAt` allow a stage without proof: for a plan that begins again at it. */
export const carriedToBegin = (stages: Stages, stage: number): number =>
  Math.ceil((capOfStage(stages, stage) * PROVEN) / (2 * OF));

/** Share of an IP's mail that has to have gone over it for "all there was": some messages never reach a router. */
const WHOLE = 0.95;
/** From this share of its limit on, a day may have had more mail than the IP might carry. */
export const FULL = 0.9;

const carriesWhole = ({ over, all }: DayWhole): boolean => over >= all * WHOLE;

/** Whether the last stage has passed, so that only the least days are awaited. */
export const isClimbed = ({ stage, progress }: Climb, stages: Stages): boolean =>
  stage >= stages.caps.length && progress >= stages.targetPerDay;

/**
 * A day's mail as a plan counts it: `cap` is what it might carry, `delivered` over it, `kept` what the limits of single
 * mailbox providers kept off the IP; not given: nothing. Messages.
 */
export type ClimbingDay = DayWhole & { readonly delivered: number; readonly cap: number; readonly kept?: number };

/** Keeps what a day with good rates proved: its volume within the cap, and whether there may have been more. */
export function countDay(at: Climb, today: ClimbingDay): Climb {
  const delivered = Math.min(today.delivered, today.cap);
  return {
    stage: at.stage,
    stageSince: at.stageSince,
    progress: at.progress + delivered,
    carried: Math.max(at.carried, delivered),
    limitedOn: today.over > 0 && today.over >= today.cap * FULL ? today.day : at.limitedOn,
  };
}

/**
 * A day with good rates. The stage passes when `share` of its volume was delivered, added up over as many days as it
 * takes; the last one also when a whole sending day's mail of at least half the stage went over the IP, but for what
 * single providers would not take: neither the sender lacks that nor the IP. One stage a day.
 */
export function climbDay(
  before: Climb,
  stages: Stages,
  today: ClimbingDay,
  share: number,
): Climb & { passed: boolean } {
  const at = countDay(before, today);
  const volume = capOfStage(stages, at.stage);
  const isLast = at.stage >= stages.caps.length;
  const taken = { ...today, all: today.all - (today.kept ?? 0) };
  const isWhole = isLast && taken.all > 0 && taken.all * 2 >= volume && carriesWhole(taken);
  if (!isWhole && at.progress < Math.ceil(volume * share - 1e-9)) return { ...at, passed: false };
  if (isLast) return { ...at, progress: Math.max(at.progress, volume), passed: true };
  return { ...at, stage: at.stage + 1, progress: 0, stageSince: today.day + 1, passed: true };
}

/** Days for which an IP has to have carried all there was before its plan is cut, and after which one stands still. */
export const patience = (period: number): number => Math.max(14, Math.ceil(2 * period));

/** Days without mail after which receivers have forgotten an IP. `least`: the policy's. */
export const coldAfter = (least: number, period: number): number => Math.max(least, Math.ceil(1.5 * period));

/** Whether the days before `day` could show that there is no more mail than the IP carries. */
export const mayBeCut = ({ limitedOn }: Climb, day: Day, period: number): boolean =>
  day - limitedOn >= patience(period);

/**
 * The busiest day of `lately` (the days of `patience`, any order) where the IP carried all there was on each of at
 * least two, and no less than the first stage; null where it did not, or where that is no less than the target.
 */
export function realBusiest(lately: readonly DayWhole[], { caps, targetPerDay }: Stages): number | null {
  const days = lately.filter(({ all }) => all > 0);
  const busiest = Math.max(caps[0] ?? 0, ...days.map(({ over }) => over));
  return days.length >= 2 && days.every(carriesWhole) && busiest < targetPerDay ? busiest : null;
}

/** Stages cut to a smaller target: those below it, then it. */
export const cutTo = ({ caps }: Stages, target: number): Stages => ({
  caps: [...caps.filter((cap) => cap < target), target],
  targetPerDay: target,
});

/** Stages up to a larger target: those up to `stage` as they were, then as many as there were, or as doubling needs. */
export function raiseTo(stages: Stages, stage: number, target: number): Stages {
  const from = capOfStage(stages, stage);
  const more = Math.max(stages.caps.length - stage, Math.ceil(Math.log2(target / from) - 1e-9));
  return { caps: [...stages.caps.slice(0, stage), ...rising(from, target, more).slice(1)], targetPerDay: target };
}

/** Where a level is in the stages: the last stage of at most `level` messages a day; 1 where there is none. */
export const stageAtMost = ({ caps }: Stages, level: number): number =>
  Math.max(1, caps.filter((cap) => cap <= level).length);

/** `count` steps from `from` to `to`, each by about the same factor and at most doubled. With `from`: count + 1 figures. */
export function rising(from: number, to: number, count: number): number[] {
  const caps = Array.from({ length: count + 1 }, (_, i) => Math.round(from * (to / from) ** (i / Math.max(1, count))));
  caps[count] = to;
  for (let i = count - 1; i > 0; i -= 1) caps[i] = Math.max(caps[i] ?? 0, Math.ceil((caps[i + 1] ?? 0) / 2));
  return caps;
}
