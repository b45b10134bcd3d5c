import type { Actor } from '../accounts/person.ts';
import type { Db } from '../database.ts';
import type { DayCount } from './counts.ts';
import { upsertCounts } from './store.ts';

/** Takes in what a domain sent on some days. Throws where a day's counts cannot be true. */
export async function recordCounts(
  trx: Db,
  actor: Actor,
  domainId: number,
  counts: readonly DayCount[],
): Promise<void> {
  const wrong = counts.find(
    ({ sent, bounced, complained }) => sent < 0 || bounced < 0 || complained < 0 || bounced > sent || complained > sent,
  );
  if (wrong) throw new Error(`day ${wrong.day}: more bounced or complained about than was sent`);
  await upsertCounts(trx, domainId, counts, actor.at);
}
