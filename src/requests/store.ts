import type { AccountRole, AccountStatus } from '../accounts/person.ts';
import { type Db, lockRow } from '../database.ts';
import type { Domain } from '../domains/domain.ts';
import { domainFromRow } from '../domains/store.ts';
import type { Region, Stream } from '../policy/checks/facts.ts';
import { NO_CLAIM } from './claims/store.ts';
import type { Clock } from './clock/clock.ts';
import { type ClockRow, clockColumns, clockFromRow } from './clock/store.ts';
import { type Answers, type IpRequest, type Kind, openStatuses, type Status } from './request.ts';
import { PENDING, type PendingRow, pendingOf } from './review/pending/row.ts';

/** What `select` brings; the columns of the other kind are null, and are not read. */
type Row = PendingRow &
  ClockRow & {
    id: number;
    kind: Kind;
    status: Status;
    version: number;
    policy_version_id: number;
    weekly_volume: number;
    peak_weekly_volume: number;
    ip_count: number;
    region: Region;
    stream: Stream;
    starts_on: number;
    sends: string;
    signup: string | null;
    mailing: string | null;
    automated_warmup: boolean | number;
    samples: string | null;
    granted_count: number | null;
    submitted_at: number;
    due_at: number | null;
    due_left: number | null;
    expires_at: number | null;
    decided_at: number | null;
    waits_since: number | null;
    declined_by: number | null;
    appealed_at: number | null;
    account_id: number;
    account_name: string;
    plan: string;
    account_region: Region | null;
    account_status: AccountStatus;
    account_parent_id: number | null;
    requester_id: number;
    requester_name: string;
    email: string;
    time_zone: string;
    account_role: AccountRole | null;
    proposer_id: number | null;
    claimed_by: number | null;
    automatic_at: number | null;
    decision_id: number | null;
  };

/** Requests with what every page and action needs to know of them, in one statement. */
export const select = (db: Db) =>
  db('requests as r')
    .join('accounts as a', 'a.id', 'r.account_id')
    .join('people as p', 'p.id', 'r.requester_id')
    .leftJoin('decisions as d', (join) =>
      join.on('d.request_id', 'r.id').andOn('d.rank', db.raw('1')).andOnNull('d.void_at'),
    )
    .leftJoin('pending_decisions as pd', 'pd.request_id', 'r.id')
    .leftJoin('people as pp', 'pp.id', 'pd.person_id')
    .select(PENDING)
    .select(
      'r.*',
      'a.name as account_name',
      'a.plan',
      'a.region as account_region',
      'a.status as account_status',
      'd.id as decision_id',
      'a.parent_id as account_parent_id',
      'd.reviewer_id as proposer_id',
    )
    .select('p.name as requester_name', 'p.email', 'p.time_zone', 'p.account_role');

function answersOf(row: Row): Answers {
  const { kind, weekly_volume: weeklyVolume, sends } = row;
  if (kind === 'transactional_pool') return { kind, weeklyVolume, sends, samples: row.samples ?? '', domainIds: [] };
  return {
    kind,
    weeklyVolume,
    sends,
    ipCount: row.ip_count,
    region: row.region,
    stream: row.stream,
    startsOn: row.starts_on,
    peakWeeklyVolume: row.peak_weekly_volume,
    signup: row.signup ?? '',
    mailing: row.mailing === null ? null : JSON.parse(row.mailing),
    automatedWarmup: Boolean(row.automated_warmup),
    domainIds: [],
  };
}

/** A row of `select` as a request. */
export function fromRow(row: Row): IpRequest {
  return {
    id: row.id,
    status: row.status,
    version: row.version,
    policyVersionId: row.policy_version_id,
    answers: answersOf(row),
    account: {
      id: row.account_id,
      name: row.account_name,
      plan: row.plan,
      region: row.account_region,
      status: row.account_status,
      parentId: row.account_parent_id,
    },
    requester: {
      id: row.requester_id,
      name: row.requester_name,
      email: row.email,
      timeZone: row.time_zone,
      role: row.account_role,
    },
    proposerId: row.status === 'second_review' ? row.proposer_id : null,
    wasClaimed: row.claimed_by !== null,
    approvedCount: row.granted_count,
    submittedAt: row.submitted_at,
    dueAt: row.due_at,
    dueLeft: row.due_left,
    clock: clockFromRow(row),
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    waitsSince: row.waits_since,
    wasAppealed: row.appealed_at !== null,
    declinedBy: row.declined_by,
    ...pendingOf(row),
    ...(row.automatic_at === null ? {} : { automaticAt: row.automatic_at }),
    ...(row.decision_id !== null && row.proposer_id === null ? { isAutomatic: true as const } : {}),
  };
}

