// Approving a request without a person, and leaving it to the reviewers, inside a running transaction.
import type { Act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { assign } from '../assignment/transition.ts';
import { tellChat } from '../chat/notify.ts';
import { type Evidence, gatherEvidenceFor } from '../evidence/gather.ts';
import { fulfil } from '../fulfilment/transition.ts';
import { notify } from '../notify.ts';
import type { IpRequest } from '../request.ts';
import { bindingQuote, decisionOf } from '../review/decide.ts';
import { insertDecision } from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transitionEvent } from '../transition.ts';
import { clearAutomatic } from './store.ts';

/**
 * Approves a request of which every check passes by `evidence`: step, effects, record and mails as of a reviewer's, with
 * nobody as the one who decides. The act is Warmdesk's own (S-12).
 */
export async function approveAutomatically(
  act: Act<TransitionProblem>,
  id: number,
  evidence: Evidence,
): Promise<Taken> {
  const request = await lockFor(act, id, 'approveAutomatically');
  const quote = await bindingQuote(act, request, evidence);
  const taken = await fulfil(act, { step: 'approveAutomatically', request, evidence, price: quote, message: '' });
  // Whether somebody waits for an IP that is not there is for a person to say.
  if (taken.request.status !== 'fulfilled')
    return act.refuse({ name: 'not-possible', sentence: 'Not enough IPs are free.' });
  await insertDecision(act.trx, decisionOf(act.actor, taken, evidence, { verdict: 'approve', rank: 1, quote }));
  return taken;
}

/** Why an automatic approval was not carried out, as a sentence. */
export const sentenceOf = (problem: TransitionProblem): string =>
  problem.name === 'not-possible' ? problem.sentence : 'It had moved on.';

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
