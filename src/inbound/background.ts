import type { Db } from '../database.ts';
import { forgetRaw } from './store.ts';

/** Long enough to look into a mail that became something else than its writer meant. */
const KEPT_MS = 30 * 86_400_000;

/**
 * Deletes mails as they came that are older than thirty days at the instant `at` and settled; what became of them stays.
 * Returns the number of these mails.
 */
export const forgetInbound = (db: Db, at: number): Promise<number> => forgetRaw(db, at - KEPT_MS);
