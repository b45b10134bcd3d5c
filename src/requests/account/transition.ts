// Pricing an open request again after its account's plan changed or an IP was given back, inside the transaction of that.
import type { Act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { gatherDueAt } from '../clock/gather.ts';
import { gatherEvidenceFor } from '../evidence/gather.ts';
import { CUSTOMERS, notify } from '../notify.ts';
import type { IpRequest } from '../request.ts';
import { findRequest } from '../store.ts';
import { bindDecisionsTo, insertQuote, voidDecisions } from '../store-decisions.ts';
import { transition, transitionEvent } from '../transition.ts';
import { isDecided, type Requote } from './effects.ts';

/**
 * Returns a request its new quote. One that became dearer goes back to the reviewers, and what was decided on it is void;
 * otherwise decisions in force bind to the new, cheaper quote, and a place on the waitlist is kept.
 * `plan`: the new one's name; null: an IP was given back.
 */
export async function requote(
  act: Act<'changed'>,
  { request, beforeCents, isBack }: Requote,
  plan: string | null,
): Promise<void> {
  const { trx, actor } = act;
  const found = (await findRequest(trx, request.id)) as IpRequest;
  // What goes back is looked at as it was asked, not as it was approved.
  const current = isBack ? { ...found, approvedCount: null } : found;
  const [evidence] = await gatherEvidenceFor(trx, [current], actor.at);
  if (!evidence?.quote) throw new Error(`request ${request.id} has no price`);
  const { quote, policy } = evidence;
  const { monthlyCents, currency } = quote;
  const quoteId = await insertQuote(trx, request.id, policy.id, quote);
  const facts = { beforeCents, monthlyCents, currency };
  const dueAt = await gatherDueAt(trx, actor.at, policy.document);
  const notifications = {
    'request-requoted': { ...facts, plan, isBack },
    'request-to-review': { verdict: evidence.recommendation.title, decideBy: dueAt },
  };
  if (isBack) {
    await voidDecisions(trx, request.id, actor.at);
    const stepAct = { ...act, refuse: (): never => act.refuse('changed') };
    await transition(stepAct, 'requote', current, {
      change: { dueAt, approvedCount: null, decidedAt: null },
      facts,
      notifications,
    });
    return;
  }
  if (isDecided(current)) await bindDecisionsTo(trx, request.id, quoteId);
  const eventId = await record(act, transitionEvent('request.requoted', current, null, facts));
  await notify(act, 'requote', { request: current, eventId, notifications, to: CUSTOMERS });
}
