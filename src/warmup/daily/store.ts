// What the day's step reads and writes, for many plans at once.
import { type Db, overtaken, skippingLocked } from '../../database.ts';
import type { Day } from '../../day.ts';
import { countChanged, numbersInJson, rowsInJson } from '../../dialect.ts';
import { capNow, capOfStage, type PlanState, type WarmupStatus } from '../state.ts';
import { STATE_COLUMNS, type StateRow, stateFromRow } from '../state-row.ts';
import { fromRow, selectWarmups, type Warmup } from '../store.ts';
import type { Evaluation } from './evaluation.ts';

/** A plan as far as judging it takes. */
export type DuePlan = PlanState &
  Pick<Warmup, 'id' | 'ipId' | 'allocationId'> & {
    /** The day for which people were notified that it stands still, or staff to look; null: not since it moved. */
    readonly notifiedOn: Day | null;
  };

/** A claimed plan, as it is stored. */
export type DueRow = StateRow & {
  readonly id: number;
  readonly ip_id: number;
  readonly allocation_id: number;
  readonly told_on: number | null;
};

/**
 * Takes hold of at most `limit` plans in one status whose next day is `until` or earlier, the earliest first; `but` are
 * left alone, and so are all plans of an account of which another process holds one, so that IPs that begin or complete
 * in the same night are one mail. They stay claimed until the transaction ends.
 */
export async function claimPlans(
  trx: Db,
  { status, until }: { readonly status: WarmupStatus; readonly until: Day },
  limit: number,
  but: readonly number[] = [],
): Promise<DueRow[]> {
  const due = trx('warmups as w')
    .join('allocations as a', 'a.id', 'w.allocation_id')
    .join('accounts as c', 'c.id', 'a.account_id')
    .where('w.status', status)
    .where('w.next_day', '<=', until)
    .orderBy(['w.next_day', 'w.id'])
    .limit(limit)
    .select('w.id', 'w.allocation_id', 'w.told_on', 'a.ip_id', ...STATE_COLUMNS.map((column) => `w.${column}`));
  if (but.length > 0) due.whereRaw(`w.id not in ${numbersInJson(trx)}`, [JSON.stringify(but)]);
  // The account first: who finds it taken must not keep others from its plans.
  return skippingLocked(trx, due, 'c', 'w');
}

/** A claimed plan as it is judged. Throws where it cannot be read. */
export const duePlan = (row: DueRow): DuePlan => ({
  ...stateFromRow(row),
  id: row.id,
  ipId: row.ip_id,
  allocationId: row.allocation_id,
  notifiedOn: row.told_on,
});

/** All that is known of these warm-ups (a thousand at most), by id. */
export async function listInFull(db: Db, ids: readonly number[]): Promise<Warmup[]> {
  if (ids.length === 0) return [];
  return (
    await selectWarmups(db)
      .whereIn('w.id', [...ids])
      .orderBy('w.id')
  ).map(fromRow);
}

/** Lets planned warm-ups run from now on (UTC milliseconds). */
export async function beginWarmups(trx: Db, ids: readonly number[], at: number): Promise<void> {
  const begun = await trx('warmups')
    .whereIn('id', [...ids])
    .where({ status: 'planned' })
    .update({
      status: 'running',
      changed_at: at,
    });
  if (begun !== ids.length) throw overtaken('a plan began while it was claimed');
}

/** A plan before and after one of its days, with what was counted on it. */
export type Judged = {
  readonly before: DuePlan;
  readonly after: DuePlan;
  readonly step: Evaluation;
  readonly sent: number;
  readonly delivered: number;
};

