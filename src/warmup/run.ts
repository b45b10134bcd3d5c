// The day's step over all plans: whoever runs it and however often, each plan is judged once for each UTC day.
import type { Actor } from '../accounts/person.ts';
import { act, type Db } from '../database.ts';
import { type Day, dayLength, dayOf } from '../day.ts';
import type { Policy } from '../policy/policy.ts';
import { type Counts, NOTHING, sumOf } from '../sending/counts.ts';
import { listWindowCounts, type WindowCount } from '../sending/store-windows.ts';
import type { WarmupStepName } from './lifecycle.ts';
import { standsAt } from './staff.ts';
import { capNow, type Standing } from './standing.ts';
import { type Step, stepOf } from './step.ts';
import type { Warmup } from './store.ts';
import { beginWarmups, claimWarmups, type Judged, type JudgedDay, writeJudged } from './store-run.ts';
import { follow } from './take.ts';

/** Plans, and days of each, in one transaction: few enough that nobody waits long for it and memory stays flat. */
const BATCH = { plans: 1_000, days: 7 };

const HOUR = dayLength / 24;

type Rules = Pick<Policy, 'warmup' | 'providers'>;

/**
 * Begins the plans whose first day has come, and judges every plan that runs or is paused for each day that is over and
 * counted: a day is, the policy's `judgeAfterHours` after its end (UTC). After a standstill it catches up day by day.
 * `policy` is the one in force: its brakes apply to plans that were made under an earlier one, too. Gives how many plans
 * it began and how many days it judged; what another process does at the same time is not among them.
 */
export async function stepDue(db: Db, policy: Rules, now: number): Promise<number> {
  const actor: Actor = { person: null, at: now };
  const counted = dayOf(now - policy.warmup.judgeAfterHours.value * HOUR) - 1;
  const work = [
    () => beginDue(db, actor, policy),
    () => judgeDue(db, actor, policy, 'running', counted),
    () => judgeDue(db, actor, policy, 'paused', counted),
  ];
  let done = 0;
  for (const batch of work) {
    for (let found = await batch(); found > 0; found = await batch()) done += found;
  }
  return done;
}

async function beginDue(db: Db, actor: Actor, policy: Rules): Promise<number> {
  const result = await act<number, never>(db, async (trx) => {
    const today = dayOf(actor.at);
    const plans = await claimWarmups(trx, 'planned', today, BATCH.plans);
    if (plans.length === 0) return 0;
    await beginWarmups(
      trx,
      plans.map(({ id }) => id),
      actor.at,
    );
    for (const before of plans) {
      const after = { ...before, status: 'running' as const };
      const stands = standsAt(after, today, policy.warmup.minimumDays.value);
      await follow(trx, actor, 'begin', before, after, {
        facts: { address: after.address, stages: stands.stages, cap: stands.cap },
        told: { 'warmup-started': stands },
      });
    }
    return plans.length;
  });
  return result.ok ? result.value : 0;
}

async function judgeDue(
  db: Db,
  actor: Actor,
  policy: Rules,
  status: 'running' | 'paused',
  counted: Day,
): Promise<number> {
  const result = await act<number, never>(db, async (trx) => {
    const plans = await claimWarmups(trx, status, counted, BATCH.plans);
    if (plans.length === 0) return 0;
    const counts = await countsOf(trx, plans, policy, counted);
    const judged = plans.map((plan) => judge(plan, counts.get(plan.ipId) ?? [], policy, counted));
    const days = judged.flatMap((one) => one.days);
    await writeJudged(
      trx,
      judged.map((one) => one.plan),
      days,
      actor.at,
    );
    for (const { changes } of judged) {
      for (const change of changes) await announce(trx, actor, change, policy);
    }
    return days.length;
  });
  return result.ok ? result.value : 0;
}

const firstOfWindow = ({ nextDay, judgedFrom }: Standing, { warmup }: Rules): Day =>
  Math.max(judgedFrom, nextDay - warmup.brakes.windowDays.value + 1);

