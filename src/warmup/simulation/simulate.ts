// What a warm-up would be like: the real day's step over made-up mail. Pure.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { type Counts, sumOf } from '../../sending/counts.ts';
import { type Evaluation, evaluateDay } from '../daily/judge.ts';
import type { WarmupDay } from '../pages/days.ts';
import { planWarmup, type WarmupPlan } from '../plan.ts';
import { type Clock, capNow, type PlanState } from '../state.ts';

/** One day on which something goes wrong. Shares of that day's mail. */
export type BadDay = {
  /** 1 is the first day. */
  readonly day: number;
  readonly bounce: number;
  readonly complaint: number;
  /** Share that a mailbox provider puts off, by its key. */
  readonly deferred: Readonly<Record<string, number>>;
};

/** What is tried out: a volume on one IP, by a schedule of the policy. */
export type Trial = {
  readonly weekly: number;
  readonly schedule: string;
  readonly clock: Clock;
  /** The week's mail by weekdays, Monday first, as shares. */
  readonly pattern: readonly number[];
  readonly badDay: BadDay | null;
  readonly startsOn: Day;
};

export type Trialled = {
  readonly plan: WarmupPlan;
  readonly days: readonly WarmupDay[];
  /** The day that completes it; null: not within the days that were tried. */
  readonly finishesOn: Day | null;
  /** What was counted on each day, by provider. */
  readonly mail: readonly Readonly<Record<string, Counts>>[];
  /** Where the plan stands after the last day. */
  readonly standing: PlanState;
};

export const EVEN = Array.from({ length: 7 }, () => 1 / 7);
/** Where a trial stops that does not end. */
export const MOST_DAYS = 1000;
/** Clean mail: what bounces, is reported and is put off on every day. */
const USUAL = { bounce: 0.005, complaint: 0.0001, deferred: 0.02 };
/** Which share of mail goes to the policy's providers, largest first; to those beyond, and to whoever is not listed. */
const SHARES = [0.45, 0.25, 0.12, 0.08];
const FURTHER = 0.02;
const OTHERS = 0.1;
/** Days that a plan stays paused before somebody lets it go on. */
const PAUSED_DAYS = 1;

/** Runs a plan day by day until it is complete, `mostDays` at most. A pause is looked at and ended after a day. */
export function simulate(trial: Trial, policy: Policy, mostDays = MOST_DAYS): Trialled {
  const plan = planWarmup(
    { ...policy, warmup: { ...policy.warmup, schedule: trial.schedule } },
    trial.weekly,
    trial.startsOn,
  );
  const mixture = mixtureOf(policy);
  const mail: Record<string, Counts>[] = [];
  const days: WarmupDay[] = [];
  let standing: PlanState = begun(plan, trial);
  let pausedDays = 0;
  for (let nth = 1; nth <= mostDays; nth += 1) {
    const day = trial.startsOn + nth - 1;
    const cap = capNow(standing) ?? plan.targetPerDay;
    const counts = mailOf(trial, nth, { cap, slowed: standing.slowed }, mixture);
    mail.push(counts);
    const since = Math.max(0, standing.judgedFrom - trial.startsOn, nth - policy.warmup.brakes.windowDays.value);
    const step = evaluateDay(standing, { day, counts, window: addUp(mail.slice(since)) }, policy);
    const { sent, delivered } = sumOf(Object.values(counts));
    days.push({ day, stage: standing.stage, cap, sent, delivered, verdict: step.verdict, why: step.why });
    pausedDays = standing.status === 'paused' ? pausedDays + 1 : 0;
    standing = { ...standing, ...moved(step), nextDay: day + 1, status: statusAfter(step, standing, pausedDays) };
    if (standing.status === 'complete') return { plan, days, mail, standing, finishesOn: day };
  }
  return { plan, days, mail, standing, finishesOn: null };
}

const begun = (plan: WarmupPlan, { clock, startsOn }: Trial): PlanState => ({
  status: 'running',
  clock,
  plan,
  stage: 1,
  capPercent: 100,
  slowed: {},
  idleDays: 0,
  nextDay: startsOn,
  judgedFrom: startsOn,
});

const moved = ({ stage, capPercent, slowed, idleDays, judgedFrom }: Evaluation) => ({
  stage,
  capPercent,
  slowed,
  idleDays,
  judgedFrom,
});

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

/** Messages that there are to send on the nth day: over a week exactly the weekly volume. */
function volumeOf({ weekly, pattern, startsOn }: Trial, nth: number): number {
  // Day 0, 1970-01-01, was a Thursday.
  const weekday = (((startsOn + nth - 1 + 3) % 7) + 7) % 7;
  const upTo = (days: number): number =>
    Math.round(
      weekly *
        Math.min(
          1,
          pattern.slice(0, days).reduce((sum, share) => sum + share, 0),
        ),
    );
  return (weekday === 6 ? weekly : upTo(weekday + 1)) - upTo(weekday);
}

/** What goes over the IP on the nth day, by provider: no more than the cap, nor than what a slowed provider gets. */
function mailOf(
  trial: Trial,
  nth: number,
  { cap, slowed }: { readonly cap: number; readonly slowed: PlanState['slowed'] },
  mixture: Mixture,
): Record<string, Counts> {
  const most = Math.min(volumeOf(trial, nth), cap);
  const bad = trial.badDay?.day === nth ? trial.badDay : null;
  let share = 0;
  let given = 0;
  const mail: Record<string, Counts> = {};
  for (const { key, share: own } of mixture) {
    share += own;
    const upTo = key === 'other' ? most : Math.round(most * share);
    const sent = Math.min(upTo - given, slowed[key] ?? Number.POSITIVE_INFINITY);
    given = upTo;
    const bounced = Math.floor(sent * (bad ? Math.max(bad.bounce, USUAL.bounce) : USUAL.bounce));
    const delivered = sent - bounced;
    const complained = Math.floor(delivered * (bad ? Math.max(bad.complaint, USUAL.complaint) : USUAL.complaint));
    const deferred = Math.floor(sent * Math.max(bad?.deferred[key] ?? 0, USUAL.deferred));
    mail[key] = { sent, delivered, deferred, bounced, complained };
  }
  return mail;
}

function addUp(days: readonly Record<string, Counts>[]): Record<string, Counts> {
  const keys = new Set(days.flatMap((day) => Object.keys(day)));
  return Object.fromEntries([...keys].map((key) => [key, sumOf(days.flatMap((day) => day[key] ?? []))]));
}
