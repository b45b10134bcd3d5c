// Learns once a day how the mail of each dedicated IP's domains comes: what plans follow, and shares are parts of.
import { type Act, act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { learnPattern, PATTERN_DAYS, partOfPattern } from '../../sending/pattern.ts';
import { addDays, type DaySent } from '../../sending/pattern-days.ts';
import { listDaysSent } from '../../sending/store-patterns.ts';
import { countSharing } from '../daily/store-whole.ts';
import { claimUnlearned, listDomainsOf, type Unlearned, updatePatterns } from './store.ts';

/** Warm-ups in one transaction: their domains' days of half a year stay in memory for that long. */
const BATCH = 500;

/**
 * Learns the patterns that were not learned today (UTC) yet, of complete warm-ups too. Where there is too little to
 * learn from, what was stated stays. Returns how many warm-ups it looked at; any number of processes may run it at once.
 */
export async function learnDue(db: Db, now: number): Promise<number> {
  for (let done = 0; ; ) {
    const learned = await act<number, never>(db, { person: null, at: now }, learnBatch);
    if (!learned.ok || learned.value === 0) return done;
    done += learned.value;
  }
}

async function learnBatch({ trx, actor }: Act): Promise<number> {
  const today = dayOf(actor.at);
  const claimed = await claimUnlearned(trx, today, BATCH);
  if (claimed.length === 0) return 0;
  const allocationIds = claimed.map(({ allocationId }) => allocationId);
  const domains = await listDomainsOf(trx, allocationIds);
  const parts = await countSharing(trx, allocationIds);
  const days = new Map<Stream, Map<number, DaySent[]>>();
  const usesOf = ({ allocationId, stream }: Unlearned) =>
    (domains.get(allocationId) ?? []).map(({ domainId, only }) => ({ domainId, stream: only ?? stream }));
  for (const [stream, some] of Map.groupBy(claimed.flatMap(usesOf), (use) => use.stream)) {
    const domainIds = new Set(some.map(({ domainId }) => domainId));
    const sought = { since: today - PATTERN_DAYS, until: today - 1, stream };
    days.set(stream, await listDaysSent(trx, [...domainIds], sought));
  }
  const learned = claimed.map((one) => {
    const { id, allocationId } = one;
    const sent = addDays(usesOf(one).map(({ domainId, stream }) => days.get(stream)?.get(domainId) ?? []));
    const pattern = learnPattern(sent, today);
    return { id, pattern: pattern && JSON.stringify(partOfPattern(pattern, parts.get(allocationId) ?? 1)) };
  });
  await updatePatterns(trx, learned, { today, at: actor.at });
  return claimed.length;
}
