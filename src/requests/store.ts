import type { AccountRole } from '../accounts/person.ts';
import type { Db } from '../database.ts';
import type { Domain } from '../domains/domain.ts';
import { domainFromRow } from '../domains/store.ts';
import type { Region, Stream } from '../policy/facts.ts';
import type { Quote } from '../pricing/quote.ts';
import type { HistoryEntry } from './history.ts';
import type { Answers, IpRequest, Kind, Status } from './request.ts';
import { openStatuses } from './request.ts';

/** What `select` brings; the columns of the other kind are null, and are not read. */
type Row = {
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
  samples: string | null;
  granted_count: number | null;
  submitted_at: number;
  due_at: number | null;
  due_left: number | null;
  expires_at: number | null;
  decided_at: number | null;
  account_id: number;
  account_name: string;
  plan: string;
  account_region: Region | null;
  requester_id: number;
  requester_name: string;
  email: string;
  time_zone: string;
  account_role: AccountRole | null;
  proposer_id: number | null;
};

/** Requests with what every page and action needs to know of them, in one statement. */
const select = (db: Db) =>
  db('requests as r')
    .join('accounts as a', 'a.id', 'r.account_id')
    .join('people as p', 'p.id', 'r.requester_id')
    .leftJoin('decisions as d', (join) =>
      join.on('d.request_id', 'r.id').andOn('d.rank', db.raw('1')).andOnNull('d.void_at'),
    )
    .select('r.*', 'a.name as account_name', 'a.plan', 'a.region as account_region', 'd.reviewer_id as proposer_id')
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
    domainIds: [],
  };
}

