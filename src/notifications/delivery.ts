// One try to send one claimed mail.
import type { Db } from '../database.ts';
import type { Log } from '../log.ts';
import { isPlainAddress } from './mail.ts';
import { type Outgoing, senderOf, type Transport } from './outgoing.ts';
import { type RenderSettings, renderMail } from './render.ts';
import { complaintOf, isRefusal, oneLine, waitAfter } from './retry.ts';
import type { OutboxMail } from './store.ts';

export type Outcome = 'sent' | 'retry' | 'failed' | 'late';

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
  /** Where answers to a mail come in, and where it comes back; not given: neither is read. */
  readonly addresses?: (mail: OutboxMail) => Pick<Outgoing, 'replyTo' | 'returnPath'>;
};

/** A claimed mail that was tried, and how that went. */
export type Tried = { readonly mail: OutboxMail; readonly token: string; readonly attempt: Attempt };

export type Attempt = { readonly is: 'sent' | 'failed' | 'retry'; readonly reply: string };

/** Tries one mail. Never throws: whatever keeps it from going out is told. */
export async function tryMail(mail: OutboxMail, giveUp: AbortSignal, delivery: Delivery): Promise<Attempt> {
  if (mail.isToDisabled) return { is: 'failed', reply: 'This person is disabled, so nothing is sent to them.' };
  if (!isPlainAddress(mail.to.email)) return { is: 'failed', reply: 'The address is not one plain mail address.' };
  let outgoing: Outgoing;
  try {
    outgoing = await compose(mail, delivery);
  } catch (error) {
    return { is: 'failed', reply: `The mail could not be written: ${complaintOf(error)}` };
  }
  try {
    const signal = AbortSignal.any([giveUp, AbortSignal.timeout(delivery.mailMs)]);
    return { is: 'sent', reply: oneLine(await delivery.transport.send(outgoing, signal)) };
  } catch (error) {
    const final = isRefusal(error) || waitAfter(mail.tries) === null;
    return { is: final ? 'failed' : 'retry', reply: complaintOf(error) };
  }
}

async function compose(mail: OutboxMail, { render, mailFrom, addresses }: Delivery): Promise<Outgoing> {
  const host = senderOf(mailFrom).address.split('@').at(-1);
  return {
    ...(await renderMail(mail, render)),
    to: { name: mail.to.name, address: mail.to.email },
    messageId: `<${mail.messageKey}@${host}>`,
    inReplyTo: mail.thread === null ? null : `<${mail.thread.toLowerCase()}@${host}>`,
    ...addresses?.(mail),
    date: mail.createdAt,
  };
}

/** Logs what became of a mail. */
export function report({ mail, attempt }: Tried, outcome: Outcome, { log }: Delivery): void {
  const line = { mailId: mail.id, template: mail.template, tries: mail.tries, reply: attempt.reply };
  if (outcome === 'late') log.warn(line, `mail ${attempt.is}, but its claim had ended`);
  else if (outcome === 'sent') log.info(line, 'mail sent');
  else log.warn(line, outcome === 'failed' ? 'mail failed' : 'mail not sent, tried again later');
}
