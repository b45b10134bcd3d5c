// Who may take a step on a request, apart from its status. Pure.
import { can } from '../accounts/permissions.ts';
import type { Person } from '../accounts/person.ts';
import type { Taker } from './lifecycle-line.ts';
import type { IpRequest } from './request.ts';

/** Why somebody may not take a step. */
export type Bar = 'not-open' | 'not-yours' | 'own-account' | 'own-proposal' | 'own-decline' | 'pending';

/** What the bars depend on. */
export type RequestState = Pick<IpRequest, 'status' | 'proposerId' | 'wasAppealed' | 'declinedBy' | 'pending'> & {
  readonly account: Pick<IpRequest['account'], 'id'>;
  readonly requester: Pick<IpRequest['requester'], 'id'>;
};

/** What keeps somebody from steps that are taken by `by`, whatever the request's status; null: nothing does. */
export function barOf(by: Taker, request: RequestState, person: Person | null): Bar | null {
  if (by === 'Warmdesk') return person === null ? null : 'not-yours';
  if (person === null) return 'not-yours';
  const isOfAccount = person.accountId === request.account.id;
  const isPayer = isOfAccount && (person.accountRole === 'admin' || person.accountRole === 'billing');
  switch (by) {
    case 'member':
      return isOfAccount ? null : 'not-yours';
    case 'requester or payer':
      return isPayer || (isOfAccount && person.id === request.requester.id) ? null : 'not-yours';
    case 'reviewer':
    case 'second reviewer':
      if (!can(person, 'review requests')) return 'not-yours';
      // nobody decides a request of their own or of their own account.
      if (isOfAccount || person.id === request.requester.id) return 'own-account';
      // the second reviewer is another one.
      if (by === 'second reviewer' && person.id === request.proposerId) return 'own-proposal';
      // A decline that was appealed is looked at by somebody else.
      if (request.wasAppealed && person.id === request.declinedBy) return 'own-decline';
      return request.pending ? 'pending' : null;
  }
}
