// Work that is done once a day for each domain, by the piece: how far it is, so that it goes on there whatever ended it.
import { type Db, lockSubject } from '../database.ts';
import type { Day } from '../day.ts';

export type DailyJob = 'pool windows';

/** The day for which it was done last, and up to which domain. */
export type Progress = { readonly day: Day; readonly throughId: number };

export async function findProgress(db: Db, job: DailyJob): Promise<Progress> {
  const row = await db('daily_progress').where({ job }).first();
  return row ? { day: row.day, throughId: row.through_id } : { day: 0, throughId: 0 };
}

/** Makes those who do this work wait for each other until the transaction ends. */
export const lockJob = (trx: Db, job: DailyJob): Promise<void> => lockSubject(trx, job, 0);

export async function moveProgress(trx: Db, job: DailyJob, { day, throughId }: Progress): Promise<void> {
  await trx('daily_progress').insert({ job, day, through_id: throughId }).onConflict('job').merge();
}

/** Some domains, by the ids that they are between. */
export type Piece = { readonly after: number; readonly through: number };

/**
 * The next domains that are due on a day, as many ids as `limit`, those that are missing counted; null: there are no more.
 */
export async function findPiece(
  db: Db,
  { day, throughId }: Progress,
  today: Day,
  limit: number,
): Promise<Piece | null> {
  if (day > today) return null;
  const after = day < today ? 0 : throughId;
  const last: number = (await db('domains').max({ last: 'id' }).first())?.['last'] ?? 0;
  return last > after ? { after, through: Math.min(last, after + limit) } : null;
}
