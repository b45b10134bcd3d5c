import type { Person } from '../accounts/person.ts';
import type { Db } from '../database.ts';
import type { AllocationStatus } from '../ips/allocation.ts';
import type { Region } from '../policy/checks/facts.ts';
import type { Pattern } from '../sending/pattern.ts';
import type { Climb } from './climb.ts';
import type { Verdict } from './daily/evaluation.ts';
import { atTheStart, type WarmupPlan } from './plan.ts';
import type { Clock, PlanState, WarmupStatus } from './state.ts';
import { type StateRow, stateFromRow } from './state-row.ts';

/** A plan with its state and the IP that it warms. */
export type Warmup = PlanState & {
  readonly id: number;
  readonly allocationId: number;
  /** The verdict of the last judged day, and why; null: none is judged yet. */
  readonly verdict: Verdict | null;
  readonly why: string | null;
  /** Who proposed to mark it complete early, and when (UTC milliseconds). */
  readonly early: { readonly by: number; readonly at: number } | null;
  readonly completedAt: number | null;
  /** When a customer asked to let it go on, while it is paused (UTC milliseconds). */
  readonly goOnAskedAt: number | null;
  readonly ipId: number;
  readonly address: string;
  readonly region: Region;
  readonly accountId: number;
  readonly account: string;
  /** null: its account had the IP before Warmdesk came. */
  readonly requestId: number | null;
  readonly allocationStatus: AllocationStatus;
};

/** Adds a plan that starts on its first day. Returns its id. */
export async function insertWarmup(
  trx: Db,
  allocationId: number,
  { plan, clock, pattern, at }: { plan: WarmupPlan; clock: Clock; pattern: Pattern; at: number },
): Promise<number> {
  const { stageSince, limitedOn } = atTheStart(plan.startsOn);
  const [row] = await trx('warmups')
    .insert({
      allocation_id: allocationId,
      ...planColumns(plan),
      status: 'planned',
      clock,
      starts_on: plan.startsOn,
      pattern: JSON.stringify(pattern),
      stage_since: stageSince,
      limited_on: limitedOn,
      next_day: plan.startsOn,
      judged_from: plan.startsOn,
      changed_at: at,
    })
    .returning('id');
  return row.id;
}

/** The columns that a plan fills. */
export const planColumns = ({ schedule, targetPerDay, finishesOn, caps, byHour }: WarmupPlan) => ({
  schedule,
  target_per_day: targetPerDay,
  finishes_on: finishesOn,
  caps: JSON.stringify(caps),
  by_hour: byHour === true,
});

export type WarmupChange = Partial<
  Pick<
    Warmup,
    | 'plan'
    | 'pattern'
    | 'capPercent'
    | 'slowed'
    | 'judgedFrom'
    | 'early'
    | 'goOnAskedAt'
    | 'verdict'
    | 'why'
    | 'warmedTo'
    | 'remadeOn'
  > &
    Climb
>;

/** A day for which the pattern of an ended plan is taken to be learned, so that it never is again. */
const NEVER_AGAIN = 2_000_000_000;

/** Moves a warm-up from one status to another, with what changes along. False where it was not in `from` any more. */
export async function moveWarmup(
  trx: Db,
  id: number,
  { from, to, at }: { from: WarmupStatus; to: WarmupStatus; at: number },
  change: WarmupChange = {},
): Promise<boolean> {
  // What may go over the IP is as it was where only a proposal came or went.
  const isMoved = from !== to || change.stage !== undefined || change.capPercent !== undefined;
  const columns = {
    status: to,
    ...(to === 'ended' ? { learned_on: NEVER_AGAIN } : {}),
    changed_at: isMoved ? at : undefined,
    completed_at: to === 'complete' ? at : to === 'ended' ? undefined : null,
    stage: change.stage,
    progress: change.progress,
    carried: change.carried,
    stage_since: change.stageSince,
    // After a new beginning it may stand still again, and people are notified again.
    told_on: change.stageSince === undefined ? undefined : null,
    limited_on: change.limitedOn,
    warmed_to: change.warmedTo,
    remade_on: change.remadeOn,
    pattern: change.pattern && JSON.stringify(change.pattern),
    ...(change.plan === undefined ? {} : planColumns(change.plan)),
    cap_percent: change.capPercent,
    slowed: change.slowed && JSON.stringify(change.slowed),
    judged_from: change.judgedFrom,
    verdict: change.verdict,
    why: change.why,
    go_on_asked_at: from === to ? change.goOnAskedAt : null,
    ...(change.early === undefined ? {} : { early_by: change.early?.by ?? null, early_at: change.early?.at ?? null }),
  };
  return (await trx('warmups').where({ id, status: from }).update(columns)) === 1;
}

/** One warm-up, which nobody else moves until the transaction ends. */
export async function lockWarmup(trx: Db, id: number): Promise<Warmup | undefined> {
  const row = await selectWarmups(trx).where('w.id', id).forUpdate('w').first();
  return row && fromRow(row);
}

