// The day's step over all plans: whoever runs it and however often, each plan is judged once for each UTC day.
import type { Actor } from '../accounts/person.ts';
import { act, type Db } from '../database.ts';
import { type Day, dayLength, dayOf } from '../day.ts';
import type { Policy } from '../policy/policy.ts';
import { sumOf } from '../sending/counts.ts';
import { listDayAndWindow } from '../sending/store-windows.ts';
import { standsAt } from './staff.ts';
import { type DayFacts, type Step, stepOf } from './step.ts';
import type { Warmup } from './store.ts';
import { beginWarmups, claimPlans, type DuePlan, type Judged, listInFull, writeJudged } from './store-run.ts';
import { follow } from './take.ts';

/** Plans in one transaction, each with one day: few enough that nobody waits long for it and memory stays flat. */
const BATCH = 1_000;

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
    const ids = (await claimPlans(trx, 'planned', today, BATCH)).map(({ id }) => id);
    if (ids.length === 0) return 0;
    const plans = await listInFull(trx, ids);
    await beginWarmups(trx, ids, actor.at);
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
    const claimed = await claimPlans(trx, status, counted, BATCH);
    const [first] = claimed;
    if (!first) return 0;
    // All of them are judged for the earliest day; those of a later one come in a later batch.
    const day = first.nextDay;
    const plans = claimed.filter((plan) => plan.nextDay === day);
    const facts = await factsOf(trx, plans, day, policy);
    const outcomes = plans.map((plan) => judge(plan, facts.get(plan.ipId) ?? nothingOn(day), policy));
    await writeJudged(
      trx,
      outcomes.map(({ judged }) => judged),
      actor.at,
    );
    await announceAll(trx, actor, outcomes, policy);
    return plans.length;
  });
  return result.ok ? result.value : 0;
}

const nothingOn = (day: Day): DayFacts => ({ day, counts: {}, window: {} });

/** What was counted over the IP of each plan, by the IP. Plans whose rates are of the same days are asked for together. */
async function factsOf(
  trx: Db,
  plans: readonly DuePlan[],
  day: Day,
  { warmup }: Rules,
): Promise<ReadonlyMap<number, DayFacts>> {
  const first = day - warmup.brakes.windowDays.value + 1;
  const bySince = Map.groupBy(plans, (plan) => Math.min(day, Math.max(plan.judgedFrom, first)));
  const facts = new Map<number, DayFacts>();
  for (const [since, some] of bySince) {
    const ips = some.map((plan) => plan.ipId);
    for (const [ipId, { counts, window }] of await listDayAndWindow(trx, ips, since, day)) {
      facts.set(ipId, { day, counts, window: { '': window } });
    }
  }
  return facts;
}

/** A plan after its day, and the step of the lifecycle that the day brought about, if any. */
type Outcome = { readonly judged: Judged; readonly change: 'brake' | 'cool' | 'complete' | null };

function judge(before: DuePlan, facts: DayFacts, policy: Rules): Outcome {
  const step = stepOf(before, facts, policy);
  const { sent, delivered } = sumOf(Object.values(facts.counts));
  return { judged: { before, after: afterStep(before, step), step, sent, delivered }, change: changeOf(step) };
}

function afterStep(before: DuePlan, step: Step): DuePlan {
  const { stage, capPercent, slowed, idleDays, judgedFrom, verdict } = step;
  const status = verdict === 'pause' ? 'paused' : verdict === 'complete' ? 'complete' : before.status;
  return { ...before, status, nextDay: before.nextDay + 1, stage, capPercent, slowed, idleDays, judgedFrom };
}

/** The step of the lifecycle that a verdict is; null for one that moves the plan within its stages. */
function changeOf({ verdict, cold }: Step): 'brake' | 'cool' | 'complete' | null {
  if (cold) return 'cool';
  if (verdict === 'pause') return 'brake';
  return verdict === 'complete' ? 'complete' : null;
}

/** Tells of the steps of the lifecycle, each with its allocation, record and mails. */
async function announceAll(trx: Db, actor: Actor, outcomes: readonly Outcome[], policy: Rules): Promise<void> {
  const changed = outcomes.filter(({ change }) => change !== null);
  const full = new Map(
    (
      await listInFull(
        trx,
        changed.map(({ judged }) => judged.after.id),
      )
    ).map((one) => [one.id, one]),
  );
  for (const outcome of changed) {
    const after = full.get(outcome.judged.after.id);
    if (after) await announce(trx, actor, outcome, after, policy);
  }
}

async function announce(
  trx: Db,
  actor: Actor,
  { change, judged }: Outcome,
  after: Warmup,
  policy: Rules,
): Promise<void> {
  if (change === null) return;
  const { why } = judged.step;
  const before: Warmup = { ...after, ...judged.before };
  const { address, stage, status } = after;
  const stands = standsAt(after, dayOf(actor.at), policy.warmup.minimumDays.value);
  const idleDays = before.idleDays + 1;
  const facts = { brake: { address, stage, why }, cool: { address, idleDays }, complete: { address } };
  await follow(trx, actor, change, before, after, {
    facts: facts[change],
    told: {
      'warmup-paused': { stage, stages: stands.stages, why, reason: '' },
      'warmup-cold': { ...stands, idleDays, paused: status === 'paused' },
      'warmup-complete': { early: false, reason: '' },
    },
  });
}
