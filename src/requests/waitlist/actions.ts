// What a customer decides when the waitlist asks. One act, one transaction each.
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { gatherDueAt } from '../clock/gather.ts';
import type { Customer } from '../customer/actions.ts';
import { deleteDomainsOf } from '../domains/store.ts';
import { gatherEvidenceFor } from '../evidence/gather.ts';
import { listPoolQuestion } from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transition } from '../transition.ts';

/**
 * C-06: whether the domains that joined the transactional pool leave it for the IPs. Where they stay they are no longer part of the
 * request. A reviewer confirms it; the place on the waitlist is kept.
 */
export function decidePool(db: Db, actor: Customer, id: number, leaves: boolean) {
  return act<Taken, TransitionProblem>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const request = await lockFor(act, id, 'decidePool');
    const asked = await listPoolQuestion(trx, id);
    if (asked.length === 0) return refuse({ name: 'not-open' });
    const [before] = await gatherEvidenceFor(trx, [request], actor.at);
    if (!before) throw new Error(`request ${id} has no evidence`);
    const staying = before.domains.filter(({ name }) => asked.includes(name));
    if (!leaves && staying.length === before.domains.length) {
      return refuse({
        name: 'not-possible',
        sentence: 'Without these domains nothing is left of this request. To keep them in the pool, withdraw it.',
      });
    }
    if (!leaves)
      await deleteDomainsOf(
        trx,
        id,
        staying.map((domain) => domain.id),
      );
    const [evidence] = leaves ? [before] : await gatherEvidenceFor(trx, [request], actor.at);
    const decideBy = await gatherDueAt(trx, actor.at, before.policy.document);
    return transition(act, 'decidePool', request, {
      change: { dueAt: decideBy },
      facts: { domains: asked, leaves },
      notifications: {
        'request-pool-decided': {
          domains: asked,
          leaves,
          by: actor.person.name,
          decideBy,
          waits: request.waitsSince !== null,
        },
        'request-to-review': { verdict: (evidence ?? before).recommendation.title, decideBy },
      },
    });
  });
}