/** The warm-up of an allocation; undefined where it has none. */
export async function findWarmupOf(db: Db, allocationId: number): Promise<Warmup | undefined> {
  const row = await selectWarmups(db).where('w.allocation_id', allocationId).first();
  return row && fromRow(row);
}

/** The warm-up of an allocation, which nobody else moves until the transaction ends; undefined where it has none. */
export async function lockWarmupOf(trx: Db, allocationId: number): Promise<Warmup | undefined> {
  const row = await selectWarmups(trx).where('w.allocation_id', allocationId).forUpdate('w').first();
  return row && fromRow(row);
}

export async function findWarmup(db: Db, id: number): Promise<Warmup | undefined> {
  const row = await selectWarmups(db).where('w.id', id).first();
  return row && fromRow(row);
}

/** One warm-up, if the person may see it: staff all, customers their account's. */
export async function findWarmupFor(db: Db, person: Person, id: number): Promise<Warmup | undefined> {
  const query = selectWarmups(db).where('w.id', id);
  if (person.staffRole === null) query.where('a.account_id', person.accountId);
  const row = await query.first();
  return row && fromRow(row);
}

export type WarmupFilter = {
  readonly ids?: readonly number[];
  readonly accountId?: number;
  readonly requestId?: number;
  readonly statuses?: readonly WarmupStatus[];
};

/** Warm-ups, those that finish first first. */
export async function listWarmups(db: Db, filter: WarmupFilter, limit = 100, offset = 0): Promise<Warmup[]> {
  const query = selectWarmups(db).orderBy('w.finishes_on').orderBy('w.id').limit(limit).offset(offset);
  if (filter.ids !== undefined) query.whereIn('w.id', [...filter.ids]);
  if (filter.accountId !== undefined) query.where('a.account_id', filter.accountId);
  if (filter.requestId !== undefined) query.where('a.request_id', filter.requestId);
  if (filter.statuses !== undefined) query.whereIn('w.status', [...filter.statuses]);
  return (await query).map(fromRow);
}

/** Who asked for an IP, and the reference of their request; null: nobody did, the account had it before Warmdesk came. */
export type Origin = { readonly requesterId: number | null; readonly reference: string | null };

/** Who asked for the IP, and the reference of their request, as it was recorded when the IP was allocated. */
export async function findOriginOf(db: Db, warmup: Pick<Warmup, 'allocationId' | 'requestId'>): Promise<Origin> {
  if (warmup.requestId === null) return { requesterId: null, reference: null };
  const { requester_id: requesterId } = await db('requests').where({ id: warmup.requestId }).first('requester_id');
  const of = { subject_type: 'allocation', subject_id: warmup.allocationId, name: 'allocation.made' };
  const made = await db('audit_events').where(of).first('facts');
  if (!made) throw new Error(`the allocation ${warmup.allocationId} was never recorded`);
  return { requesterId, reference: JSON.parse(made.facts).reference };
}

/** Names of the domains whose mail goes over the warming IP. */
export async function listDomainNamesOf(db: Db, allocationId: number): Promise<string[]> {
  return db('allocation_domains as ad')
    .join('domains as d', 'd.id', 'ad.domain_id')
    .where('ad.allocation_id', allocationId)
    .orderBy('d.name')
    .pluck('d.name');
}

/** A warm-up with all that is known of it, to be narrowed. */
export const selectWarmups = (db: Db) =>
  db('warmups as w')
    .join('allocations as a', 'a.id', 'w.allocation_id')
    .join('ips as i', 'i.id', 'a.ip_id')
    .join('accounts as c', 'c.id', 'a.account_id')
    .select('w.*', 'a.ip_id', 'i.address', 'i.region', 'a.account_id', 'a.request_id', 'a.status as allocation_status')
    .select('c.name as account');

type Row = StateRow &
  Pick<Warmup, 'id' | 'verdict' | 'why' | 'address' | 'region' | 'account'> & {
    allocation_id: number;
    early_by: number | null;
    early_at: number | null;
    completed_at: number | null;
    go_on_asked_at: number | null;
    ip_id: number;
    account_id: number;
    request_id: number | null;
    allocation_status: AllocationStatus;
  };

export function fromRow(row: Row): Warmup {
  const { id, verdict, why, address, region, account } = row;
  return {
    ...stateFromRow(row),
    id,
    verdict,
    why,
    address,
    region,
    account,
    allocationId: row.allocation_id,
    early: row.early_by === null || row.early_at === null ? null : { by: row.early_by, at: row.early_at },
    completedAt: row.completed_at,
    goOnAskedAt: row.go_on_asked_at,
    ipId: row.ip_id,
    accountId: row.account_id,
    requestId: row.request_id,
    allocationStatus: row.allocation_status,
  };
}
