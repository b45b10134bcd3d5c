// Leaving a request to the reviewers, inside the transaction in which it shows that Warmdesk does not approve it by itself.
import type { Act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { assign } from '../assignment/transition.ts';
import { tellChat } from '../chat/notify.ts';
import { type Evidence, gatherEvidenceFor } from '../evidence/gather.ts';
import { notify } from '../notify.ts';
import type { IpRequest } from '../request.ts';
import { transitionEvent } from '../transition.ts';
import { clearAutomatic } from './store.ts';

/**
 * Leaves a request that the caller has locked to the reviewers, with `why` in sentences, and tells them of it as of a new one:
 * until now nobody was. One that somebody has is theirs already; one that is decided may come back if that is undone.
 */
export async function leaveToReviewers(
  act: Act,
  request: IpRequest,
  { evidence, why }: { readonly evidence: Evidence; readonly why: readonly string[] },
): Promise<void> {
  await clearAutomatic(act.trx, request.id);
  const eventId = await record(act, transitionEvent('request.leftToReviewers', request, null, { why: [...why] }));
  const { dueAt } = request;
  if (dueAt === null || request.wasClaimed) return;
  const told = { verdict: evidence.recommendation.title, decideBy: dueAt };
  const isFree = request.pending === undefined;
  const isAssigned = isFree && evidence.policy.document.assignByLoad.value && (await assign(act, request, told));
  if (!isAssigned) await tellReviewers(act, request, { eventId, told });
  await tellChat(act, 'new', { request, eventId, dueAt });
}

/** Tells the reviewers of a request that one of them took up before Warmdesk looked at it: it may come back to the queue. */
export async function tellOfTaken(act: Act, request: IpRequest, eventId: number): Promise<void> {
  const { automaticAt, dueAt } = request;
  if (automaticAt === undefined || dueAt === null) return;
  const [evidence] = await gatherEvidenceFor(act.trx, [request], act.actor.at);
  const told = { verdict: evidence?.recommendation.title ?? '', decideBy: dueAt };
  await tellReviewers(act, request, { eventId, told });
  await tellChat(act, 'new', { request, eventId, dueAt });
}

type Telling = { readonly eventId: number; readonly told: { readonly verdict: string; readonly decideBy: number } };

const tellReviewers = (act: Act, request: IpRequest, { eventId, told }: Telling): Promise<void> =>
  notify(act, 'submit', { request, eventId, notifications: { 'request-to-review': told }, to: ['reviewers'] });
