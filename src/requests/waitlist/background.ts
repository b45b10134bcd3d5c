// Serves the waitlist. Who is served is looked at once more, with the facts of that day. Run from the loop in main.ts.
import type { Actor } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import type { Db } from '../../database.ts';
import type { Result } from '../../result.ts';
import { gatherDueAt } from '../clock/gather.ts';
import { type Evidence, gatherEvidenceFor } from '../evidence/gather.ts';
import { fulfil } from '../fulfilment/transition.ts';
import type { IpRequest } from '../request.ts';
import { basisOf, failsSince, joinedPoolSince, readBasis } from '../review/decision-basis.ts';
import { findQuote, listDecisionsInForce, voidDecisions } from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transition } from '../transition.ts';
import { gatherWaiting } from './gather.ts';
import { serveOrder } from './serve-order.ts';
import { countFree } from './store.ts';
import { askAboutPool } from './transition.ts';

/**
 * Gives IPs that became free to those who wait, in their order, each at the price that was approved. Whose request fails a
 * check now goes back to the reviewers or asks its customer, and those behind are served instead. Returns how many were
 * served. What goes wrong with one holds up none behind it, and is thrown at the end.
 */
export async function serveWaitlist(db: Db, at: number): Promise<number> {
  const faults: unknown[] = [];
  const tried = new Set<number>();
  let served = 0;
  for (;;) {
    const waiting = await gatherWaiting(db);
    const free = [...(await countFree(db))];
    const next = free
      .flatMap(([region, count]) => serveOrder(count, waiting.get(region) ?? [], at).served)
      .filter((id) => !tried.has(id));
    if (next.length === 0) break;
    for (const id of next) {
      tried.add(id);
      try {
        const done = await serve(db, { person: null, at }, id);
        if (done.ok && done.value.request.status === 'fulfilled') served += 1;
      } catch (error) {
        faults.push(error);
      }
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} waiting requests could not be served`);
  return served;
}

const serve = (db: Db, actor: Actor, id: number): Promise<Result<Taken, TransitionProblem>> =>
  act<Taken, TransitionProblem>(db, actor, async (act) => {
    const request = await lockFor(act, id, 'serve');
    const [evidence] = await gatherEvidenceFor(act.trx, [request], actor.at);
    const price = await findQuote(act.trx, id);
    if (!evidence || !price) throw new Error(`request ${id} waits without a quote`);
    const decision = (await listDecisionsInForce(act.trx, id)).at(-1);
    const seen = decision && readBasis(decision.seen);
    const pooled = joinedPoolSince(seen, evidence);
    if (pooled.length > 0) return askAboutPool(act, request, evidence, pooled);
    const differences = failsSince(seen, basisOf(request, evidence), evidence);
    if (differences.length > 0) return lookAgain(act, { request, evidence, differences });
    return fulfil(act, { step: 'serve', request, evidence, price, message: '' });
  });

type Looked = { readonly request: IpRequest; readonly evidence: Evidence; readonly differences: readonly string[] };

/** What fails now was not decided on: a reviewer decides again. Its place on the waitlist is kept. */
async function lookAgain(act: Act<TransitionProblem>, { request, evidence, differences }: Looked): Promise<Taken> {
  const { trx, actor } = act;
  const decideBy = await gatherDueAt(trx, actor.at, evidence.policy.document);
  await voidDecisions(trx, request.id, actor.at);
  return transition(act, 'lookAgain', request, {
    // What was granted was decided, and is to be decided again.
    change: { dueAt: decideBy, approvedCount: null, decidedAt: null },
    facts: { differences: [...differences] },
    notifications: {
      'request-looked-at-again': { differences: [...differences], decideBy },
      'request-to-review': { verdict: evidence.recommendation.title, decideBy },
    },
  });
}
