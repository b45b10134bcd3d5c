import { randomUUID } from 'node:crypto';
import type { Actor } from '../accounts/person.ts';
import type { Db } from '../database.ts';
import { isPlainAddress, type Mail } from './mail.ts';
import { insertMails } from './store.ts';

/**
 * Puts mails into the outbox, in the transaction of what they tell. Nothing is sent here.
 * Throws where a recipient's address is not one plain address.
 */
export async function queueMail(trx: Db, actor: Actor, mails: readonly Mail[]): Promise<void> {
  const bad = mails.find((mail) => !isPlainAddress(mail.to.email));
  if (bad) throw new Error(`person ${bad.to.id} has an address that no mail can be sent to`);
  if (mails.length === 0) return;
  await insertMails(
    trx,
    mails.map((mail) => ({ ...mail, messageKey: randomUUID() })),
    actor.at,
  );
}
