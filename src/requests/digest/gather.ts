// What waits on the desk, judged as it is now: once for all summaries of a run.
import type { Db } from '../../database.ts';
import { listClaims } from '../claims/store.ts';
import { failed } from '../evidence/failing.ts';
import { gatherJudgedFor } from '../evidence/gather.ts';
import type { Undecided } from './desk.ts';
import { listUndecided } from './store.ts';

/** Judging more would take long, and nobody reads more in a mail. */
export const MOST_JUDGED = 100;

/** What waits at the instant `at`, the one due first on top, at most `MOST_JUDGED`. */
export async function gatherUndecided(db: Db, at: number): Promise<Undecided[]> {
  const requests = await listUndecided(db, MOST_JUDGED);
  const judged = await gatherJudgedFor(db, requests, at);
  const claims = await listClaims(
    db,
    requests.map(({ id }) => id),
    at,
  );
  return requests.map((request, index) => ({
    request,
    claim: claims.get(request.id) ?? null,
    recommended: judged[index]?.recommendation.title ?? '',
    failed: failed(judged[index]?.findings ?? []).map(({ title }) => title),
  }));
}
