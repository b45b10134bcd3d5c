// How much is answered at once before other work has its turn: a job that asks without a pause would let nothing else happen.

const MOST_IN_A_ROW = 100;

let inARow = 0;

/** Counts one more answer at once. False where other work has waited for its turn long enough: then a thread has to answer. */
export function mayAnswerAtOnce(): boolean {
  if (inARow === 0)
    setImmediate(() => {
      inARow = 0;
    });
  inARow += 1;
  return inARow <= MOST_IN_A_ROW;
}
