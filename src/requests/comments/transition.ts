// Words that are added to an open request, inside a running transaction. They change no status.
import type { Act } from '../../act.ts';
import { namesOf, type Said } from '../../attachments/attachment.ts';
import { attach } from '../../attachments/transition.ts';
import { record } from '../../audit/actions.ts';
import type { Customer } from '../customer/actions.ts';
import { notifyDesk } from '../notify.ts';
import { type IpRequest, isOpen } from '../request.ts';
import { lockRequest } from '../store.ts';
import { type TransitionProblem, transitionEvent } from '../transition.ts';

type Adding = Act<TransitionProblem>;

/** `of`: whose it has to be, an account's id or anybody's. Others are not even told that it is closed. */
async function lockOpen({ trx, refuse }: Adding, id: number, of: number | null | 'anybody'): Promise<IpRequest> {
  const request = await lockRequest(trx, id);
  if (!request || (of !== 'anybody' && request.account.id !== of)) return refuse({ name: 'not-found' });
  return isOpen(request.status) ? request : refuse({ name: 'not-open' });
}

/** Adds a comment of a customer, with its files, to an open request of theirs. Returns the record's id. */
export async function comment(
  act: Act<TransitionProblem, Customer>,
  id: number,
  { text, files }: Said,
): Promise<number> {
  const { person } = act.actor;
  const request = await lockOpen(act, id, person.accountId);
  const eventId = await record(act, transitionEvent('request.commented', request, null, {}), text);
  await attach(act, { eventId, accountId: request.account.id }, files);
  await notifyDesk(act, {
    request,
    eventId,
    notifications: { 'request-commented': { by: person.name, comment: text, ...namesOf(files) } },
  });
  return eventId;
}

/**
 * Adds a mail, with its files, to an open request that one of the staff took out of quarantine, as what it is: from an address, not from a
 * person. Returns the record's id.
 */
export async function addMail(
  act: Adding,
  id: number,
  { from, text, files }: Said & { readonly from: string },
): Promise<number> {
  const request = await lockOpen(act, id, 'anybody');
  const eventId = await record(act, transitionEvent('request.mailAccepted', request, null, { from }), text);
  await attach(act, { eventId, accountId: request.account.id }, files);
  const facts = { by: from, comment: text, ...namesOf(files) };
  await notifyDesk(act, { request, eventId, notifications: { 'request-commented': facts } });
  return eventId;
}
