// What a customer writes about an open request without being asked.
import { act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import type { Customer } from '../customer/actions.ts';
import { notifyDesk } from '../notify.ts';
import { isOpen } from '../request.ts';
import { lockRequest } from '../store.ts';
import { type TransitionProblem, transitionEvent } from '../transition.ts';

/**
 * Adds a comment of a customer to an open request of theirs, and mails it to the person who has it on the desk; where nobody
 * has, to those who may decide it. It changes no status, so nobody's open page becomes stale.
 */
export function addComment(db: Db, actor: Customer, id: number, comment: string) {
  return act<number, TransitionProblem, Customer>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const request = await lockRequest(trx, id);
    if (!request || request.account.id !== actor.person.accountId) return refuse({ name: 'not-found' });
    if (!isOpen(request.status)) return refuse({ name: 'not-open' });
    const eventId = await record(act, transitionEvent('request.commented', request, null, {}), comment);
    const by = actor.person.name;
    await notifyDesk(act, { request, eventId, notifications: { 'request-commented': { by, comment } } });
    return eventId;
  });
}
