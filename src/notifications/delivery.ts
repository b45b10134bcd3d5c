// One try to send one claimed mail, and what becomes of its row.
import type { Db } from '../database.ts';
import type { Log } from '../log.ts';
import { finishHeld, finishRetry, finishSent } from './claims.ts';
import { isPlainAddress } from './mail.ts';
import { type RenderSettings, renderMail } from './render.ts';
import { complaintOf, isRefusal, waitAfter } from './retry.ts';
import type { OutboxMail } from './store.ts';
import { type Outgoing, senderOf, type Transport } from './transport.ts';

export type Outcome = 'sent' | 'retry' | 'held' | 'late';

/** What sending needs. */
export type Delivery = {
  readonly db: Db;
  readonly transport: Transport;
  readonly now: () => number;
  readonly log: Log;
  readonly mailFrom: string;
  readonly render: RenderSettings;
  /** The longest that one mail may take, milliseconds. */
  readonly mailMs: number;
};

/** Tries one mail and writes down how it went. `late`: the claim had ended, so nothing was written. */
export async function deliver(
  mail: OutboxMail,
  token: string,
  giveUp: AbortSignal,
  delivery: Delivery,
): Promise<Outcome> {
  const outcome = await attempt(mail, giveUp, delivery);
  const written = await writeDown(mail, token, outcome, delivery);
  const line = { mailId: mail.id, template: mail.template, tries: mail.tries, reply: outcome.reply };
  if (!written) delivery.log.warn(line, `mail ${outcome.is}, but its claim had ended`);
  else if (outcome.is === 'sent') delivery.log.info(line, 'mail sent');
  else delivery.log.warn(line, outcome.is === 'held' ? 'mail held' : 'mail not sent, tried again later');
  return written ? outcome.is : 'late';
}

type Attempt = { readonly is: 'sent' | 'held' | 'retry'; readonly reply: string };

async function attempt(mail: OutboxMail, giveUp: AbortSignal, delivery: Delivery): Promise<Attempt> {
  if (!isPlainAddress(mail.to.email)) return { is: 'held', reply: 'The address is not one plain mail address.' };
  let outgoing: Outgoing;
  try {
    outgoing = await compose(mail, delivery);
  } catch (error) {
    return { is: 'held', reply: `The mail could not be written: ${complaintOf(error)}` };
  }
  try {
    const signal = AbortSignal.any([giveUp, AbortSignal.timeout(delivery.mailMs)]);
    return { is: 'sent', reply: await delivery.transport.send(outgoing, signal) };
  } catch (error) {
    const final = isRefusal(error) || waitAfter(mail.tries) === null;
    return { is: final ? 'held' : 'retry', reply: complaintOf(error) };
  }
}

async function compose(mail: OutboxMail, { render, mailFrom }: Delivery): Promise<Outgoing> {
  const host = senderOf(mailFrom).address.split('@').at(-1);
  return {
    ...(await renderMail(mail, render)),
    to: { name: mail.to.name, address: mail.to.email },
    messageId: `<${mail.messageKey}@${host}>`,
    inReplyTo: mail.thread === null ? null : `<${mail.thread.toLowerCase()}@${host}>`,
    date: mail.createdAt,
  };
}

function writeDown(mail: OutboxMail, token: string, { is, reply }: Attempt, { db, now }: Delivery): Promise<boolean> {
  const claimed = { id: mail.id, token };
  if (is === 'sent') return finishSent(db, claimed, now(), reply);
  if (is === 'held') return finishHeld(db, claimed, reply);
  return finishRetry(db, claimed, now() + (waitAfter(mail.tries) ?? 0), reply);
}
