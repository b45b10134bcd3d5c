// What a warm-up would be like: the real day's step over made-up mail. Pure.
import { type Day, startOfDay } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { type Counts, sumOf } from '../../sending/counts.ts';
import { expectedMailOn, learnPattern, type Pattern, statedPattern, weeklyPattern } from '../../sending/pattern.ts';
import { mailAheadOn } from '../ahead.ts';
import { capOfStage, type DayWhole } from '../climb.ts';
import { type Evaluation, nextOf } from '../daily/evaluation.ts';
import { asksForWhole } from '../daily/follow-sender.ts';
import { evaluateDay } from '../daily/judge.ts';
import type { WarmupDay } from '../pages/days.ts';
import { atTheStart, planWarmup, type WarmupPlan } from '../plan.ts';
import { type Coming, carriedOf } from '../share.ts';
import { type Clock, capNow, hourCapNow, type PlanState } from '../state.ts';

/** One day on which something goes wrong. Shares of that day's mail. */
export type BadDay = {
  /** 1 is the first day. */
  readonly day: number;
  readonly bounce: number;
  readonly complaint: number;
  /** Share that a mailbox provider defers, by its key. */
  readonly deferred: Readonly<Record<string, number>>;
};

/** What is tried out: a sender's mail over one IP, by a schedule of the policy. */
export type Trial = {
  /** How the mail comes: what is sent, and what the plan is made for unless something else was stated. */
  readonly pattern: Pattern;
  /** What the plan is made for, until the mail itself shows its pattern. */
  readonly stated?: Pattern;
  readonly schedule: string;
  readonly clock: Clock;
  readonly badDay: BadDay | null;
  readonly startsOn: Day;
  /** Days of the month with mail, where it is not the pattern's. */
  readonly monthDays?: readonly number[];
  /** Days with mail and days without, in turn. */
  readonly season?: { readonly on: number; readonly off: number };
  /** Recipients of each message, and hours of the day in which mail goes out. */
  readonly recipients?: number;
  readonly hours?: number;
};

export type Trialled = {
  readonly plan: WarmupPlan;
  readonly days: readonly WarmupDay[];
  /** The day that completes it; null: not within the days that were tried. */
  readonly finishesOn: Day | null;
  /** What was counted on each day, by provider. */
  readonly mail: readonly Readonly<Record<string, Counts>>[];
  /** The plan's state after the last day. */
  readonly state: PlanState;
};

export const EVEN = Array.from({ length: 7 }, () => 1 / 7);

/** `weekly` messages of which each weekday, Monday first, brings a share: over a week exactly that many. */
export function patternOf(weekly: number, shares: readonly number[]): Pattern {
  const upTo = (days: number): number =>
    days === 7
      ? weekly
      : Math.round(
          weekly *
            Math.min(
              1,
              shares.slice(0, days).reduce((sum, one) => sum + one, 0),
            ),
        );
  return weeklyPattern(
    Array.from({ length: 7 }, (_, at) => upTo(at + 1) - upTo(at)),
    'measured',
  );
}

/** Where a trial stops that does not end. */
export const MOST_DAYS = 1000;
/** Clean mail: what bounces, is reported and is deferred on every day. */
const USUAL = { bounce: 0.005, complaint: 0.0001, deferred: 0.02 };
/** Which share of mail goes to the policy's providers, largest first; to those beyond, and to the rest. */
const SHARES = [0.45, 0.25, 0.12, 0.08];
const FURTHER = 0.02;
const OTHERS = 0.1;
/** Days that a plan stays paused before somebody lets it go on. */
const PAUSED_DAYS = 1;

const DAYS_A_MONTH = 365.25 / 12;

/** `weekly` messages a week in equal mailings on some days of each month. */
export function monthlyPattern(weekly: number, monthDays: readonly number[]): Pattern {
  const everyDays = DAYS_A_MONTH / monthDays.length;
  const busiest = Math.max(1, Math.round((weekly * everyDays) / 7));
  return { ...statedPattern({ busiest, weekdays: [], everyDays }), basis: 'measured' };
}

/** Runs a plan day by day until it is complete, `mostDays` at most. A pause is looked at and ended after a day. */
export function simulate(trial: Trial, policy: Policy, mostDays = MOST_DAYS): Trialled {
  const { plan, state: first, coming } = begun(trial, policy);
  const mixture = mixtureOf(policy);
  const mail: Record<string, Counts>[] = [];
  const days: WarmupDay[] = [];
  const whole: DayWhole[] = [];
  let state = first;
  let pausedDays = 0;
  for (let nth = 1; nth <= mostDays; nth += 1) {
    const day = trial.startsOn + nth - 1;
    const cap = capNow(state) ?? state.plan.targetPerDay;
    const all = volumeOn(trial, day, policy);
    const over =
      cap === 0
        ? 0
        : carriedOf(cap, expectedMailOn(trial.pattern, day), all, { ...coming, hourCap: hourCapNow(state) });
    const bad = trial.badDay?.day === nth ? trial.badDay : null;
    const { sent, there } = share(mixture, { over, all }, state.slowed);
    const counts = Object.fromEntries(mixture.map(({ key }) => [key, becameOf(sent[key] ?? 0, key, bad)]));
    mail.push(counts);
    const sum = sumOf(Object.values(counts));
    whole.push({ day, over: sum.sent, all });
    const since = Math.max(0, state.judgedFrom - trial.startsOn, nth - policy.warmup.brakes.windowDays.value);
    if (trial.stated) state = { ...state, pattern: learned(whole, day + 1) ?? state.pattern };
    const asked = asksForWhole(state, day);
    const window = addUp(mail.slice(since));
    const facts = { day, counts, window, whole: asked === 0 ? [] : whole.slice(-asked), sentTo: there };
    const step = evaluateDay(state, facts, policy);
    const stageCap = capOfStage(state.plan, state.stage);
    days.push({
      day,
      stage: state.stage,
      stageCap,
      cap,
      sent: sum.sent,
      delivered: sum.delivered,
      verdict: step.verdict,
      why: step.why,
    });
    pausedDays = state.status === 'paused' ? pausedDays + 1 : 0;
    state = { ...state, ...nextOf(step), nextDay: day + 1, status: statusAfter(step, state, pausedDays) };
    if (state.status === 'complete') return { plan, days, mail, state, finishesOn: day };
  }
  return { plan, days, mail, state, finishesOn: null };
}

