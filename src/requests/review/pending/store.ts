import type { Db } from '../../../database.ts';
import type { Deciding } from './pending.ts';

/** A decision that has not taken effect. Times are UTC milliseconds; `ips`: how many it would take. */
export type Pending = Deciding & Waits;
/** The same as it is stored: its form is text, read by `readDeciding`. */
export type StoredPending = Waits & { readonly decision: string; readonly form: string };

type Waits = {
  readonly requestId: number;
  readonly personId: number;
  readonly ips: number;
  readonly decidedAt: number;
  readonly settlesAt: number;
};

export async function insertPending(trx: Db, pending: Pending): Promise<void> {
  await trx('pending_decisions').insert({
    request_id: pending.requestId,
    person_id: pending.personId,
    decision: pending.decision,
    form: JSON.stringify(pending.form),
    ips: pending.ips,
    decided_at: pending.decidedAt,
    settles_at: pending.settlesAt,
  });
}

/**
 * Deletes the pending decision of a request that the caller has locked, or one that takes effect `by` or `after` an instant
 * (UTC milliseconds) only. Returns it; undefined where there was none.
 */
export async function deletePending(
  trx: Db,
  requestId: number,
  settles: { readonly by?: number; readonly after?: number } = {},
): Promise<StoredPending | undefined> {
  const found = trx('pending_decisions').where({ request_id: requestId });
  if (settles.by !== undefined) found.where('settles_at', '<=', settles.by);
  if (settles.after !== undefined) found.where('settles_at', '>', settles.after);
  const row = await found.first();
  if (!row) return undefined;
  await trx('pending_decisions').where({ request_id: requestId }).delete();
  return {
    decision: row.decision,
    form: row.form,
    requestId: row.request_id,
    personId: row.person_id,
    ips: row.ips,
    decidedAt: row.decided_at,
    settlesAt: row.settles_at,
  };
}

/** Requests whose decision is due at the instant `at` (UTC milliseconds), the earliest first. */
export const listDue = (db: Db, at: number, limit = 100): Promise<number[]> =>
  db('pending_decisions')
    .where('settles_at', '<=', at)
    .orderBy(['settles_at', 'request_id'])
    .limit(limit)
    .pluck('request_id');
