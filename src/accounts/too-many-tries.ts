import type { Response } from 'express';

/** Says when to come back, to programs by header. Returns the sentence for people; `waitMs` until it is open again. */
export function answerTooMany(res: Response, what: string, waitMs: number): string {
  res.set('Retry-After', String(Math.ceil(waitMs / 1000)));
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  return `There were too many tries at ${what}. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}
