// What a day makes of an IP that completed its warm-up: warm is a volume, and cold comes back. Pure.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Counts } from '../../sending/counts.ts';
import { counted, grouped } from '../../wording.ts';
import { carriedToBegin, coldAfter, raiseTo, type Stages, stageAtMost } from '../climb.ts';
import type { DayFacts } from '../daily/day-facts.ts';
import { judgeRates } from '../daily/rates.ts';
import { slow } from '../daily/throttled-providers.ts';
import { expectedFinish } from '../forecast.ts';
import { atTheStart } from '../plan.ts';
import { type PlanState, warmLimit } from '../state.ts';

export type WarmFacts = {
  readonly day: Day;
  /** Over the IP: on the day by mailbox provider, all of it, and in the window that rates are of. */
  readonly counts: DayFacts['counts'];
  readonly today: Counts;
  readonly window: Counts;
  /** The IP's part of what its domains sent on the day, over whatever. */
  readonly all: number;
  /** Messages delivered on its busiest day lately, this one included; 0 where it carried none. */
  readonly busiest: number;
  /** Whether something else can carry what is held back: a shared pool, or another warm IP, by the policy's order. */
  readonly hasOverflow: boolean;
  /** Whether a shared pool takes what is more than a warm IP may carry, and what a provider's limit keeps off it. */
  readonly isPoolBeyond: boolean;
};

/** `cool`, `reopen`: a plan begins again. `alarm`: staff should look. `steady`: nothing happened that anybody is notified of. */
export type Watched = {
  readonly state: PlanState;
  readonly change: 'steady' | 'alarm' | 'reopen' | 'cool';
  readonly why: string;
};

type Rules = Pick<Policy, 'warmup' | 'providers' | 'schedules'>;

/** The days that the level of a warm IP is of: its busiest day in them. */
export const levelDays = (period: number): number => Math.max(30, Math.ceil(1.5 * period));

/** A warm IP's level follows its busiest day up by no more than this a day, so that it takes a week to double. */
const RISE = 1.1;

/**
 * What an IP is warmed to after a day: its busiest day lately, but never multiplied from one day to the next, as mail that
 * nearly doubles each day would.
 */
const levelAfter = (level: number, { busiest }: WarmFacts): number =>
  busiest > 0 ? Math.min(busiest, Math.ceil(level * RISE)) : level;

/** The limits of providers that were slowed when the plan ended: doubled on each day that they take their mail. */
const limitsAfter = (
  before: PlanState,
  { day, counts, isPoolBeyond }: WarmFacts,
  policy: Rules,
): PlanState['slowed'] => (isPoolBeyond ? slow(before, { day, counts, window: {} }, policy).slowed : {});

/**
 * Watches one day of a completed IP. Silent for too long, it warms again from half its level; with mail beyond what a warm
 * IP carries a plan begins from its level, by the stages that its plan has above it. Where the policy says `alarm`
 * nothing is cut or begun for too much mail or bad rates, but staff are told; so they are where nothing else can carry
 * what would be held back.
 */
export function watchDay(before: PlanState, facts: WarmFacts, policy: Rules): Watched {
  const { warmup } = policy;
  const { day, today } = facts;
  const level = before.warmedTo ?? Math.max(1, facts.busiest);
  const idleDays = today.sent === 0 ? before.idleDays + 1 : 0;
  const state: PlanState = {
    ...before,
    idleDays,
    nextDay: day + 1,
    warmedTo: levelAfter(level, facts),
    slowed: limitsAfter({ ...before, warmedTo: level }, facts, policy),
  };
  if (idleDays >= coldAfter(warmup.coldAfterIdleDays.value, before.pattern.period))
    return facts.hasOverflow ? cold(state, level, day, policy) : coldAlone(state, level);
  const limit = warmLimit({ ...before, warmedTo: level, capPercent: 100 }) ?? 0;
  const isHeld = warmup.warm.value === 'hold' && facts.hasOverflow;
  if (facts.all > limit) {
    const much = `${counted(facts.all, 'message')} came on a day, more than twice the ${grouped(level)} that the IP is warmed to`;
    if (isHeld) return reopened(state, facts, { level, much }, policy);
    return {
      state,
      change: 'alarm',
      why: `${much}. Nothing is held back, because ${facts.hasOverflow ? 'this policy holds no warm IP back' : 'nothing else can carry it'}: look whether receivers take it.`,
    };
  }
  return rated(state, facts, warmup, isHeld);
}

function rated(state: PlanState, facts: WarmFacts, { brakes }: Policy['warmup'], isHeld: boolean): Watched {
  const { hold } = judgeRates(facts.window, brakes, facts.day - state.judgedFrom + 1);
  if (hold === null)
    return { state: facts.today.sent > 0 ? { ...state, capPercent: 100 } : state, change: 'steady', why: '' };
  const capPercent = isHeld ? Math.round(brakes.heldCap.value * 100) : 100;
  const cut = isHeld ? ` It carries at most ${capPercent} % of its level until that is better.` : '';
  return { state: { ...state, capPercent }, change: 'alarm', why: `${hold}${cut}` };
}

/** The stages of a plan that begins again: its own, and up to what there is now. */
function stagesFor({ plan, pattern }: PlanState, most: number): Stages {
  const target = Math.max(plan.targetPerDay, most, pattern.basis === 'measured' ? pattern.busiest : 0);
  return target > plan.targetPerDay ? raiseTo(plan, plan.caps.length, target) : plan;
}

function begunAgain(
  state: PlanState,
  stages: Stages,
  at: { stage: number; carried: number; day: Day },
  policy: Rules,
): PlanState {
  const startsOn = at.day + 1;
  const climb = { ...atTheStart(startsOn), stage: at.stage, carried: at.carried };
  const begun: PlanState = {
    ...state,
    ...climb,
    status: 'running',
    plan: { ...state.plan, ...stages, startsOn },
    capPercent: 100,
    idleDays: 0,
    judgedFrom: startsOn,
    isAgain: true,
  };
  return { ...begun, plan: { ...begun.plan, finishesOn: expectedFinish(begun, startsOn, policy) } };
}

function cold(state: PlanState, level: number, day: Day, policy: Rules): Watched {
  const stages = stagesFor(state, 0);
  const stage = stageAtMost(stages, level / 2);
  const carried = stage === 1 ? 0 : carriedToBegin(stages, stage);
  const why = `No mail went over the IP for ${counted(state.idleDays, 'day')}, so receivers have forgotten it: it warms up again from half of the ${grouped(level)} that it had carried.`;
  const forgotten = { ...state, slowed: {} };
  return { state: begunAgain(forgotten, stages, { stage, carried, day }, policy), change: 'cool', why };
}

/** The same where its mail would have to wait: nothing is held back, but staff know. */
const coldAlone = (state: PlanState, level: number): Watched => ({
  state,
  change: 'alarm',
  why: `No mail went over the IP for ${counted(state.idleDays, 'day')}, so receivers have forgotten it. Nothing else can carry its mail, so nothing is held back: the customer should begin with less than half of the ${grouped(level)} that it had carried.`,
});

function reopened(
  state: PlanState,
  { all, day }: WarmFacts,
  { level, much }: { readonly level: number; readonly much: string },
  policy: Rules,
): Watched {
  const stages = stagesFor(state, all);
  const stage = Math.min(stages.caps.length, stageAtMost(stages, level) + 1);
  return {
    state: begunAgain(state, stages, { stage, carried: level, day }, policy),
    change: 'reopen',
    why: `${much}: it warms up from there, and what is above the day’s cap goes where it went before.`,
  };
}
