/** The sentence for somebody who tried too often; `waitMs` until it is open again. */
export function wordsForWait(what: string, waitMs: number): string {
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  return `There were too many tries at ${what}. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}
