import { randomUUID } from 'node:crypto';
import type { Actor } from '../accounts/person.ts';
import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { Db } from '../database.ts';
import type { Result } from '../result.ts';
import { isPlainAddress, type Mail } from './mail.ts';
import { siftMails } from './preferences/transition.ts';
import { findMail, insertMails, markBounced, type OutboxMail, requeueFailed, settleWaiting } from './store.ts';

/**
 * Puts mails into the outbox, in the transaction of what they tell: optional ones only where their reader wants them
 * at once. Nothing is sent here.
 * Throws where a recipient's address is not one plain address.
 */
export async function queueMail(act: Act, mails: readonly Mail[]): Promise<void> {
  const { trx, actor } = act;
  const bad = mails.find((mail) => !isPlainAddress(mail.to.email));
  if (bad) throw new Error(`person ${bad.to.id} has an address that no mail can be sent to`);
  const wanted = await siftMails(act, mails);
  if (wanted.length === 0) return;
  await insertMails(
    trx,
    wanted.map((mail) => ({ ...mail, messageKey: randomUUID() })),
    actor.at,
  );
}

export type AgainProblem = 'no such mail' | 'not failed';

/** Puts a failed mail back in the queue. It stays the same mail, with the same Message-ID. `subjectOf` names it in the record. */
export function sendAgain(
  db: Db,
  actor: Actor,
  id: number,
  subjectOf: (mail: OutboxMail) => string,
): Promise<Result<OutboxMail, AgainProblem>> {
  return act<OutboxMail, AgainProblem>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const mail = (await findMail(trx, id)) ?? refuse('no such mail');
    if (!(await requeueFailed(trx, id, actor.at))) return refuse('not failed');
    const facts = { to: mail.to.email, subject: subjectOf(mail) };
    await record(act, { name: 'mail.sentAgain', subject: { type: 'mail', id }, accountId: null, facts });
    return mail;
  });
}

/** Keeps that a mail came back, with what the mail server said that could not deliver it; once, however often that is reported. */
export async function recordBounce(act: Act, { id, to }: Pick<OutboxMail, 'id' | 'to'>, reply: string): Promise<void> {
  if (!(await markBounced(act.trx, id, act.actor.at, reply))) return;
  const facts = { to: to.email, reply };
  await record(act, { name: 'mail.bounced', subject: { type: 'mail', id }, accountId: null, facts });
}

/**
 * Counts the mails of a made-up past as sent when they were queued, so that starting a demo mails nobody.
 * Returns how many.
 */
export const settlePast = (trx: Db): Promise<number> => settleWaiting(trx, '250 sent before this demo began');
