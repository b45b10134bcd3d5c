// C-06: asking the owner of domains that joined the transactional pool, before IPs are given for them.
import type { Act } from '../../act.ts';
import { dayLength } from '../../day.ts';
import type { Evidence } from '../evidence/gather.ts';
import type { IpRequest } from '../request.ts';
import { voidDecisions } from '../store-decisions.ts';
import { type Taken, type TransitionProblem, transition } from '../transition.ts';

/**
 * C-06: a domain that joined the transactional pool since the decision is taken out of it neither by the waitlist nor by an
 * offer that is accepted: its owner decides, and a reviewer confirms.
 */
export async function askAboutPool(
  act: Act<TransitionProblem>,
  request: IpRequest,
  evidence: Evidence,
  domains: readonly string[],
): Promise<Taken> {
  const { trx, actor } = act;
  const answerBy = actor.at + evidence.policy.document.answerWithinDays.value * dayLength;
  await voidDecisions(trx, request.id, actor.at);
  const question = { domains: [...domains], answerBy, offered: request.status === 'offered' };
  // Warmdesk asks, also where a customer made it look.
  return transition({ ...act, actor: { person: null, at: actor.at } }, 'askAboutPool', request, {
    change: { dueAt: null, expiresAt: answerBy, approvedCount: null, decidedAt: null },
    facts: { domains: [...domains] },
    notifications: { 'request-pool-question': question },
  });
}
