// What the customer does: send, answer, accept, withdraw. One act, one transaction each.
import type { Actor, Person } from '../../accounts/person.ts';
import { findAccount } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { type Said, saidOf } from '../../attachments/attachment.ts';
import { type Db, isDuplicate } from '../../database.ts';
import type { PolicyVersion } from '../../policy/document/version.ts';
import { type Result, refused } from '../../result.ts';
import { assign } from '../assignment/transition.ts';
import { gatherAutomaticAt } from '../automatic/gather.ts';
import { tellChat } from '../chat/notify.ts';
import { type Evidence, gatherEvidence, gatherEvidenceFor, type Subject } from '../evidence/gather.ts';
import { isBarredMember } from '../evidence/subject.ts';
import { fulfil } from '../fulfilment/transition.ts';
import { CUSTOMERS, notify } from '../notify.ts';
import { type Answers, reference } from '../request.ts';
import { joinedPoolSince, readBasis } from '../review/decision-basis.ts';
import { findByToken, findOpensOf } from '../store.ts';
import { findQuote, listDecisionsInForce } from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transition } from '../transition.ts';
import { askAboutPool } from '../waitlist/transition.ts';
import { type AccountPatterns, listNameable } from './gather.ts';
import { answer, receiptOf, storeRequest } from './transition.ts';

/** Somebody of an account who acts for it. */
export type Customer = Actor & { readonly person: Person };

export type SendProblem =
  /** The form was sent before: this is the request that it made. */
  | { readonly name: 'already-sent'; readonly id: number }
  /** A check blocks it, or what it would cost is not what was shown: the page is shown again with this evidence. */
  | { readonly name: 'blocked' | 'price-changed'; readonly evidence: Evidence };

export type NewRequestForm = {
  readonly answers: Answers;
  readonly formToken: string;
  /** The monthly price in cents that the page showed; null for the transactional pool. */
  readonly shownCents: number | null;
  /** What the account's domains send, where it was read already. */
  readonly mail?: AccountPatterns | undefined;
};

/** Gathers the evidence for what a customer is about to ask. Undefined where a domain is not the account's. */
export async function previewRequest(
  db: Db,
  { person, at }: Customer,
  policy: PolicyVersion,
  { answers, mail }: Pick<NewRequestForm, 'answers' | 'mail'>,
): Promise<Evidence | undefined> {
  const { accountId, accountRole: role } = person;
  const account = accountId === null ? undefined : await findAccount(db, accountId);
  if (!account || role === null) return undefined;
  const own = mail?.domains ?? (await listNameable(db, account.id, answers.kind));
  const domains = own.filter((domain) => answers.domainIds.includes(domain.id));
  if (domains.length !== answers.domainIds.length) return undefined;
  const open = (await findOpensOf(db, account.id))[answers.kind];
  const openRequest = open === undefined ? null : reference(open);
  const subject: Subject = { answers, account, requester: { name: person.name, role }, domains, openRequest, policy };
  return (await gatherEvidence(db, [subject], at, { days: mail?.days }))[0];
}

/**
 * Sends a request (R-01): stores it with its quote, records it, queues the receipt and the reviewers' mails.
 * The same form sent again changes nothing and is told which request it made. Undefined where a domain or the form is another account's: the caller's 404.
 */
export async function sendRequest(
  db: Db,
  actor: Customer,
  policy: PolicyVersion,
  form: NewRequestForm,
): Promise<Result<number, SendProblem> | undefined> {
  const { accountId } = actor.person;
  if (accountId === null) return undefined;
  const sent = await findByToken(db, form.formToken);
  if (sent) return sent.accountId === accountId ? refused({ name: 'already-sent', id: sent.id }) : undefined;
  const evidence = await previewRequest(db, actor, policy, form);
  if (!evidence) return undefined;
  const problem = problemOf(evidence, form.shownCents);
  if (problem !== null) {
    // The same form, sent twice at once, may have been stored since we looked; then our own request is the blocker.
    const since = await findByToken(db, form.formToken);
    return since ? sendRequest(db, actor, policy, { ...form, mail: undefined }) : refused({ name: problem, evidence });
  }
  try {
    return await act<number, SendProblem, Customer>(db, actor, (act) => store(act, accountId, form, evidence));
  } catch (error) {
    // The same form, or another open request, was faster: look again, and tell which.
    if (isDuplicate(error)) return sendRequest(db, actor, policy, { ...form, mail: undefined });
    throw error;
  }
}

