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
  try {
    return ok(await db.transaction((trx) => work(actIn(trx, actor))));
  } catch (error) {
    if (error instanceof Refused) return refused(error.problem as P);
    if (attempt < 3 && isPassing(error)) return act(db, actor, work, attempt + 1);
    throw error;
  }
}