function countsOf(
  trx: Db,
  plans: readonly Warmup[],
  policy: Rules,
  counted: Day,
): Promise<ReadonlyMap<number, WindowCount[]>> {
  const least = (of: (plan: Warmup) => Day) => plans.reduce((day, plan) => Math.min(day, of(plan)), counted);
  const inFull = least((plan) => plan.nextDay);
  return listWindowCounts(
    trx,
    plans.map((plan) => plan.ipId),
    {
      since: Math.min(
        inFull,
        least((plan) => firstOfWindow(plan, policy)),
      ),
      inFull,
      until: counted,
    },
  );
}

/** A step of the lifecycle that a day brought about. */
type Change = { readonly name: WarmupStepName; readonly before: Warmup; readonly after: Warmup; readonly step: Step };
type Outcome = { readonly plan: Judged; readonly days: JudgedDay[]; readonly changes: Change[] };

/** Judges the days of one plan that are due, each with where the one before it left the plan. */
function judge(plan: Warmup, counts: readonly WindowCount[], policy: Rules, counted: Day): Outcome {
  const days: JudgedDay[] = [];
  const changes: Change[] = [];
  const until = Math.min(counted, plan.nextDay + BATCH.days - 1);
  let now = plan;
  let last: Step | undefined;
  while (now.nextDay <= until && now.status !== 'complete') {
    const day = now.nextDay;
    const ofDay = byProvider(counts, day);
    const from = firstOfWindow(now, policy);
    const window = { '': sumOf(counts.filter((one) => one.day >= from && one.day <= day)) };
    const step = stepOf(now, { day, counts: ofDay, window }, policy);
    const { sent, delivered } = sumOf(Object.values(ofDay));
    const { verdict, why } = step;
    days.push({ warmupId: plan.id, day, stage: now.stage, cap: capNow(now) ?? 0, sent, delivered, verdict, why });
    const after = afterStep(now, step);
    const name = changeOf(step);
    if (name !== null) changes.push({ name, before: now, after, step });
    now = after;
    last = step;
  }
  if (last === undefined) throw new Error(`warm-up ${plan.id} had no day to judge`);
  const { verdict, why } = last;
  return { plan: { id: plan.id, from: plan.nextDay, now, verdict, why, moved: hasMoved(plan, now) }, days, changes };
}

function byProvider(counts: readonly WindowCount[], day: Day): Record<string, Counts> {
  const found: Record<string, Counts> = {};
  for (const one of counts) {
    if (one.day === day) found[one.provider] = sumOf([found[one.provider] ?? NOTHING, one]);
  }
  return found;
}

function afterStep(before: Warmup, { stage, capPercent, slowed, idleDays, judgedFrom, verdict, why }: Step): Warmup {
  const status = verdict === 'pause' ? 'paused' : verdict === 'complete' ? 'complete' : before.status;
  const early = status === 'complete' ? null : before.early;
  const nextDay = before.nextDay + 1;
  return { ...before, status, early, nextDay, stage, capPercent, slowed, idleDays, judgedFrom, verdict, why };
}

/** The step of the lifecycle that a verdict is; null for one that moves the plan within its stages. */
function changeOf({ verdict, cold }: Step): 'brake' | 'cool' | 'complete' | null {
  if (cold) return 'cool';
  if (verdict === 'pause') return 'brake';
  return verdict === 'complete' ? 'complete' : null;
}

/** Whether something else may go over the IP than before. */
const hasMoved = (before: Warmup, after: Warmup): boolean =>
  before.status !== after.status ||
  before.stage !== after.stage ||
  before.capPercent !== after.capPercent ||
  JSON.stringify(before.slowed) !== JSON.stringify(after.slowed);

async function announce(trx: Db, actor: Actor, { name, before, after, step }: Change, policy: Rules): Promise<void> {
  const { address, stage, status } = after;
  const { why } = step;
  const stands = standsAt(after, dayOf(actor.at), policy.warmup.minimumDays.value);
  const idleDays = before.idleDays + 1;
  const facts = {
    brake: { address, stage, why },
    cool: { address, idleDays },
    complete: { address },
  }[name as 'brake' | 'cool' | 'complete'];
  await follow(trx, actor, name, before, after, {
    facts,
    told: {
      'warmup-paused': { stage, stages: stands.stages, why, reason: '' },
      'warmup-cold': { ...stands, idleDays, paused: status === 'paused' },
      'warmup-complete': { early: false, reason: '' },
    },
  });
}
