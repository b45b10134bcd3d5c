// Adding one IP at once (S-10, S-12): the request, its automatic approval and all that follows from it in one transaction.
import { holdAccount } from '../../accounts/actions.ts';
import { can } from '../../accounts/permissions.ts';
import { findActivePerson } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { type Db, isDuplicate } from '../../database.ts';
import type { PolicyVersion } from '../../policy/document/version.ts';
import { findNewestPolicy } from '../../policy/store.ts';
import type { Result } from '../../result.ts';
import { approveAutomatically, sentenceOf } from '../automatic/transition.ts';
import { type Customer, type NewRequestForm, previewRequest } from '../customer/actions.ts';
import { receiptOf, storeRequest } from '../customer/transition.ts';
import { CUSTOMERS, notify } from '../notify.ts';
import { findByToken } from '../store.ts';
import type { Taken, TransitionProblem } from '../transition.ts';
import { type Bars, gatherBars } from './gather.ts';

export type BuyProblem =
  /** A domain, or the form, is another account's. */
  | { readonly name: 'not-found' }
  /** The form was confirmed before: this is the request that it made. */
  | { readonly name: 'already-sent'; readonly id: number }
  /** The policy or the price is not the one that was shown. */
  | { readonly name: 'changed' }
  /** A person has to decide. */
  | ({ readonly name: 'not-clear' } & Bars);

/**
 * Adds one IP to the actor's account, if the policy and every check let it: the request is sent and approved by Warmdesk itself.
 * Returns the request's id. Of two at once one waits for the other, and counts it. The blocklists are to be asked before.
 */
export async function buyIp(
  db: Db,
  actor: Customer,
  policy: PolicyVersion,
  form: NewRequestForm,
): Promise<Result<number, BuyProblem>> {
  try {
    return await act<number, BuyProblem, Customer>(db, actor, (act) => buy(act, policy, form));
  } catch (error) {
    // An ordinary request was faster: it is open now, so that a person decides.
    if (isDuplicate(error)) return buyIp(db, actor, policy, form);
    throw error;
  }
}

async function buy(act: Act<BuyProblem, Customer>, policy: PolicyVersion, form: NewRequestForm): Promise<number> {
  const { trx, refuse } = act;
  const { accountId } = act.actor.person;
  if (accountId === null) return refuse({ name: 'not-found' });
  await holdAccount(trx, accountId);
  // S-11: who confirms may have lost the role while the blocklists were asked.
  const person = await findActivePerson(trx, act.actor.person.id);
  if (person?.accountId !== accountId || !can(person, 'manage own IPs')) return refuse({ name: 'not-found' });
  const sent = await findByToken(trx, form.formToken);
  if (sent) return refuse(sent.accountId === accountId ? { name: 'already-sent', id: sent.id } : { name: 'not-found' });
  const evidence = await previewRequest(trx, act.actor, policy, { answers: form.answers });
  if (!evidence) return refuse({ name: 'not-found' });
  const bars = await gatherBars(trx, accountId, evidence, act.actor.at);
  if (bars.why.length > 0) return refuse({ name: 'not-clear', ...bars });
  const isInForce = (await findNewestPolicy(trx, policy.document.name))?.id === policy.id;
  if (!isInForce || evidence.quote?.monthlyCents !== form.shownCents) return refuse({ name: 'changed' });
  const { answers, formToken } = form;
  const stored = await storeRequest(act, { accountId, answers, formToken, evidence, automaticAt: undefined });
  const { request, eventId, dueAt } = stored;
  const notifications = { 'request-received': receiptOf(evidence, dueAt, act.actor.at) };
  await notify(act, 'submit', { request, eventId, notifications, to: CUSTOMERS });
  const done = await approve(trx, request.id, evidence, act.actor.at);
  if (!done.ok) return refuse({ name: 'not-clear', why: [sentenceOf(done.problem)], isMonthly: false });
  return request.id;
}

/** Warmdesk's own step within the customer's act. */
const approve = (
  trx: Db,
  id: number,
  evidence: Parameters<typeof approveAutomatically>[2],
  at: number,
): Promise<Result<Taken, TransitionProblem>> =>
  act<Taken, TransitionProblem>(trx, { person: null, at }, (act) => approveAutomatically(act, id, evidence));
