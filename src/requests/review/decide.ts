// What reviewers decide: approve, confirm, offer, decline. One act, one transaction each; all bind to what was seen.
import type { Actor, Person } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import type { Db } from '../../database.ts';
import type { Quote } from '../../pricing/quote.ts';
import type { Result } from '../../result.ts';
import { declineOf } from '../declining.ts';
import { blockedSentence, failed } from '../evidence/failing.ts';
import { type Evidence, gatherEvidenceFor } from '../evidence/gather.ts';
import { fulfil } from '../fulfilment/transition.ts';
import type { IpRequest } from '../request.ts';
import {
  type Decision,
  findQuote,
  insertDecision,
  insertQuote,
  listDecisionsInForce,
  type NewDecision,
  type StoredQuote,
  settleFirstApproval,
  voidDecisions,
} from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transition } from '../transition.ts';
import { refuseUnticked } from './checklist/transition.ts';
import { basisOf, type DecisionBasis, differences, readBasis, withDrift, withSameVerdicts } from './decision-basis.ts';

/** Staff who decide. */
export type Reviewer = Actor & { readonly person: Person };
type Outcome = Promise<Result<Taken, TransitionProblem>>;
type Review = Act<TransitionProblem, Reviewer>;

/** A decision that was made a while ago and takes effect now; `isReserved`: the IPs that it allocates were kept for it. */
export type Settling = { readonly isReserved: boolean };

/** What a reviewer's form says of what it binds to, and why. */
type Form = { readonly seen: DecisionBasis; readonly reason: string; readonly settling?: Settling };

/**
 * Approves a request as it was asked. Against a failed check it needs a reason and goes to a second reviewer;
 * otherwise IPs, price and warm-up follow in the same transaction. Binds to what the reviewer saw. A required checklist
 * is ticked, or there is a reason.
 */
export function approveRequest(db: Db, actor: Reviewer, id: number, form: Form): Outcome {
  return act(db, actor, async (act) => {
    const request = await lockFor(act, id, 'approve');
    const evidence = await bind(act, request, form);
    refuseBlocked(act, evidence);
    if (!form.settling) await refuseUnticked(act, request, evidence, form.reason);
    const quote = await bindingQuote(act, request, evidence);
    const carried = { request, evidence, price: quote, message: form.reason, ...form.settling };
    const against = failed(evidence.findings).map((finding) => finding.title);
    const taken =
      against.length > 0
        ? await propose(act, request, form.reason, against)
        : await fulfil(act, { step: 'approve', ...carried });
    await insertDecision(act.trx, decisionOf(act.actor, taken, evidence, { verdict: 'approve', rank: 1, quote }));
    return taken;
  });
}

function propose(act: Review, request: IpRequest, reason: string, failedChecks: string[]) {
  return transition(act, 'propose', request, {
    change: { dueAt: request.dueAt },
    message: reason,
    facts: { failedChecks },
    notifications: {
      'request-second-review': {},
      'request-to-confirm': { reason, proposer: act.actor.person.name, failedChecks },
    },
  });
}

function refuseBlocked({ refuse }: Review, { findings }: Evidence): void {
  const sentence = blockedSentence(findings);
  if (sentence !== null) refuse({ name: 'not-possible', sentence });
}

/** The second reviewer agrees: the approval is carried out. What the first one saw must still be so. */
export function confirmApproval(db: Db, actor: Reviewer, id: number, form: Form): Outcome {
  return act(db, actor, async (act) => {
    const request = await lockFor(act, id, 'confirm');
    const evidence = await bind(act, request, form);
    refuseBlocked(act, evidence);
    const quote = await bindingQuote(act, request, evidence);
    const decisions = await listDecisionsInForce(act.trx, request.id);
    // What this reviewer agreed to counts, not what a figure of the same verdict has become since.
    const since = changedSinceFirst(decisions, request, evidence, form.settling && form.seen);
    if (since !== null) return act.refuse({ name: 'not-possible', sentence: since });
    const taken = await fulfil(act, {
      step: 'confirm',
      request,
      evidence,
      price: quote,
      message: form.reason,
      ...form.settling,
    });
    const decision = decisionOf(act.actor, taken, evidence, { verdict: 'approve', rank: 2, quote });
    await insertDecision(act.trx, decision);
    await settleFirstApproval(act.trx, decision);
    return taken;
  });
}

/** What keeps a second reviewer from agreeing: facts that changed from the first decision to `now`. null where none did. */
export function changedSinceFirst(
  decisions: readonly Decision[],
  request: IpRequest,
  evidence: Evidence,
  now: DecisionBasis = basisOf(request, evidence),
): string | null {
  const first = decisions.find((decision) => decision.rank === 1);
  const seen = first && readBasis(first.seen);
  const changed = seen ? differences(withDrift(seen, now), now, evidence) : ['The first decision cannot be read.'];
  if (changed.length === 0) return null;
  return `Since ${first?.reviewer ?? 'the first reviewer'} decided, this changed: ${changed.join(' ')} Send it back, so that it is looked at again.`;
}