const MOVES = {
  id: 'integer',
  from_day: 'integer',
  status: 'text',
  stage: 'integer',
  cap_percent: 'integer',
  slowed: 'text',
  idle_days: 'integer',
  next_day: 'integer',
  judged_from: 'integer',
  progress: 'integer',
  carried: 'integer',
  stage_since: 'integer',
  limited_on: 'integer',
  warmed_to: 'integer',
  target_per_day: 'integer',
  finishes_on: 'integer',
  remade_on: 'integer',
  // Null where the stages are as they were: most are, and they are long.
  caps: 'text',
  verdict: 'text',
  why: 'text',
  told_on: 'integer',
  moved: 'integer',
} as const;
const DAYS = {
  warmup_id: 'integer',
  day: 'integer',
  stage: 'integer',
  stage_cap: 'integer',
  cap: 'integer',
  sent: 'integer',
  delivered: 'integer',
  verdict: 'text',
  why: 'text',
} as const;

/** Writes judged plans and their days in two statements. Throws where one of them was judged by somebody else. */
export async function writeJudged(trx: Db, judged: readonly Judged[], at: number): Promise<void> {
  const days = judged.map(({ before, step, sent, delivered }) => [
    before.id,
    before.nextDay,
    before.stage,
    capOfStage(before.plan, before.stage),
    capNow(before) ?? 0,
    sent,
    delivered,
    step.verdict,
    step.why,
  ]);
  await trx.raw(`insert into warmup_days (${Object.keys(DAYS).join(', ')}) ${rowsInJson(trx, DAYS)}`, [
    JSON.stringify(days),
  ]);
  const moves = judged.map(({ before, after, step }) => [
    before.id,
    before.nextDay,
    after.status,
    after.stage,
    after.capPercent,
    JSON.stringify(after.slowed),
    after.idleDays,
    after.nextDay,
    after.judgedFrom,
    after.progress,
    after.carried,
    after.stageSince,
    after.limitedOn,
    after.warmedTo,
    after.plan.targetPerDay,
    after.plan.finishesOn,
    after.remadeOn,
    after.plan === before.plan ? null : JSON.stringify(after.plan.caps),
    step.verdict,
    step.why,
    after.notifiedOn,
    hasMoved(before, after) ? 1 : 0,
  ]);
  const update = `update warmups set status = x.status, stage = x.stage, cap_percent = x.cap_percent,
      slowed = x.slowed, idle_days = x.idle_days, next_day = x.next_day, judged_from = x.judged_from,
      progress = x.progress, carried = x.carried, stage_since = x.stage_since, limited_on = x.limited_on,
      warmed_to = x.warmed_to, target_per_day = x.target_per_day,
      finishes_on = x.finishes_on, remade_on = x.remade_on, caps = coalesce(x.caps, warmups.caps),
      told_on = x.told_on,
      verdict = case when ${KEPT} then warmups.verdict else x.verdict end,
      why = case when ${KEPT} then warmups.why else x.why end,
      changed_at = case when x.moved = 1 then cast(? as bigint) else warmups.changed_at end,
      completed_at = case when x.status = 'complete' then cast(? as bigint) end,
      early_by = case when x.status = 'complete' then null else warmups.early_by end,
      early_at = case when x.status = 'complete' then null else warmups.early_at end
    from (${rowsInJson(trx, MOVES)}) as x
    where warmups.id = x.id and warmups.next_day = x.from_day and warmups.status in ('running', 'paused')`;
  const changed = await countChanged(trx, update, [at, at, JSON.stringify(moves)]);
  if (changed !== judged.length) throw overtaken('a plan was judged while it was claimed');
}

/** While a plan is paused by a brake, the lists go on to say by what. */
const KEPT = "x.status = 'paused' and x.verdict = 'hold' and warmups.verdict = 'pause'";

/** Whether something else may go over the IP than before. */
const hasMoved = (before: PlanState, after: PlanState): boolean =>
  before.status !== after.status ||
  before.stage !== after.stage ||
  before.capPercent !== after.capPercent ||
  before.carried !== after.carried ||
  before.plan !== after.plan ||
  JSON.stringify(before.slowed) !== JSON.stringify(after.slowed);
