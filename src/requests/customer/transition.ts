// What a customer does inside a running transaction.
import type { Actor, Person } from '../../accounts/person.ts';
import type { Act } from '../../act.ts';
import { namesOf, type Said } from '../../attachments/attachment.ts';
import { record } from '../../audit/actions.ts';
import { keepAll } from '../../domains/actions.ts';
import { lookSoon } from '../../domains/records/actions.ts';
import { gatherResumedAt, gatherStart } from '../clock/gather.ts';
import type { Evidence } from '../evidence/gather.ts';
import { type Answers, type IpRequest, reference, writtenIn } from '../request.ts';
import { findRequest } from '../store.ts';
import { insertQuote, listPoolQuestion } from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transition, transitionEvent } from '../transition.ts';
import { insertRequest } from './store.ts';

/** One of the account who answers. */
type Answering = Actor & { readonly person: Person };

/** Answers the reviewer's question: the request goes back to the reviewers, with at least two hours on its clock. */
export async function answer(
  act: Act<TransitionProblem, Answering>,
  id: number,
  { text, files }: Said,
): Promise<Taken> {
  const { trx, actor } = act;
  const request = await lockFor(act, id, 'answer');
  // That question has a form of its own.
  if ((await listPoolQuestion(trx, id)).length > 0) return act.refuse({ name: 'not-open' });
  return transition(act, 'answer', request, {
    change: { dueAt: await gatherResumedAt(trx, request, actor.at) },
    message: text,
    files,
    facts: {},
    notifications: { 'request-answered': { answer: text, by: actor.person.name, ...namesOf(files) } },
  });
}

/** A form to be stored as a request. */
type Sent = {
  readonly accountId: number;
  readonly answers: Answers;
  readonly formToken: string;
  readonly evidence: Evidence;
  /** When Warmdesk looks whether it approves it by itself (UTC milliseconds); undefined: it does not. */
  readonly automaticAt: number | undefined;
};

/** A request that was stored, its record, and when a decision on it is due (UTC milliseconds). */
export type Stored = { readonly request: IpRequest; readonly eventId: number; readonly dueAt: number };

/** Stores a request with its quote and records it; whom to tell is for the caller. */
export async function storeRequest(act: Act<never, Answering>, sent: Sent): Promise<Stored> {
  const { trx, actor } = act;
  const { accountId, answers, formToken, evidence } = sent;
  const { policy, quote } = evidence;
  const start = await gatherStart(trx, actor.at, policy.document);
  await keepAll(act, evidence.domains);
  const id = await insertRequest(trx, {
    accountId,
    requesterId: actor.person.id,
    formToken,
    policyVersionId: policy.id,
    answers,
    at: actor.at,
    automaticAt: sent.automaticAt ?? null,
    ...start,
  });
  // The reviewer decides by what DNS says then.
  await lookSoon(act, evidence.domains);
  if (quote) await insertQuote(trx, id, policy.id, quote);
  const request = (await findRequest(trx, id)) as IpRequest;
  const facts = { reference: reference(id) };
  const event = transitionEvent('request.submitted', { ...request, isNew: true }, 'submitted', facts);
  return { request, eventId: await record(act, event, { written: writtenIn(answers) }), dueAt: start.dueAt };
}

/** What the receipt says of a request that was stored; `automaticAt`: when it is approved without a person, if it is. */
export const receiptOf = ({ policy, quote, findings }: Evidence, dueAt: number, automaticAt: number | undefined) => ({
  decideBy: dueAt,
  monthlyCents: quote?.monthlyCents ?? 0,
  currency: policy.document.currency,
  findings: findings.map(({ customer, verdict }) => ({ title: customer.title, ok: verdict === 'passes' })),
  ...(automaticAt === undefined ? {} : { automaticAt }),
});
