import type { Db } from '../database.ts';
import { dayOf } from '../day.ts';
import { forgetSent } from './daily/actions.ts';
import { deleteOldSpending } from './store-caps.ts';

const DAYS_KEPT = 60;

/** Forgets which messages were handed out long before the instant `at`. Returns how many rows. */
export const forgetSpending = async (db: Db, at: number): Promise<number> =>
  (await deleteOldSpending(db, at)) + (await forgetSent(db, dayOf(at) - DAYS_KEPT));
