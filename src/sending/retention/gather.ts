import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import type { Keep } from '../../retention/keep.ts';
import { listPastMonths, type PastMonth } from './store.ts';

/** What a page says of what is older than it shows. */
export type Past = {
  /** Months of which counts were removed, the last one first. */
  readonly months: readonly PastMonth[];
  /** The first day whose counts are kept; null: those of all days are. */
  readonly keptFrom: Day | null;
  /** After how many days an entry of a blocklist that is over is removed; null: never. */
  readonly keptListings: number | null;
};

/** Ten years. */
const MONTHS = 120;

/** What is known of an account's earlier mail; undefined: the page is about less than an account, or more. */
export const gatherPast = async (db: Db, accountId: number | undefined, keep: Keep, today: Day): Promise<Past> => ({
  months: accountId === undefined ? [] : await listPastMonths(db, accountId, MONTHS),
  keptFrom: keep.counts === null ? null : today - keep.counts,
  keptListings: keep.listings,
});
