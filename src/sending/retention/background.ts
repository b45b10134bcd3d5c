// Removing what is older than the settings keep it, in short transactions.
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { type Day, dayLength, dayOf } from '../../day.ts';
import { Pace } from '../../pace.ts';
import { findPiece, findProgress, lockJob, moveProgress } from '../store-daily.ts';
import { deleteOldBatches, deleteOldCounts } from './store.ts';

/** For how many days things are kept; null: forever. */
export type Retention = { readonly keepCountsDays: number | null; readonly keepBatchesDays: number | null };

const JOB = 'old counts';

/** Domains, and days of each, in one transaction: some thousand counts where each has five providers a day. */
const DOMAINS = 20;
const DAYS = 20;
const BATCHES = 2_000;

/** Removes the counts and batches that are kept no longer. Returns how many of both. */
export const removeOld = async (db: Db, retention: Retention, at: number): Promise<number> =>
  (await removeCounts(db, retention.keepCountsDays, at)) + (await removeBatches(db, retention.keepBatchesDays, at));

async function removeCounts(db: Db, keepDays: number | null, at: number): Promise<number> {
  if (keepDays === null) return 0;
  const pace = new Pace();
  for (let all = 0; ; await pace.rest()) {
    const removed = await act<number | null, never>(db, { person: null, at }, ({ trx }) =>
      removePiece(trx, dayOf(at) - keepDays),
    );
    if (!removed.ok || removed.value === null) return all;
    all += removed.value;
  }
}

/** Returns how many counts it removed; null: there is nothing left to look at. */
async function removePiece(trx: Db, before: Day): Promise<number | null> {
  await lockJob(trx, JOB);
  const piece = await findPiece(trx, await findProgress(trx, JOB), before, DOMAINS);
  if (piece === null) return null;
  const { deleted, isDone } = await deleteOldCounts(trx, piece, { before, days: DAYS });
  if (isDone) await moveProgress(trx, JOB, { day: before, throughId: piece.through });
  return deleted;
}

async function removeBatches(db: Db, keepDays: number | null, at: number): Promise<number> {
  if (keepDays === null) return 0;
  const before = at - keepDays * dayLength;
  const pace = new Pace();
  for (let all = 0; ; await pace.rest()) {
    const removed = await act<number, never>(db, { person: null, at }, ({ trx }) =>
      deleteOldBatches(trx, before, BATCHES),
    );
    if (!removed.ok) return all;
    all += removed.value;
    if (removed.value < BATCHES) return all;
  }
}
