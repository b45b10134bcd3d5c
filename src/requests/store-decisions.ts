// What belongs to a request: its quotes, the decisions on it, and what was said.
import type { Attached } from '../attachments/attachment.ts';
import type { Db } from '../database.ts';
import type { Quote } from '../pricing/quote.ts';
import type { HistoryEntry } from './history.ts';
import type { Kind } from './request.ts';

export type StoredQuote = Omit<Quote, 'lines' | 'sentence'> & { readonly id: number };

export async function insertQuote(trx: Db, requestId: number, policyVersionId: number, quote: Quote): Promise<number> {
  const [row] = await trx('quotes')
    .insert({
      request_id: requestId,
      policy_version_id: policyVersionId,
      ip_count: quote.ipCount,
      held_count: quote.allocatedCount,
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
      allocatedCount: row.held_count,
      includedCount: row.included_count,
      unitCents: row.unit_cents,
      monthlyCents: row.monthly_cents,
      currency: row.currency,
      madeAt: row.made_at,
      validUntil: row.valid_until,
    }
  );
}

/** The price (cents a month) of the quote that holds for each of these requests: its newest. */
export async function listQuotedCents(db: Db, requestIds: readonly number[]): Promise<Map<number, number>> {
  const newest = db('quotes')
    .whereIn('request_id', [...requestIds])
    .groupBy('request_id')
    .max('id');
  const rows = await db('quotes').whereIn('id', newest).select('request_id', 'monthly_cents');
  return new Map(rows.map((row) => [row.request_id, row.monthly_cents]));
}

export type NewDecision = {
  readonly requestId: number;
  /** null: nobody decided it; it was approved automatically. */
  readonly reviewerId: number | null;
  readonly verdict: 'approve' | 'offer' | 'decline';
  readonly rank: 1 | 2;
  readonly approvedCount: number | null;
  readonly failedChecks: number;
  /** What the reviewer saw when deciding, as JSON. */
  readonly seen: string;
  readonly quoteId: number | null;
  /** The record of the step by which it was decided. */
  readonly eventId: number;
  /** When it counted (UTC milliseconds), and how long reviewers had had the request by then (working time, milliseconds); null: it needs a second one. */
  readonly decidedAt: number | null;
  readonly clockSpent: number | null;
};

export async function insertDecision(trx: Db, decision: NewDecision): Promise<void> {
  await trx('decisions').insert({
    request_id: decision.requestId,
    reviewer_id: decision.reviewerId,
    verdict: decision.verdict,
    rank: decision.rank,
    granted_count: decision.approvedCount,
    failed_checks: decision.failedChecks,
    seen: decision.seen,
    quote_id: decision.quoteId,
    event_id: decision.eventId,
    decided_at: decision.decidedAt,
    clock_spent: decision.clockSpent,
  });
}

/** The second reviewer agreed: the first approval of a request counts from then on, too. */
export async function settleFirstApproval(
  trx: Db,
  { requestId, decidedAt, clockSpent }: Pick<NewDecision, 'requestId' | 'decidedAt' | 'clockSpent'>,
): Promise<void> {
  await trx('decisions')
    .where({ request_id: requestId, rank: 1 })
    .whereNull('void_at')
    .update({ decided_at: decidedAt, clock_spent: clockSpent });
}

/** Takes the decisions of a request out of force; they stay in its history. */
export async function voidDecisions(trx: Db, requestId: number, at: number): Promise<void> {
  await trx('decisions').where({ request_id: requestId }).whereNull('void_at').update({ void_at: at });
}

/** Has the decisions in force on a request bind to another quote, which must not cost more. */
export async function bindDecisionsTo(trx: Db, requestId: number, quoteId: number): Promise<void> {
  await trx('decisions').where({ request_id: requestId }).whereNull('void_at').update({ quote_id: quoteId });
}

export type Decision = Pick<NewDecision, 'reviewerId' | 'verdict' | 'rank' | 'failedChecks' | 'seen'> & {
  readonly reviewer: string;
  readonly reason: string | null;
  readonly at: number;
};

/** The decisions in force, first and second. */
export async function listDecisionsInForce(db: Db, requestId: number): Promise<Decision[]> {
  const rows = await db('decisions as d')
    .leftJoin('people as p', 'p.id', 'd.reviewer_id')
    .join('audit_events as e', 'e.id', 'd.event_id')
    .leftJoin('messages as m', 'm.event_id', 'd.event_id')
    .where('d.request_id', requestId)
    .whereNull('d.void_at')
    .orderBy('d.rank')
    .select('d.*', 'p.name as reviewer', 'm.body as reason', 'e.at');
  return rows.map((row) => ({
    reviewerId: row.reviewer_id,
    reviewer: row.reviewer ?? 'Warmdesk',
    verdict: row.verdict,
    rank: row.rank,
    failedChecks: row.failed_checks,
    seen: row.seen,
    reason: row.reason,
    at: row.at,
  }));
}

