import type { Db } from '../database.ts';
import { deleteOldSpending } from './store-caps.ts';

/** Forgets which messages were handed out long before the instant `at`. Returns how many rows. */
export const forgetSpending = (db: Db, at: number): Promise<number> => deleteOldSpending(db, at);