export async function findRequest(db: Db, id: number): Promise<IpRequest | undefined> {
  const row = await select(db).where('r.id', id).first();
  return row && fromRow(row);
}

/** One request, if it is the account's. */
export async function findRequestOf(db: Db, accountId: number, id: number): Promise<IpRequest | undefined> {
  const row = await select(db).where({ 'r.id': id, 'r.account_id': accountId }).first();
  return row && fromRow(row);
}

/** Holds a request until the transaction ends, so that two acts on it wait for each other. */
export async function lockRequest(trx: Db, id: number): Promise<IpRequest | undefined> {
  await lockRow(trx, 'requests', id);
  return findRequest(trx, id);
}

/** The request that was sent with this form, and whose it is. */
export async function findByToken(db: Db, token: string): Promise<{ id: number; accountId: number } | undefined> {
  const row = await db('requests').where({ form_token: token }).first('id', 'account_id');
  return row && { id: row.id, accountId: row.account_id };
}

/** The ids of an account's open requests, one of each kind at most (C-11). */
export async function findOpensOf(db: Db, accountId: number): Promise<{ readonly [K in Kind]?: number }> {
  const open = db('requests')
    .where({ account_id: accountId })
    .whereIn('status', [...openStatuses]);
  return Object.fromEntries((await open.select('id', 'kind')).map(({ id, kind }) => [kind, id]));
}

/** All requests of an account, newest first. */
export async function listRequestsOf(db: Db, accountId: number, limit = 100): Promise<IpRequest[]> {
  const rows = await select(db).where('r.account_id', accountId).orderBy('r.id', 'desc').limit(limit);
  return rows.map(fromRow);
}

/** The subuser that has a domain of its parent's request. */
const OF_SUBUSER = `case when d.account_id <> r.account_id then c.name end as subuser_name, c.region as subuser_region,
  c.status as subuser_status`;

/** The domains of each of these requests. */
export async function listDomainsOfRequests(db: Db, ids: readonly number[]): Promise<Map<number, Domain[]>> {
  const rows = await db('request_domains as rd')
    .join('domains as d', 'd.id', 'rd.domain_id')
    .join('requests as r', 'r.id', 'rd.request_id')
    .join('accounts as c', 'c.id', 'd.account_id')
    .whereIn('rd.request_id', [...ids])
    .orderBy('d.name')
    .select('rd.request_id', 'd.*', db.raw(OF_SUBUSER));
  const found = new Map<number, Domain[]>();
  for (const row of rows) found.set(row.request_id, [...(found.get(row.request_id) ?? []), domainFromRow(row)]);
  return found;
}

export type Change = {
  readonly dueAt: number | null;
  readonly dueLeft?: number | null;
  readonly expiresAt?: number | null;
  readonly approvedCount?: number | null;
  readonly decidedAt?: number | null;
  readonly waitsSince?: number | null;
  readonly declinedBy?: number;
  readonly appealedAt?: number;
  /** Whether the person who claimed it keeps it: the step was not theirs. */
  readonly keepsClaim?: true;
  /** When Warmdesk looks whether it approves it by itself (UTC milliseconds); not given: it does not. */
  readonly automaticAt?: number;
  /** Served from the waitlist: what was measured in a week, and what the gate asked for. */
  readonly served?: { readonly weekly: number | null; readonly gate: number };
};

/** Moves a request to another status. False where somebody was first: it is not what it was when it was read. */
export async function moveRequest(
  trx: Db,
  request: IpRequest,
  to: Status,
  change: Change & { readonly clock: Clock },
): Promise<boolean> {
  const moved = await trx('requests')
    .where({ id: request.id, status: request.status, version: request.version })
    .update({
      status: to,
      version: request.version + 1,
      due_at: change.dueAt,
      due_left: change.dueLeft ?? null,
      expires_at: change.expiresAt ?? null,
      automatic_at: change.automaticAt ?? null,
      ...clockColumns(change.clock),
      ...(change.keepsClaim ? {} : NO_CLAIM),
      ...(change.approvedCount === undefined ? {} : { granted_count: change.approvedCount }),
      ...(change.served === undefined ? {} : { served_weekly: change.served.weekly, served_gate: change.served.gate }),
      ...(change.waitsSince === undefined ? {} : { waits_since: change.waitsSince }),
      ...(change.declinedBy === undefined ? {} : { declined_by: change.declinedBy }),
      ...(change.appealedAt === undefined ? {} : { appealed_at: change.appealedAt }),
      ...(change.decidedAt === undefined ? {} : { decided_at: change.decidedAt }),
    });
  return moved === 1;
}
