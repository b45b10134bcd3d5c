// What is deleted without being asked once its time is over. Each returns how many rows.
import type { Db } from '../database.ts';
import { finishEmailChanges } from './email-change/actions.ts';
import { forgetFlows } from './openid/actions.ts';
import { deleteOverChallenges } from './passkeys/store.ts';
import { deleteExpiredSessions } from './session/store.ts';
import { deleteOldDevices } from './session/store-devices.ts';
import { deleteExpiredCounts } from './store-throttle.ts';

/** Ends the sessions that have run out at the instant `at`, and the sign-ins that did not come back from the provider. */
export const endSessions = async (db: Db, at: number): Promise<number> =>
  (await deleteExpiredSessions(db, at)) + (await forgetFlows(db, at));

/** Changes the addresses whose time to be stopped is over at the instant `at`, and forgets those that were not confirmed. */
export const endEmailChanges = (db: Db, at: number): Promise<number> => finishEmailChanges(db, at);

/** Forgets the counts of tries whose window is over at the instant `at`. */
export const forgetOldTries = (db: Db, at: number): Promise<number> => deleteExpiredCounts(db, at);

const A_YEAR_MS = 365 * 24 * 3_600_000;

/** Forgets the browsers that nobody signed in with for a year before the instant `at`. */
export const forgetOldDevices = (db: Db, at: number): Promise<number> => deleteOldDevices(db, at - A_YEAR_MS);

/** Forgets the answered challenges of passkeys that are over at the instant `at`. */
export const forgetChallenges = (db: Db, at: number): Promise<number> => deleteOverChallenges(db, at);