/** Offers fewer IPs than were asked for, at their own price. The customer accepts while the quote holds, or it expires. */
export function offerFewer(
  db: Db,
  actor: Reviewer,
  id: number,
  form: Form & { readonly approvedCount: number },
): Outcome {
  return act(db, actor, async (act) => {
    const { trx, refuse } = act;
    const request = await lockFor(act, id, 'offer');
    await bind(act, request, form);
    const { answers } = request;
    const isFewer = answers.kind === 'dedicated_ip' && form.approvedCount >= 1 && form.approvedCount < answers.ipCount;
    if (!isFewer || !Number.isInteger(form.approvedCount)) {
      return refuse({
        name: 'not-possible',
        sentence: 'An offer is for fewer IPs than were asked for, and at least one.',
      });
    }
    const evidence = await evidenceOf(trx, request, act.actor.at, form.approvedCount);
    const { quote } = evidence;
    if (failed(evidence.findings).length > 0 || !quote) {
      return refuse({
        name: 'not-possible',
        sentence: 'A check still fails at that number. Offer fewer, or decline.',
      });
    }
    const quoteId = await insertQuote(trx, id, evidence.policy.id, quote);
    const terms = { asked: answers.ipCount, granted: form.approvedCount };
    const { monthlyCents, currency, validUntil: acceptBy } = quote;
    const taken = await transition(act, 'offer', request, {
      change: { dueAt: null, approvedCount: form.approvedCount, expiresAt: acceptBy },
      message: form.reason,
      facts: terms,
      notifications: { 'request-offered': { ...terms, reason: form.reason, monthlyCents, currency, acceptBy } },
    });
    const decision = decisionOf(act.actor, taken, evidence, { verdict: 'offer', rank: 1, quote: { id: quoteId } });
    await insertDecision(trx, { ...decision, approvedCount: form.approvedCount });
    return taken;
  });
}

/** Declines with a reason that the customer reads, and with what would make it pass. */
export function declineRequest(db: Db, actor: Reviewer, id: number, form: Form): Outcome {
  return act(db, actor, async (act) => {
    const { trx } = act;
    const request = await lockFor(act, id, 'decline');
    const evidence = await bind(act, request, form);
    const quote = (await findQuote(trx, id)) ?? null;
    const why = declineOf(evidence.findings);
    const taken = await transition(act, 'decline', request, {
      change: { dueAt: null, decidedAt: act.actor.at, declinedBy: actor.person.id },
      message: form.reason,
      facts: why,
      notifications: {
        'request-declined': { reason: form.reason, ...why },
        'request-decided': { outcome: 'declined', by: actor.person.name },
      },
    });
    await voidDecisions(trx, id, act.actor.at);
    const decision = decisionOf(act.actor, taken, evidence, { verdict: 'decline', rank: 1, quote });
    await insertDecision(trx, { ...decision, approvedCount: null });
    return taken;
  });
}

/** The evidence on one request, read in the running transaction. */
export async function evidenceOf(db: Db, request: IpRequest, at: number, approvedCount?: number): Promise<Evidence> {
  const [evidence] = await gatherEvidenceFor(db, [request], at, approvedCount);
  if (!evidence) throw new Error(`request ${request.id} has no evidence`);
  return evidence;
}

/** Looks again at everything the decision is based on. Refuses where it is not what the reviewer saw, or about their own account. */
async function bind({ trx, actor, refuse }: Review, request: IpRequest, { seen, settling }: Form): Promise<Evidence> {
  const evidence = await evidenceOf(trx, request, actor.at);
  if (evidence.domains.some((domain) => domain.accountId === actor.person.accountId)) refuse({ name: 'own-account' });
  const now = basisOf(request, evidence);
  const changed = differences(settling ? withSameVerdicts(seen, now) : seen, now, evidence);
  if (seen.version !== now.version) changed.unshift('The request moved on since you opened the page.');
  return changed.length > 0 ? refuse({ name: 'changed', differences: changed }) : evidence;
}

/**
 * The price that an approval fixes: the quote that the customer was shown, or a new one where it became cheaper.
 * A dearer one is for the customer to agree to, not for the reviewer. null for the transactional pool.
 */
export async function bindingQuote(
  { trx, refuse }: Act<TransitionProblem>,
  request: IpRequest,
  evidence: Evidence,
): Promise<(Quote & { readonly id: number }) | StoredQuote | null> {
  const shown = await findQuote(trx, request.id);
  const { quote: now } = evidence;
  if (!shown || !now) return null;
  if (now.monthlyCents === shown.monthlyCents) return shown;
  if (now.monthlyCents < shown.monthlyCents) {
    return { ...now, id: await insertQuote(trx, request.id, evidence.policy.id, now) };
  }
  return refuse({
    name: 'not-possible',
    sentence:
      'The price rose since the customer saw it. Decline with that reason, so that the customer can ask again at the new price.',
  });
}

/** A decision of the actor on what `evidence` says; of nobody where Warmdesk itself acts. */
export function decisionOf(
  actor: Actor,
  taken: Taken,
  evidence: Evidence,
  details: Pick<NewDecision, 'verdict' | 'rank'> & { readonly quote: { readonly id: number } | null },
): NewDecision {
  const { request, eventId } = taken;
  const { verdict, rank, quote } = details;
  const needsSecond = request.status === 'second_review';
  return {
    verdict,
    rank,
    requestId: request.id,
    reviewerId: actor.person?.id ?? null,
    approvedCount: request.answers.kind === 'dedicated_ip' ? request.answers.ipCount : null,
    failedChecks: failed(evidence.findings).length,
    seen: JSON.stringify(basisOf(request, evidence)),
    quoteId: quote?.id ?? null,
    eventId,
    decidedAt: needsSecond ? null : actor.at,
    clockSpent: needsSecond ? null : request.clock.spent,
  };
}
