// Whose mail an address takes, and what keeps it from taking any: read from several slices.
import { findListsOf } from '../accounts/addresses/store.ts';
import { can } from '../accounts/permissions.ts';
import type { Person } from '../accounts/person.ts';
import { findAccount, findActivePerson } from '../accounts/store.ts';
import type { Db } from '../database.ts';
import type { Refusal } from '../mail-listener.ts';
import { findMail, type OutboxMail } from '../notifications/store.ts';
import { takesReplies } from '../requests/mails/replies.ts';
import { type IpRequest, idOfReference, isOpen, reference } from '../requests/request.ts';
import { findRequestOf } from '../requests/store.ts';
import { findLastQuestion } from '../requests/store-decisions.ts';
import { isGenuine, readAddress } from './address.ts';
import { countInboundSince } from './store.ts';

const DAY = 86_400_000;
/** A mailbox that somebody else gets hold of later is full of such addresses; a request that is open for longer sends new ones. */
export const REPLIES_LAST_MS = 90 * DAY;
/** More mails than a conversation has in a day: a loop without any mark of one, or somebody who floods. */
const MOST_A_DAY = 50;
/** Reports about all mails to one person: each recipient of a mail can read their address in it. */
const MOST_BOUNCES_A_DAY = 200;

export type Inbox = { readonly db: Db; readonly secret: string; readonly domain: string };

/** A reply address: whose it is, and what can be done with what comes there. */
export type ReplyTo = {
  readonly purpose: 'reply';
  readonly mail: OutboxMail;
  readonly person: Person & { readonly accountId: number };
  readonly request: IpRequest;
  /** Whether what comes there answers the question that is open. */
  readonly isAnswer: boolean;
  readonly isLimited: boolean;
};
export type Recipient = ReplyTo | { readonly purpose: 'bounce'; readonly mail: OutboxMail };

const refused = (sentence: string, code = 550): Refusal => ({ code, sentence });

/** Whose mail an address takes at the instant `at` (UTC milliseconds), or why it takes none. */
export async function gatherRecipient(inbox: Inbox, address: string, at: number): Promise<Recipient | Refusal> {
  const { db, secret, domain } = inbox;
  const addressed = readAddress(address, domain);
  const mail = addressed && (await findMail(db, addressed.mailId));
  if (!addressed || !mail || !isGenuine(secret, addressed, mail)) return refused('5.1.1 There is no such address.');
  if (addressed.purpose === 'bounce') {
    const ofPerson = { requestId: null, personId: mail.to.id };
    if ((await countInboundSince(db, ofPerson, at - DAY)) >= MOST_BOUNCES_A_DAY)
      return refused('4.7.1 Too many reports arrived today. Try again tomorrow.', 451);
    return { purpose: 'bounce', mail };
  }
  if (mail.createdAt < at - REPLIES_LAST_MS) {
    return refused('5.7.1 This address has expired. Write on the page of the request instead.');
  }
  const id = idOfReference(mail.thread ?? '');
  const person = await findWriter(db, mail.to.id);
  const request = person && id !== undefined ? await findRequestOf(db, person.accountId, id) : undefined;
  if (!person || !request || !takesReplies(mail)) return refused('5.7.1 This address no longer accepts mail from you.');
  if (!isOpen(request.status)) return refused(`5.7.1 ${reference(request.id)} is closed, so it takes no comments.`);
  const ofBoth = { requestId: request.id, personId: person.id };
  if ((await countInboundSince(db, ofBoth, at - DAY)) >= MOST_A_DAY) {
    return refused('4.7.1 Too many mails arrived at this address today. Try again tomorrow.', 451);
  }
  // A reply to another mail crossed with the question, or is about something else.
  const isAnswer =
    request.status === 'needs_info' &&
    mail.template === 'request-question' &&
    (await findLastQuestion(db, request.id)) === mail.eventId;
  return { purpose: 'reply', mail, person, request, isAnswer, isLimited: (await findListsOf(db, person)).length > 0 };
}

/** Who may still act for an account: neither disabled nor of a closed account. */
async function findWriter(db: Db, personId: number): Promise<ReplyTo['person'] | null> {
  const person = await findActivePerson(db, personId);
  if (!person || person.accountId === null || !can(person, 'see own account')) return null;
  const account = await findAccount(db, person.accountId);
  return account && account.status !== 'closed' ? { ...person, accountId: person.accountId } : null;
}

export const isRefusal = (found: Recipient | Refusal): found is Refusal => 'sentence' in found;