/**
 * How long it took from sending to decision (milliseconds) in the newest `limit` requests of a kind that people decided since an
 * instant (UTC milliseconds).
 */
export async function listTimesToDecision(db: Db, kind: Kind, since: number, limit: number): Promise<number[]> {
  const rows: { submitted_at: number; decided_at: number }[] = await db('requests')
    .where({ kind, appealed_at: null })
    .where('decided_at', '>=', since)
    .whereNotExists((automatic) =>
      automatic
        .select('d.id')
        .from('decisions as d')
        .whereRaw('d.request_id = requests.id')
        .whereNull('d.void_at')
        .whereNull('d.reviewer_id'),
    )
    .orderBy('decided_at', 'desc')
    .limit(limit)
    .select('submitted_at', 'decided_at');
  return rows.map(({ submitted_at: sent, decided_at: decided }) => decided - sent);
}

type HistoryRow = Pick<HistoryEntry, 'name' | 'at' | 'body' | 'actor'> & {
  readonly id: number;
  readonly facts: string;
  readonly quoted: string;
  readonly files: number | null;
  readonly left_out: string | null;
  readonly file_id: number;
  readonly file: string;
  readonly file_type: Attached['type'];
  readonly bytes: number;
};

/** What happened to a request, oldest first, with what was written. */
export async function listHistory(db: Db, requestId: number): Promise<HistoryEntry[]> {
  const rows = await db('audit_events as e')
    .leftJoin('messages as m', 'm.event_id', 'e.id')
    .leftJoin('people as p', 'p.id', 'e.actor_id')
    .leftJoin('inbound_mails as i', 'i.event_id', 'e.id')
    .leftJoin('attachments as f', 'f.event_id', 'e.id')
    .where({ 'e.subject_type': 'request', 'e.subject_id': requestId })
    .orderBy(['e.seq', 'f.id'])
    .select('e.id', 'e.name', 'e.at', 'e.facts', 'm.body', 'p.name as actor', 'i.quoted', 'i.files', 'i.left_out')
    .select('f.id as file_id', 'f.name as file', 'f.type as file_type', 'f.bytes');
  // One row for each file of a record.
  return rows.flatMap((row, nth) => (row.id === rows[nth - 1]?.id ? [] : [toEntry(rows, nth)]));
}

function toEntry(rows: readonly HistoryRow[], nth: number): HistoryEntry {
  const row = rows[nth] as HistoryRow;
  const attached = rows.slice(nth).filter(({ id, file_id }) => id === row.id && file_id !== null);
  return {
    name: row.name,
    at: row.at,
    facts: JSON.parse(row.facts),
    body: row.body,
    actor: row.actor,
    ...(row.files === null ? {} : { mail: { quoted: row.quoted, files: row.files, leftOut: listIn(row.left_out) } }),
    ...(attached.length === 0
      ? {}
      : { files: attached.map((of) => ({ id: of.file_id, name: of.file, type: of.file_type, bytes: of.bytes })) }),
  };
}

const listIn = (json: string | null) => (json === null ? null : JSON.parse(json));

/** The domains of which the last question asks whether they leave the transactional pool; none where it is another question. */
export async function listPoolQuestion(db: Db, requestId: number): Promise<string[]> {
  const row = await db('audit_events')
    .where({ subject_type: 'request', subject_id: requestId })
    .whereIn('name', ['request.asked', 'request.poolAsked'])
    .orderBy('seq', 'desc')
    .first('name', 'facts');
  return row?.name === 'request.poolAsked' ? JSON.parse(row.facts).domains : [];
}

/** Who asked the last question, if anybody did. */
export async function findAsker(db: Db, requestId: number): Promise<number | undefined> {
  const row = await db('audit_events')
    .where({ subject_type: 'request', subject_id: requestId, name: 'request.asked' })
    .orderBy('seq', 'desc')
    .first('actor_id');
  return row?.actor_id;
}

/** The record of the last question that was put to the customer, if there was one. */
export async function findLastQuestion(db: Db, requestId: number): Promise<number | undefined> {
  const row = await db('audit_events')
    .where({ subject_type: 'request', subject_id: requestId })
    .whereIn('name', ['request.asked', 'request.poolAsked'])
    .orderBy('seq', 'desc')
    .first('id');
  return row?.id;
}
