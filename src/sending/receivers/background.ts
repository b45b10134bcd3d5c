// Looks up whose servers take the mail of recipients' domains, in batches, away from any message and any page.
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { isCertain } from '../../dns/outcome.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { afterAnswer, type Lookup } from './look-up.ts';
import { claimReceivers, type DueReceiver, deleteReceivers, updateReceivers } from './store.ts';

/** As many as the resolver asks for at once. */
const BATCH = 40;
/** A round begins no batch after this time, so that other jobs and the end of the process do not wait. */
const ROUND_MS = 3_000;
/** A claim outlasts the questions; where a process ended meanwhile, others ask again then. */
const CLAIM_MS = 5 * 60_000;
const KEPT_MS = 60 * 86_400_000;

type Parts = { readonly dns: Pick<Resolver, 'mx'>; readonly now: () => number };

/**
 * Looks up domains whose time has come, and deletes those that were noted long ago. Returns how many DNS answered for. Stops
 * where it does not answer for any of a batch: it is asked again with the next round, each domain later and later.
 */
export async function lookUpReceivers(db: Db, { dns, now }: Parts): Promise<number> {
  const begun = performance.now();
  await deleteReceivers(db, now() - KEPT_MS);
  let answered = 0;
  while (performance.now() - begun < ROUND_MS) {
    const claimed = await act<DueReceiver[], never>(db, { person: null, at: now() }, ({ trx, actor }) =>
      claimReceivers(trx, actor.at, actor.at + CLAIM_MS, BATCH),
    );
    if (!claimed.ok || claimed.value.length === 0) break;
    const answers = await Promise.all(claimed.value.map(async (one) => ({ one, answer: await dns.mx(one.name) })));
    const at = now();
    const found = new Map<string, Lookup>(answers.map(({ one, answer }) => [one.name, afterAnswer(one, answer, at)]));
    await act<void, never>(db, { person: null, at }, ({ trx }) => updateReceivers(trx, found, at));
    const certain = answers.filter(({ answer }) => isCertain(answer)).length;
    answered += certain;
    if (certain === 0) break;
  }
  return answered;
}