/** What keeps answers from being sent: a check that blocks, or a price that is not the one that was shown (cents). */
export function problemOf(
  { findings, quote }: Evidence,
  shownCents: number | null,
): 'blocked' | 'price-changed' | null {
  if (findings.some((finding) => finding.verdict === 'blocks')) return 'blocked';
  return (quote?.monthlyCents ?? null) === shownCents ? null : 'price-changed';
}

async function store(
  act: Act<never, Customer>,
  accountId: number,
  form: NewRequestForm,
  evidence: Evidence,
): Promise<number> {
  const { policy } = evidence;
  const automaticAt = await gatherAutomaticAt(act.trx, { accountId, evidence }, act.actor.at);
  const { answers, formToken } = form;
  const { request, eventId, dueAt } = await storeRequest(act, {
    accountId,
    answers,
    formToken,
    evidence,
    automaticAt,
  });
  const notifications = {
    'request-received': receiptOf(evidence, dueAt, automaticAt),
    'request-to-review': { verdict: evidence.recommendation.title, decideBy: dueAt },
  };
  // Reviewers hear of it once it is left to them.
  const isTheirs = automaticAt === undefined;
  const isAssigned =
    isTheirs && policy.document.assignByLoad.value && (await assign(act, request, notifications['request-to-review']));
  const isForTeam = isTheirs && !isAssigned;
  await notify(act, 'submit', { request, eventId, notifications, ...(isForTeam ? {} : { to: CUSTOMERS }) });
  if (isTheirs) await tellChat(act, 'new', { request, eventId, dueAt });
  return request.id;
}

/** Answers the reviewer's question, as `answer` does. */
export const answerRequest = (db: Db, actor: Customer, id: number, said: string | Said) =>
  act<Taken, TransitionProblem, Customer>(db, actor, (act) => answer(act, id, saidOf(said)));

/**
 * Accepts what was offered, at the price of the offer: IPs, price and warm-up in one transaction; where the policy
 * names roles that may commit to a cost, by one of them (S-11). Where a domain joined the transactional pool since, its owner
 * is asked instead (C-06).
 */
export function acceptOffer(db: Db, actor: Customer, id: number) {
  return act<Taken, TransitionProblem>(db, actor, async (act) => {
    const request = await lockFor(act, id, 'accept');
    if (request.expiresAt !== null && request.expiresAt <= act.actor.at) {
      return act.refuse({
        name: 'not-possible',
        sentence: 'This offer has expired. Start a new request: your answers are filled in.',
      });
    }
    const [evidence] = await gatherEvidenceFor(act.trx, [request], act.actor.at);
    const price = await findQuote(act.trx, id);
    if (!evidence || !price) throw new Error(`request ${id} was offered without a quote`);
    const decision = (await listDecisionsInForce(act.trx, id)).at(-1);
    const { value: roles } = evidence.policy.document.mayCommitToCost;
    const { accountRole } = actor.person;
    if (roles !== null && (accountRole === null || !roles.includes(accountRole))) {
      return act.refuse({ name: 'not-yours' });
    }
    if (isBarredMember(accountRole, evidence)) return act.refuse({ name: 'not-yours' });
    const pooled = joinedPoolSince(decision && readBasis(decision.seen), evidence);
    if (pooled.length > 0) return askAboutPool(act, request, evidence, pooled);
    return fulfil(act, { step: 'accept', request, evidence, price, message: '' });
  });
}

/** Withdraws a request while it is open. Nothing was allocated yet, so nothing is to be given back. */
export function withdrawRequest(db: Db, actor: Customer, id: number) {
  return act<Taken, TransitionProblem>(db, actor, async (act) => {
    const request = await lockFor(act, id, 'withdraw');
    return transition(act, 'withdraw', request, {
      change: { dueAt: null },
      facts: {},
      notifications: { 'request-withdrawn': { by: actor.person.name } },
    });
  });
}
