// The outbox: mails that wait, are being sent, were sent, or failed and wait for a person to look at.
import type { Db } from '../database.ts';
import type { Mail, Recipient } from './mail.ts';

export type OutboxStatus = 'waiting' | 'sending' | 'sent' | 'failed';

export type OutboxMail = {
  readonly id: number;
  /** The record that it tells of. */
  readonly eventId: number;
  readonly to: Recipient;
  /** True where the recipient was disabled since: nothing is sent to them any more. */
  readonly isToDisabled: boolean;
  /** A name of MailFacts, unless an older or newer Warmdesk wrote the row. */
  readonly template: string;
  readonly facts: unknown;
  readonly thread: string | null;
  /** The part of the Message-ID before the @; the same in every try. */
  readonly messageKey: string;
  readonly status: OutboxStatus;
  /** Tries so far; one that is under way counts. */
  readonly tries: number;
  readonly nextAt: number | null;
  readonly sentAt: number | null;
  /** What the mail server said last, or what else went wrong. */
  readonly reply: string | null;
  /** When it came back after a mail server had taken it, and what the server said that could not deliver it; null: it did not. */
  readonly bounced: { readonly at: number; readonly reply: string } | null;
  readonly createdAt: number;
};

/** Adds mails that are due at once. `messageKey` becomes the part of the Message-ID before the @. */
export async function insertMails(
  trx: Db,
  mails: readonly (Mail & { readonly messageKey: string })[],
  at: number,
): Promise<void> {
  await trx('outbox').insert(
    mails.map((mail) => ({
      event_id: mail.eventId,
      recipient_id: mail.to.id,
      to_address: mail.to.email,
      template: mail.template,
      facts: JSON.stringify(mail.facts),
      thread: mail.thread,
      message_id: mail.messageKey,
      status: 'waiting',
      next_at: at,
      created_at: at,
    })),
  );
}

/** Counts every mail that waits as sent when it was queued. Returns how many. */
export async function settleWaiting(trx: Db, reply: string): Promise<number> {
  return trx('outbox')
    .where({ status: 'waiting' })
    .update({ status: 'sent', next_at: null, sent_at: trx.ref('created_at'), smtp_reply: reply });
}

/**
 * Since when the mail that waits longest for a sender is due (UTC milliseconds), or null where none waits. One that a
 * mail server deferred is not due before its next try: it says nothing about whether Warmdesk works.
 */
export async function findLongestDue(db: Db): Promise<number | null> {
  const row = await db('outbox').where({ status: 'waiting' }).min({ due: 'next_at' }).first();
  return row?.due ?? null;
}

const mails = (db: Db) =>
  db('outbox as o')
    .join('people as p', 'p.id', 'o.recipient_id')
    .select('o.*', 'p.name as recipient_name', 'p.time_zone as recipient_zone', 'p.disabled_at as recipient_disabled');

/** Mails of these statuses, newest first: `limit` of them after the first `skip`. */
export async function listOutbox(
  db: Db,
  statuses: readonly OutboxStatus[],
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<OutboxMail[]> {
  const rows = await mails(db).whereIn('o.status', statuses).orderBy('o.id', 'desc').offset(skip).limit(limit);
  return rows.map(toMail);
}

/** Mails that came back, newest first: `limit` of them after the first `skip`. */
export async function listBounced(
  db: Db,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<OutboxMail[]> {
  const rows = await mails(db).whereNotNull('o.bounced_at').orderBy('o.id', 'desc').offset(skip).limit(limit);
  return rows.map(toMail);
}

/** Keeps that a mail came back, and why. False where that is known already. */
export async function markBounced(trx: Db, id: number, at: number, reply: string): Promise<boolean> {
  const changed = await trx('outbox').where({ id, bounced_at: null }).update({ bounced_at: at, bounce_reply: reply });
  return changed === 1;
}

/** How many mails failed and wait for a person, and how many wait or are being sent. */
export async function countUnsent(db: Db): Promise<{ failed: number; waiting: number }> {
  const rows: { status: OutboxStatus; n: number }[] = await db('outbox')
    .whereIn('status', ['failed', 'waiting', 'sending'])
    .groupBy('status')
    .select('status', db.raw('count(*) as n'));
  const of = (status: OutboxStatus) => rows.find((row) => row.status === status)?.n ?? 0;
  return { failed: of('failed'), waiting: of('waiting') + of('sending') };
}

export async function findMail(db: Db, id: number): Promise<OutboxMail | null> {
  const row = await mails(db).where('o.id', id).first();
  return row ? toMail(row) : null;
}

/** Whether a mail of ours has this key in its Message-ID. */
export const findKnownKey = async (db: Db, messageKey: string): Promise<boolean> =>
  (await db('outbox').where({ message_id: messageKey }).first('id')) !== undefined;

/** The mails with these ids, oldest first. */
export async function listMails(db: Db, ids: readonly number[]): Promise<OutboxMail[]> {
  return (
    await mails(db)
      .whereIn('o.id', [...ids])
      .orderBy('o.id')
  ).map(toMail);
}

/** Puts a failed mail back in the queue, with all its tries before it. False where it has not failed, or was queued again since. */
export async function requeueFailed(trx: Db, id: number, at: number): Promise<boolean> {
  const changed = await trx('outbox')
    .where({ id, status: 'failed' })
    .update({ status: 'waiting', attempts: 0, next_at: at });
  return changed === 1;
}

type Row = Record<string, unknown> & { facts: string };

function toMail(row: Row): OutboxMail {
  return {
    id: row.id,
    eventId: row.event_id,
    to: {
      id: row.recipient_id,
      email: row.to_address,
      name: row.recipient_name,
      timeZone: row.recipient_zone,
    },
    isToDisabled: row.recipient_disabled !== null,
    template: row.template,
    facts: JSON.parse(row.facts),
    thread: row.thread,
    messageKey: row.message_id,
    status: row.status,
    tries: row.attempts,
    nextAt: row.next_at,
    sentAt: row.sent_at,
    reply: row.smtp_reply,
    bounced: row.bounced_at === null ? null : { at: row.bounced_at, reply: row.bounce_reply },
    createdAt: row.created_at,
  } as OutboxMail;
}
