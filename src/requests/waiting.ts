// What Warmdesk does by itself: close what nobody answers, serve the waitlist. Run from the loop in main.ts.
import type { Actor } from '../accounts/person.ts';
import { act, type Db } from '../database.ts';
import { countFreeIps } from '../ips/store.ts';
import { gatherEvidenceFor } from './evidence.ts';
import { grant } from './grant.ts';
import { holdFor, type StepProblem, type Taken, take } from './step.ts';
import { listOverdueAnswers, listWaiting } from './store.ts';
import { findQuote } from './store-decisions.ts';
import { serveOrder } from './waitlist.ts';

const DAY = 86_400_000;

/** Closes requests whose question or offer nobody answered in time. Gives how many. */
export async function expireUnanswered(db: Db, at: number): Promise<number> {
  const actor: Actor = { person: null, at };
  let closed = 0;
  for (const { id } of await listOverdueAnswers(db, at)) {
    const result = await act<Taken, StepProblem>(db, async (trx, refuse) => {
      const request = await holdFor(trx, refuse, actor, id, 'expire');
      const asked = request.expiresAt ?? at;
      if (asked > at) return refuse({ name: 'not-open' });
      const [evidence] = await gatherEvidenceFor(trx, [request], at);
      const { answerWithinDays, quoteValidDays } = evidence?.policy.document ?? {};
      const days = (request.status === 'offered' ? quoteValidDays : answerWithinDays)?.value ?? 0;
      const facts = { waitedForDays: days + Math.floor((at - asked) / DAY) };
      return take(trx, refuse, actor, 'expire', request, {
        change: { dueAt: null },
        facts,
        told: { 'request-expired': facts },
      });
    });
    if (result.ok) closed += 1;
  }
  return closed;
}

/** Gives IPs that became free to those who wait, in their order; each at the price that was approved. Gives how many were served. */
export async function serveWaitlist(db: Db, at: number): Promise<number> {
  const waiting = await listWaiting(db);
  let count = 0;
  for (const [region, free] of await countFreeIps(db)) {
    for (const id of serveOrder(free, waiting.get(region) ?? []).served) {
      if ((await serve(db, { person: null, at }, id)).ok) count += 1;
    }
  }
  return count;
}

const serve = (db: Db, actor: Actor, id: number) =>
  act<Taken, StepProblem>(db, async (trx, refuse) => {
    const request = await holdFor(trx, refuse, actor, id, 'serve');
    const [evidence] = await gatherEvidenceFor(trx, [request], actor.at);
    const quote = await findQuote(trx, id);
    if (!evidence || !quote) throw new Error(`request ${id} waits without a quote`);
    return grant(trx, refuse, actor, 'serve', request, evidence, quote);
  });
