// Leaving a request to the reviewers, inside the transaction in which it shows that Warmdesk does not approve it by itself.
import type { Act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { assign } from '../assignment/transition.ts';
import { tellChat } from '../chat/notify.ts';
import type { Evidence } from '../evidence/gather.ts';
import { notify } from '../notify.ts';
import type { IpRequest } from '../request.ts';
import { transitionEvent } from '../transition.ts';
import { clearAutomatic } from './store.ts';

/**
 * Leaves a request that the caller has locked to the reviewers, with `why` in sentences, and tells them of it as of a new one:
 * until now nobody was. One that somebody has, or has decided, is theirs already.
 */
export async function leaveToReviewers(
  act: Act,
  request: IpRequest,
  { evidence, why }: { readonly evidence: Evidence; readonly why: readonly string[] },
): Promise<void> {
  await clearAutomatic(act.trx, request.id);
  const eventId = await record(act, transitionEvent('request.leftToReviewers', request, null, { why: [...why] }));
  const { dueAt } = request;
  if (dueAt === null || request.pending || request.wasClaimed) return;
  const told = { verdict: evidence.recommendation.title, decideBy: dueAt };
  const isAssigned = evidence.policy.document.assignByLoad.value && (await assign(act, request, told));
  const notifications = { 'request-to-review': told };
  if (!isAssigned) await notify(act, 'submit', { request, eventId, notifications, to: ['reviewers'] });
  await tellChat(act, 'new', { request, eventId, dueAt });
}
