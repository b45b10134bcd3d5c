// Each day the windows of all domains move on by one: a day comes in, and the oldest goes.
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { type Day, dayOf } from '../../day.ts';
import { Pace } from '../../pace.ts';
import { findPiece, findProgress, lockJob, moveProgress } from '../store-daily.ts';
import { dropWindowsBefore, writeWindows } from './store.ts';

const JOB = 'pool windows';

/** Domains in one transaction: some 50 ms of work where each has five providers a day. */
const TOGETHER = 200;

/** Acts that began before midnight count for the day before. */
const RESTS_MS = 60_000;

/**
 * Works out what all domains sent over the shared pools in the 28 days before the day of `at`, once a day, piece by piece:
 * whatever ends it, the next run goes on where it was. Returns how many ids of domains it looked at.
 */
export async function slidePools(db: Db, at: number, together = TOGETHER): Promise<number> {
  const pace = new Pace();
  const today = dayOf(at - RESTS_MS);
  for (let all = 0; ; await pace.rest()) {
    const piece = await act<number, never>(db, { person: null, at }, ({ trx }) => slidePiece(trx, today, together));
    if (!piece.ok || piece.value === 0) return all;
    all += piece.value;
  }
}

async function slidePiece(trx: Db, today: Day, together: number): Promise<number> {
  await lockJob(trx, JOB);
  const piece = await findPiece(trx, await findProgress(trx, JOB), today, together);
  if (piece === null) return 0;
  const progress = { day: today, throughId: piece.through };
  await writeWindows(trx, piece, today);
  await moveProgress(trx, JOB, progress);
  if ((await findPiece(trx, progress, today, 1)) === null) await dropWindowsBefore(trx, today);
  return piece.through - piece.after;
}
