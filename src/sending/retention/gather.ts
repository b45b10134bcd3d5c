import type { Db } from '../../database.ts';
import type { Keep } from '../../retention/keep.ts';
import { listPastMonths, type PastMonths } from './store.ts';

/** What a page says of what is older than it shows. */
export type Past = PastMonths & {
  /** After how many days an entry of a blocklist that is over is removed; null: never. */
  readonly keptListings: number | null;
};

/** Ten years. */
const MONTHS = 120;

/** What is known of an account's earlier mail; undefined: the page is about less than an account, or more. */
export const gatherPast = async (db: Db, accountId: number | undefined, keep: Keep): Promise<Past> => ({
  ...(accountId === undefined ? { months: [], keptFrom: null } : await listPastMonths(db, accountId, MONTHS)),
  keptListings: keep.listings,
});
