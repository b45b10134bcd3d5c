import type { Db } from '../database.ts';
import type { Mail } from './mail.ts';

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

/** When the oldest mail that still waits was queued (UTC milliseconds), or null where none waits. */
export async function findOldestWaiting(db: Db): Promise<number | null> {
  const row = await db('outbox').whereIn('status', ['waiting', 'sending']).min({ oldest: 'created_at' }).first();
  return row?.oldest ?? null;
}
