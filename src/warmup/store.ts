import type { Person } from '../accounts/person.ts';
import { listEvents } from '../audit/store.ts';
import type { Db } from '../database.ts';
import type { AllocationStatus } from '../ips/allocation.ts';
import type { Region } from '../policy/facts.ts';
import type { WarmupPlan } from './schedule.ts';

/** A plan with the IP that it warms. */
export type Warmup = {
  readonly id: number;
  readonly allocationId: number;
  readonly status: 'running' | 'complete';
  readonly plan: WarmupPlan;
  readonly completedAt: number | null;
  readonly address: string;
  readonly region: Region;
  readonly accountId: number;
  readonly account: string;
  readonly requestId: number;
  readonly allocationStatus: AllocationStatus;
};

export async function insertWarmup(trx: Db, allocationId: number, plan: WarmupPlan): Promise<number> {
  const [row] = await trx('warmups')
    .insert({
      allocation_id: allocationId,
      status: 'running',
      schedule: plan.schedule,
      target_per_day: plan.targetPerDay,
      starts_on: plan.startsOn,
      caps: JSON.stringify(plan.caps),
    })
    .returning('id');
  return row.id;
}

/** Ends a running warm-up. False where it was not running any more. */
export async function finishWarmup(trx: Db, id: number, at: number): Promise<boolean> {
  return (await trx('warmups').where({ id, status: 'running' }).update({ status: 'complete', completed_at: at })) === 1;
}

export async function findWarmup(db: Db, id: number): Promise<Warmup | undefined> {
  const row = await select(db).where('w.id', id).first();
  return row && fromRow(row);
}

/** One warm-up, if the person may see it: staff all, customers their account's. */
export async function findWarmupFor(db: Db, person: Person, id: number): Promise<Warmup | undefined> {
  const query = select(db).where('w.id', id);
  if (person.staffRole === null) query.where('a.account_id', person.accountId);
  const row = await query.first();
  return row && fromRow(row);
}

export type WarmupFilter = {
  readonly accountId?: number;
  readonly requestId?: number;
  readonly status?: 'running' | 'complete';
};

// A plan of n stages has n - 1 commas and ends n - 1 days after it starts.
const FINISHES_ON = "w.starts_on + length(w.caps) - length(replace(w.caps, ',', ''))";

/** Warm-ups, those that finish first first. */
export async function listWarmups(db: Db, filter: WarmupFilter, limit = 100, offset = 0): Promise<Warmup[]> {
  const query = select(db).orderByRaw(FINISHES_ON).orderBy('w.id').limit(limit).offset(offset);
  if (filter.accountId !== undefined) query.where('a.account_id', filter.accountId);
  if (filter.requestId !== undefined) query.where('a.request_id', filter.requestId);
  if (filter.status !== undefined) query.where('w.status', filter.status);
  return (await query).map(fromRow);
}

/** How many warm-ups run. */
export async function countRunningWarmups(db: Db): Promise<number> {
  const row = await db('warmups').where({ status: 'running' }).count({ n: '*' }).first();
  return Number(row?.['n']);
}

/** Who asked for the IP, and the reference of their request, as it was recorded when the IP was allocated. */
export async function findOriginOf(
  db: Db,
  warmup: Pick<Warmup, 'allocationId' | 'requestId'>,
): Promise<{ requesterId: number; reference: string }> {
  const { requester_id: requesterId } = await db('requests').where({ id: warmup.requestId }).first('requester_id');
  const events = await listEvents(db, { subject: { type: 'allocation', id: warmup.allocationId }, limit: 100 });
  const made = events.find((event) => event.name === 'allocation.made');
  if (!made) throw new Error(`the allocation ${warmup.allocationId} was never recorded`);
  return { requesterId, reference: made.facts.reference };
}

/** Names of the domains whose mail goes over the warming IP. */
export async function listDomainNamesOf(db: Db, allocationId: number): Promise<string[]> {
  return db('allocation_domains as ad')
    .join('domains as d', 'd.id', 'ad.domain_id')
    .where('ad.allocation_id', allocationId)
    .orderBy('d.name')
    .pluck('d.name');
}

const select = (db: Db) =>
  db('warmups as w')
    .join('allocations as a', 'a.id', 'w.allocation_id')
    .join('ips as i', 'i.id', 'a.ip_id')
    .join('accounts as c', 'c.id', 'a.account_id')
    .select('w.*', 'i.address', 'i.region', 'a.account_id', 'a.request_id', 'a.status as allocation_status')
    .select('c.name as account');

type Row = Pick<Warmup, 'id' | 'status' | 'address' | 'region' | 'account'> & {
  allocation_id: number;
  schedule: string;
  target_per_day: number;
  starts_on: number;
  caps: string;
  completed_at: number | null;
  account_id: number;
  request_id: number;
  allocation_status: AllocationStatus;
};

function fromRow(row: Row): Warmup {
  const caps: number[] = JSON.parse(row.caps);
  return {
    id: row.id,
    allocationId: row.allocation_id,
    status: row.status,
    plan: {
      schedule: row.schedule,
      targetPerDay: row.target_per_day,
      startsOn: row.starts_on,
      finishesOn: row.starts_on + caps.length - 1,
      caps,
    },
    completedAt: row.completed_at,
    address: row.address,
    region: row.region,
    accountId: row.account_id,
    account: row.account,
    requestId: row.request_id,
    allocationStatus: row.allocation_status,
  };
}
