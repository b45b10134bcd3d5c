import type { Actor } from './accounts/person.ts';
import { type Db, isPassing } from './database.ts';
import { ok, type Refuse, type Result, refused } from './result.ts';

/**
 * What an act works with: its transaction, who acts and when, and the way to give it up with a problem.
 * A function that may refuse with fewer problems takes the act of one that may with more.
 */
export type Act<P = never, A extends Actor = Actor> = {
  readonly trx: Db;
  readonly actor: A;
  readonly refuse: Refuse<P>;
};

class Refused<P> extends Error {
  readonly problem: P;
  constructor(problem: P) {
    super('refused');
    this.problem = problem;
  }
}

/** The act of `actor` in a transaction that is open already. Refusing throws, so that the caller that opened it rolls it back. */
export const actIn = <P = never, A extends Actor = Actor>(trx: Db, actor: A): Act<P, A> => ({
  trx,
  actor,
  refuse(problem) {
    throw new Refused(problem);
  },
});

/** What an act waited for its transaction counts from here on: who looks for changes looks twice as far back. */
const WAITED_MS = 15_000;

/**
 * The actor at the instant at which work really begins, which is when its rows are stamped: a reader of what
 * changed lately would miss rows stamped with the time at which somebody began to wait. `since` is of `performance.now()`.
 */
export function actingNow<A extends Actor>(actor: A, since: number): A {
  const waited = Math.round(performance.now() - since);
  return waited < WAITED_MS ? actor : { ...actor, at: actor.at + waited };
}

/**
 * One act, one transaction. Refusing undoes everything and becomes the result; anything else thrown undoes everything
 * and is thrown on. Deadlocks and serialization failures are run again, at most three times.
 */
export async function act<T, P, A extends Actor = Actor>(
  db: Db,
  actor: A,
  work: (act: Act<P, A>) => Promise<T>,
  attempt = 1,
): Promise<Result<T, P>> {
  const since = performance.now();
  try {
    return ok(await db.transaction((trx) => work(actIn(trx, actingNow(actor, since)))));
  } catch (error) {
    if (error instanceof Refused) return refused(error.problem as P);
    if (attempt < 3 && isPassing(error)) return act(db, actor, work, attempt + 1);
    throw error;
  }
}
