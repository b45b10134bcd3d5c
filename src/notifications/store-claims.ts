// Claims on the outbox: who is sending which mails. A claim has a token and an end; only the token's holder may say how
// the tries went, so a sender that hung and wakes after its claim ended changes nothing.
import { type Db, skippingLocked } from '../database.ts';
import { listMails, type OutboxMail } from './store.ts';

export type Claim = {
  readonly token: string;
  readonly now: number;
  /** When the claim ends, unless the tries are over before. */
  readonly until: number;
  /** This many of the longest due, and this many of the youngest: a long queue keeps no fresh mail waiting. */
  readonly oldest: number;
  readonly youngest: number;
};

/** Claims mails that are due, in one statement. Returns those that it got. */
export async function claimDue(db: Db, claim: Claim): Promise<OutboxMail[]> {
  const due = (count: number, ...order: { column: string; order?: string }[]) => {
    const waiting = db('outbox').where('status', 'waiting').where('next_at', '<=', claim.now);
    return skippingLocked(db, waiting.orderBy(order).limit(count)).as('due');
  };
  const claimed: { id: number }[] = await db('outbox')
    .whereIn('id', (ids) =>
      ids
        .select('id')
        .from(due(claim.oldest, { column: 'next_at' }, { column: 'id' }))
        .unionAll(db.select('id').from(due(claim.youngest, { column: 'id', order: 'desc' }))),
    )
    .update({
      status: 'sending',
      next_at: null,
      claim_token: claim.token,
      claimed_until: claim.until,
      attempts: db.raw('attempts + 1'),
    })
    .returning('id');
  return listMails(
    db,
    claimed.map(({ id }) => id),
  );
}

/** Whether there is anything to do: a mail that is due, or a claim that has ended. Only reads. */
export async function hasWork(db: Db, now: number): Promise<boolean> {
  const row = await db('outbox')
    .where((due) => due.where('status', 'waiting').where('next_at', '<=', now))
    .orWhere((ended) => ended.where('status', 'sending').where('claimed_until', '<', now))
    .first('id');
  return row !== undefined;
}

/** Puts mails back in the queue whose sender did not say in time how it went. Returns how many. */
export async function returnExpiredClaims(db: Db, now: number): Promise<number> {
  return db('outbox')
    .where('status', 'sending')
    .where('claimed_until', '<', now)
    .update({ status: 'waiting', next_at: now, claim_token: null, claimed_until: null });
}

type Try = { readonly id: number; readonly token: string };

/** The server took the mail. False where the claim is not ours any more. */
export const finishSent = (db: Db, claimed: Try, at: number, reply: string): Promise<boolean> =>
  finish(db, claimed, { status: 'sent', sent_at: at, smtp_reply: reply });

/** Not now: tried again at `nextAt`. */
export const finishRetry = (db: Db, claimed: Try, nextAt: number, reply: string): Promise<boolean> =>
  finish(db, claimed, { status: 'waiting', next_at: nextAt, smtp_reply: reply });

/** Not at all, unless a person looks at it. */
export const finishFailed = (db: Db, claimed: Try, reply: string): Promise<boolean> =>
  finish(db, claimed, { status: 'failed', smtp_reply: reply });

async function finish(db: Db, { id, token }: Try, change: Record<string, unknown>): Promise<boolean> {
  const changed = await db('outbox')
    .where({ id, status: 'sending', claim_token: token })
    .update({ ...change, claim_token: null, claimed_until: null });
  return changed === 1;
}
