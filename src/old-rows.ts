// What is removed by itself once it is older than the settings keep it. docs/retention.md has the same as a table.
import { sweepLinks } from './accounts/reset/retention/background.ts';
import type { Deps } from './deps.ts';
import { sweepInbound, sweepRaw } from './inbound/retention/background.ts';
import { sweepListings } from './ips/listings/retention/background.ts';
import { sweepMails, sweepWithheld } from './notifications/retention/background.ts';
import { sweepBatches, sweepCounts, sweepGoogle, sweepMicrosoft } from './sending/retention/background.ts';
import { sweepWarmupDays } from './warmup/retention/background.ts';

const SWEEPS = {
  counts: sweepCounts,
  batches: sweepBatches,
  mails: sweepMails,
  withheld: sweepWithheld,
  inbound: sweepInbound,
  raw: sweepRaw,
  warmupDays: sweepWarmupDays,
  google: sweepGoogle,
  microsoft: sweepMicrosoft,
  listings: sweepListings,
  links: sweepLinks,
};

/** Where old rows are, how long they are kept, and what is written of their removal. */
type Place = Pick<Deps, 'db' | 'log' | 'now'> & { readonly config: Pick<Deps['config'], 'keep'> };

/**
 * Removes the rows that are not kept any more, once in each day (UTC), and logs one line with the number for each table. A
 * table that fails holds up no other. Ends before the next piece once `isStopped` says so.
 */
export async function removeOldRows({ db, config, log, now }: Place, isStopped?: () => boolean): Promise<void> {
  const since = performance.now();
  const removed: Record<string, number> = {};
  let [pieces, longestMs] = [0, 0];
  for (const [name, sweepOne] of Object.entries(SWEEPS)) {
    try {
      const night = { db, keep: config.keep, at: now(), ...(isStopped && { isStopped }) };
      const swept = await sweepOne(night);
      if (swept === null) continue;
      removed[name] = swept.removed;
      pieces += swept.pieces;
      longestMs = Math.max(longestMs, swept.longestMs);
    } catch (error) {
      log.error({ err: error, table: name }, 'old rows could not be removed');
    }
  }
  if (pieces > 0)
    log.info({ removed, pieces, longestMs, ms: Math.round(performance.now() - since) }, 'old rows removed');
}
