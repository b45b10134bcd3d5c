// The report of a month, and of the IPs whose 90 days ended about then.
import { firstDayOf, type Month } from '../../charges/ledger.ts';
import type { Db } from '../../database.ts';
import { startOfDay } from '../../day.ts';
import type { Report } from './report.ts';
import { countOutcomes, listByReviewer, listOverrides, listTimes } from './store.ts';

/** The 90 days of what was decided in this many months before a month are over by its end. */
export const OUTCOME_MONTHS = 3;

const spanOf = (month: Month) => ({ from: startOfDay(firstDayOf(month)), to: startOfDay(firstDayOf(month + 1)) });

/** What was decided in a month (UTC), and the outcomes of what was decided three months before it, as of the instant `at`. */
export async function gatherReport(db: Db, month: Month, at: number): Promise<Report> {
  const span = spanOf(month);
  return {
    reviewers: await listByReviewer(db, span),
    overrides: await listOverrides(db, span),
    times: await listTimes(db, span),
    outcomes: await countOutcomes(db, spanOf(month - OUTCOME_MONTHS), at),
  };
}
