// What Warmdesk does by itself: close what nobody answers. Run from the loop in main.ts.
import type { Actor } from '../accounts/person.ts';
import { act } from '../act.ts';
import type { Db } from '../database.ts';
import type { Result } from '../result.ts';
import { OPENED_KEPT_MS } from './claims/claim.ts';
import { deleteOpenings } from './claims/store.ts';
import { deleteOldTyped } from './customer/store-typed.ts';
import { gatherEvidenceFor } from './evidence/gather.ts';
import { lockFor, type Taken, type TransitionProblem, transition } from './transition.ts';
import { listOverdueAnswers } from './waitlist/store.ts';

const DAY = 86_400_000;

/** Closes requests whose question or offer nobody answered in time. Returns how many. */
export async function expireUnanswered(db: Db, at: number): Promise<number> {
  const overdue = await listOverdueAnswers(db, at);
  return each(
    overdue.map((request) => request.id),
    (id) => expire(db, { person: null, at }, id),
  );
}

/** Forgets drafts that nobody touched for a week before the instant `at`. Returns how many. */
export const forgetTyped = (db: Db, at: number): Promise<number> => deleteOldTyped(db, at);

/** Forgets who opened a request's page more than a day before the instant `at` (UTC milliseconds). Returns the number of deleted rows. */
export const forgetOpenings = (db: Db, at: number): Promise<number> => deleteOpenings(db, at - OPENED_KEPT_MS);

/** Does one after the other; what fails for one holds up none behind it, and is thrown at the end. Returns how many went well. */
async function each(
  ids: readonly number[],
  action: (id: number) => Promise<Result<unknown, unknown>>,
): Promise<number> {
  const faults: unknown[] = [];
  let done = 0;
  for (const id of ids) {
    try {
      if ((await action(id)).ok) done += 1;
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} of ${ids.length} requests could not be moved on`);
  return done;
}

const expire = (db: Db, actor: Actor, id: number) =>
  act<Taken, TransitionProblem>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const request = await lockFor(act, id, 'expire');
    const asked = request.expiresAt ?? actor.at;
    if (asked > actor.at) return refuse({ name: 'not-open' });
    const [evidence] = await gatherEvidenceFor(trx, [request], actor.at);
    const { answerWithinDays, quoteValidDays } = evidence?.policy.document ?? {};
    const days = (request.status === 'offered' ? quoteValidDays : answerWithinDays)?.value ?? 0;
    const facts = { waitedForDays: days + Math.floor((actor.at - asked) / DAY) };
    return transition(act, 'expire', request, {
      change: { dueAt: null },
      facts,
      notifications: { 'request-expired': facts },
    });
  });
