// What was read of a log, ready to be laid on the counts.
import { dayOf } from '../../day.ts';
import type { Resolved } from '../reported.ts';
import type { Directory } from '../store-directory.ts';
import type { Late } from './late.ts';
import type { Ingested } from './summary.ts';
import { NONE_SKIPPED, resolveLate, resolveTallied, type Skipped, type Tally } from './tally.ts';

/** What was read, with names looked up. `records`: of all, also those that are skipped. */
export type Counted = {
  readonly counts: readonly Resolved[];
  readonly late: readonly Late[];
  readonly records: number;
  readonly skipped: Readonly<Record<Skipped, number>>;
};

/** Looks up the names in a tally. `now`: UTC milliseconds. */
export async function countsOf(directory: Directory, tally: Tally, now: number): Promise<Counted> {
  await directory.learn(tally.names());
  const counts: Resolved[] = [];
  const late: Late[] = [];
  const skipped = { ...NONE_SKIPPED, 'unknown sender': tally.unknownSender, 'own fault': tally.ownFault };
  let records = tally.unknownSender + tally.ownFault;
  for (const one of tally.all) {
    records += one.records;
    const resolved = resolveTallied(one, directory, dayOf(now));
    if (typeof resolved === 'string') skipped[resolved] += one.records;
    else counts.push(resolved);
  }
  for (const one of tally.late) {
    records += one.records;
    const resolved = resolveLate(one, directory, dayOf(now));
    if (typeof resolved === 'string') skipped[resolved] += one.records;
    else late.push(resolved);
  }
  return { counts, late, records, skipped };
}

/** What a transaction added: complaints and bounces among it that are about mail that was counted before. */
export type Stored = { readonly complained: number; readonly returned: number; readonly homeless: number };

/** Adds to the sum of a run what it counted. */
export function note(sum: Ingested, { counts, records, skipped }: Counted, stored: Stored): void {
  sum.records += records;
  for (const [why, count] of Object.entries(skipped)) sum.skipped[why as Skipped] += count;
  for (const count of counts)
    for (const name of ['sent', 'delivered', 'deferred', 'bounced', 'complained'] as const) sum[name] += count[name];
  sum.complained += stored.complained;
  sum.bounced += stored.returned;
  sum.skipped['no such mail'] += stored.homeless;
}