function fromRow(row: Row): IpRequest {
  return {
    id: row.id,
    status: row.status,
    version: row.version,
    policyVersionId: row.policy_version_id,
    answers: answersOf(row),
    account: { id: row.account_id, name: row.account_name, plan: row.plan, region: row.account_region },
    requester: {
      id: row.requester_id,
      name: row.requester_name,
      email: row.email,
      timeZone: row.time_zone,
      role: row.account_role,
    },
    proposerId: row.status === 'second_review' ? row.proposer_id : null,
    grantedCount: row.granted_count,
    submittedAt: row.submitted_at,
    dueAt: row.due_at,
    dueLeft: row.due_left,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
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
  await trx('requests').where({ id }).forUpdate().first('id');
  return findRequest(trx, id);
}

/** The account's request that was sent with this form, if there is one. */
export async function findIdByToken(db: Db, accountId: number, token: string): Promise<number | undefined> {
  const row = await db('requests').where({ form_token: token, account_id: accountId }).first('id');
  return row?.id;
}

/** The account's open request of this kind: there is at most one. */
export async function findOpenOf(db: Db, accountId: number, kind: Kind): Promise<number | undefined> {
  const row = await db('requests')
    .where({ account_id: accountId, kind })
    .whereIn('status', [...openStatuses])
    .first('id');
  return row?.id;
}

/** All requests of an account, newest first. */
export async function listRequestsOf(db: Db, accountId: number, limit = 100): Promise<IpRequest[]> {
  const rows = await select(db).where('r.account_id', accountId).orderBy('r.id', 'desc').limit(limit);
  return rows.map(fromRow);
}

export type Narrowed = {
  readonly statuses: readonly Status[] | null;
  readonly kind: Kind | null;
  /** Part of a customer's name; with `id` the reference that was typed counts instead. */
  readonly search: string;
  readonly id: number | undefined;
};

function narrow(query: ReturnType<typeof select>, by: Narrowed): void {
  if (by.statuses !== null) query.whereIn('r.status', [...by.statuses]);
  if (by.kind !== null) query.where('r.kind', by.kind);
  if (by.id !== undefined) query.where('r.id', by.id);
  else if (by.search !== '') {
    const pattern = `%${by.search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    query.whereRaw("lower(a.name) like ? escape '\\'", [pattern]);
  }
}

/** Requests of the queue, the one due first on top; those without a due time after them, newest first. */
export async function listQueueRows(db: Db, by: Narrowed, offset: number, limit: number): Promise<IpRequest[]> {
  const query = select(db).offset(offset).limit(limit);
  narrow(query, by);
  const isDue = by.statuses?.every((status) => status === 'submitted' || status === 'second_review') ?? false;
  if (isDue) query.orderBy('r.due_at');
  query.orderBy('r.id', isDue ? 'asc' : 'desc');
  return (await query).map(fromRow);
}

export async function countQueueRows(db: Db, by: Narrowed): Promise<number> {
  const query = db('requests as r');
  if (by.search !== '' && by.id === undefined) query.join('accounts as a', 'a.id', 'r.account_id');
  narrow(query, by);
  const row = await query.count({ count: '*' }).first();
  return Number(row?.count ?? 0);
}

/** How many open requests there are in each state. */
export async function countStatuses(db: Db): Promise<Map<Status, number>> {
  const rows = await db('requests')
    .whereIn('status', [...openStatuses])
    .groupBy('status')
    .select('status', db.raw('count(*) as count'));
  return new Map(rows.map((row) => [row.status, Number(row.count)]));
}

/** The domains of each of these requests. */
export async function listDomainsOfRequests(db: Db, ids: readonly number[]): Promise<Map<number, Domain[]>> {
  const rows = await db('request_domains as rd')
    .join('domains as d', 'd.id', 'rd.domain_id')
    .whereIn('rd.request_id', [...ids])
    .orderBy('d.name')
    .select('rd.request_id', 'd.*');
  const found = new Map<number, Domain[]>();
  for (const row of rows) found.set(row.request_id, [...(found.get(row.request_id) ?? []), domainFromRow(row)]);
  return found;
}

export type NewRequest = {
  readonly accountId: number;
  readonly requesterId: number;
  readonly formToken: string;
  readonly policyVersionId: number;
  readonly answers: Answers;
  readonly at: number;
  readonly dueAt: number;
};

/** Adds a sent request with its domains. Gives its id. */
export async function insertRequest(trx: Db, request: NewRequest): Promise<number> {
  const { answers } = request;
  const [row] = await trx('requests')
    .insert({
      account_id: request.accountId,
      requester_id: request.requesterId,
      kind: answers.kind,
      status: 'submitted',
      version: 1,
      form_token: request.formToken,
      policy_version_id: request.policyVersionId,
      weekly_volume: answers.weeklyVolume,
      sends: answers.sends,
      ...(answers.kind === 'dedicated_ip' ? dedicatedColumns(answers) : { samples: answers.samples }),
      submitted_at: request.at,
      due_at: request.dueAt,
    })
    .returning('id');
  await trx('request_domains').insert(answers.domainIds.map((domain_id) => ({ request_id: row.id, domain_id })));
  return row.id;
}

const dedicatedColumns = (answers: Extract<Answers, { kind: 'dedicated_ip' }>) => ({
  peak_weekly_volume: answers.peakWeeklyVolume,
  ip_count: answers.ipCount,
  region: answers.region,
  stream: answers.stream,
  starts_on: answers.startsOn,
  signup: answers.signup,
});

export type Change = {
  readonly dueAt: number | null;
  readonly dueLeft?: number | null;
  readonly expiresAt?: number | null;
  readonly grantedCount?: number;
  readonly decidedAt?: number;
};

/** Moves a request to another status. False where somebody was first: it is not what it was when it was read. */
export async function moveRequest(trx: Db, request: IpRequest, to: Status, change: Change): Promise<boolean> {
  const moved = await trx('requests')
    .where({ id: request.id, status: request.status, version: request.version })
    .update({
      status: to,
      version: request.version + 1,
      due_at: change.dueAt,
      due_left: change.dueLeft ?? null,
      expires_at: change.expiresAt ?? null,
      ...(change.grantedCount === undefined ? {} : { granted_count: change.grantedCount }),
      ...(change.decidedAt === undefined ? {} : { decided_at: change.decidedAt }),
    });
  return moved === 1;
}

export type StoredQuote = Omit<Quote, 'lines' | 'sentence'> & { readonly id: number };

export async function insertQuote(trx: Db, requestId: number, policyVersionId: number, quote: Quote): Promise<number> {
  const [row] = await trx('quotes')
    .insert({
      request_id: requestId,
      policy_version_id: policyVersionId,
      ip_count: quote.ipCount,
      held_count: quote.heldCount,
      included_count: quote.includedCount,
      unit_cents: quote.unitCents,
      monthly_cents: quote.monthlyCents,
      currency: quote.currency,
      made_at: quote.madeAt,
      valid_until: quote.validUntil,
    })
    .returning('id');
  return row.id;
}

/** The quote that holds for a request: its newest. */
export async function findQuote(db: Db, requestId: number): Promise<StoredQuote | undefined> {
  const row = await db('quotes').where({ request_id: requestId }).orderBy('id', 'desc').first();
  return (
    row && {
      id: row.id,
      ipCount: row.ip_count,
      heldCount: row.held_count,
      includedCount: row.included_count,
      unitCents: row.unit_cents,
      monthlyCents: row.monthly_cents,
      currency: row.currency,
      madeAt: row.made_at,
      validUntil: row.valid_until,
    }
  );
}

export type NewDecision = {
  readonly requestId: number;
  readonly reviewerId: number;
  readonly verdict: 'approve' | 'offer' | 'decline';
  readonly rank: 1 | 2;
  readonly grantedCount: number | null;
  readonly failedChecks: number;
  /** What the reviewer saw when deciding, as JSON. */
  readonly seen: string;
  readonly quoteId: number | null;
  /** The record of the step by which it was decided. */
  readonly eventId: number;
};

export async function insertDecision(trx: Db, decision: NewDecision): Promise<void> {
  await trx('decisions').insert({
    request_id: decision.requestId,
    reviewer_id: decision.reviewerId,
    verdict: decision.verdict,
    rank: decision.rank,
    granted_count: decision.grantedCount,
    failed_checks: decision.failedChecks,
    seen: decision.seen,
    quote_id: decision.quoteId,
    event_id: decision.eventId,
  });
}

/** Takes the standing decisions of a request out of force; they stay in its history. */
export async function voidDecisions(trx: Db, requestId: number, at: number): Promise<void> {
  await trx('decisions').where({ request_id: requestId }).whereNull('void_at').update({ void_at: at });
}

export type Decision = Pick<NewDecision, 'reviewerId' | 'verdict' | 'rank' | 'failedChecks' | 'seen'> & {
  readonly reviewer: string;
  readonly reason: string | null;
  readonly at: number;
};

/** The decisions that stand, first and second. */
export async function listStandingDecisions(db: Db, requestId: number): Promise<Decision[]> {
  const rows = await db('decisions as d')
    .join('people as p', 'p.id', 'd.reviewer_id')
    .join('audit_events as e', 'e.id', 'd.event_id')
    .leftJoin('messages as m', 'm.event_id', 'd.event_id')
    .where('d.request_id', requestId)
    .whereNull('d.void_at')
    .orderBy('d.rank')
    .select('d.*', 'p.name as reviewer', 'm.body as reason', 'e.at');
  return rows.map((row) => ({
    reviewerId: row.reviewer_id,
    reviewer: row.reviewer,
    verdict: row.verdict,
    rank: row.rank,
    failedChecks: row.failed_checks,
    seen: row.seen,
    reason: row.reason,
    at: row.at,
  }));
}

/** Keeps what somebody wrote when taking a step. */
export async function insertMessage(trx: Db, eventId: number, body: string): Promise<void> {
  await trx('messages').insert({ event_id: eventId, body });
}

/** What happened to a request, oldest first, with what was written. */
export async function listHistory(db: Db, requestId: number): Promise<HistoryEntry[]> {
  const rows = await db('audit_events as e')
    .leftJoin('messages as m', 'm.event_id', 'e.id')
    .leftJoin('people as p', 'p.id', 'e.actor_id')
    .where({ 'e.subject_type': 'request', 'e.subject_id': requestId })
    .orderBy('e.seq')
    .select('e.id', 'e.name', 'e.at', 'e.facts', 'm.body', 'p.name as actor');
  return rows.map((row) => ({
    name: row.name,
    at: row.at,
    facts: JSON.parse(row.facts),
    body: row.body,
    actor: row.actor,
  }));
}

/** Who asked the last question, if anybody did. */
export async function findAsker(db: Db, requestId: number): Promise<number | undefined> {
  const row = await db('audit_events')
    .where({ subject_type: 'request', subject_id: requestId, name: 'request.asked' })
    .orderBy('seq', 'desc')
    .first('actor_id');
  return row?.actor_id;
}

/** Requests whose time to answer is over. */
export async function listOverdueAnswers(db: Db, at: number, limit = 50): Promise<IpRequest[]> {
  const rows = await select(db)
    .whereIn('r.status', ['needs_info', 'offered'])
    .where('r.expires_at', '<=', at)
    .orderBy('r.expires_at')
    .limit(limit);
  return rows.map(fromRow);
}

/** The waitlist of one region, the one that waits longest first. */
export async function listWaitlist(db: Db, region: string, limit = 20): Promise<IpRequest[]> {
  const rows = await select(db)
    .where({ 'r.status': 'waitlisted', 'r.region': region })
    .orderBy('r.decided_at')
    .orderBy('r.id')
    .limit(limit);
  return rows.map(fromRow);
}