const learned = (whole: readonly DayWhole[], today: Day): Pattern | null =>
  learnPattern(
    whole.map(({ day, all }) => ({ day, sent: all })),
    today,
  );

function begun(trial: Trial, policy: Policy): { plan: WarmupPlan; state: PlanState; coming: Omit<Coming, 'hourCap'> } {
  const { clock, startsOn, schedule, recipients = 1, hours = 24 } = trial;
  const pattern = trial.stated ?? trial.pattern;
  const warmup = { ...policy.warmup, schedule, clock: { ...policy.warmup.clock, value: clock } };
  const { daily: _, pattern: __, ...plan } = planWarmup({ ...policy, warmup }, pattern, startsOn);
  const state: PlanState = {
    ...atTheStart(startsOn),
    status: 'running',
    clock,
    plan,
    pattern,
    capPercent: 100,
    slowed: {},
    idleDays: 0,
    nextDay: startsOn,
    judgedFrom: startsOn,
    warmedTo: null,
    isAgain: false,
    remadeOn: 0,
  };
  return { plan, state, coming: { recipients, hours } };
}

function statusAfter(step: Evaluation, { status }: PlanState, pausedDays: number): PlanState['status'] {
  if (step.verdict === 'complete') return 'complete';
  if (step.verdict === 'pause') return 'paused';
  return status === 'paused' && pausedDays < PAUSED_DAYS ? 'paused' : 'running';
}

type Mixture = readonly { readonly key: string; readonly share: number }[];

function mixtureOf({ providers }: Pick<Policy, 'providers'>): Mixture {
  const known = providers.value.map(({ key }, index) => ({ key, share: SHARES[index] ?? FURTHER }));
  const all = [...known, { key: 'other', share: OTHERS }];
  const whole = all.reduce((sum, { share }) => sum + share, 0);
  return all.map(({ key, share }) => ({ key, share: share / whole }));
}

/** Messages that there are to send on a day. */
function volumeOn(trial: Trial, day: Day, policy: Pick<Policy, 'warmup'>): number {
  const { pattern, startsOn: from, monthDays, season } = trial;
  if (season && (day - from) % (season.on + season.off) >= season.on) return 0;
  if (!monthDays) return mailAheadOn(pattern, day, { from, restDays: policy.warmup.restDays.value });
  const tomorrow = new Date(startOfDay(day + 1)).getUTCDate();
  const date = new Date(startOfDay(day)).getUTCDate();
  const isDay = monthDays.includes(date) || (tomorrow === 1 && monthDays.some((one) => one > date));
  return isDay ? pattern.busiest : 0;
}

/**
 * The messages over the IP by provider: by the mixture, a slowed one no more than its limit; what that leaves is others',
 * as far as they have mail. `there`: all messages by provider.
 */
function share(mixture: Mixture, mail: { over: number; all: number }, slowed: PlanState['slowed']) {
  const parts = (whole: number): number[] => {
    let [sum, given] = [0, 0];
    return mixture.map(({ key, share: own }) => {
      sum += own;
      const upTo = key === 'other' ? whole : Math.round(whole * sum);
      const part = upTo - given;
      given = upTo;
      return part;
    });
  };
  const there = parts(mail.all);
  const limits = mixture.map(({ key }, index) => Math.min(there[index] ?? 0, slowed[key] ?? Number.POSITIVE_INFINITY));
  const sent = parts(mail.over).map((part, index) => Math.min(part, limits[index] ?? 0));
  let left = mail.over - sent.reduce((sum, one) => sum + one, 0);
  const over = mixture.map(({ key }, index): [string, number] => {
    const more = Math.min(left, (limits[index] ?? 0) - (sent[index] ?? 0));
    left -= more;
    return [key, (sent[index] ?? 0) + more];
  });
  return {
    sent: Object.fromEntries(over),
    there: Object.fromEntries(mixture.map(({ key }, index): [string, number] => [key, there[index] ?? 0])),
  };
}

/** What became of some messages to a provider; `bad`: the day on which something went wrong. */
function becameOf(sent: number, key: string, bad: BadDay | null): Counts {
  const bounced = Math.floor(sent * Math.max(bad?.bounce ?? 0, USUAL.bounce));
  const delivered = sent - bounced;
  const complained = Math.floor(delivered * Math.max(bad?.complaint ?? 0, USUAL.complaint));
  return {
    sent,
    delivered,
    bounced,
    complained,
    deferred: Math.floor(sent * Math.max(bad?.deferred[key] ?? 0, USUAL.deferred)),
  };
}

function addUp(days: readonly Record<string, Counts>[]): Record<string, Counts> {
  const keys = new Set(days.flatMap((day) => Object.keys(day)));
  return Object.fromEntries([...keys].map((key) => [key, sumOf(days.flatMap((day) => day[key] ?? []))]));
}
