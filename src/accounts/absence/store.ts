// Who of the staff is away.
import type { Db } from '../../database.ts';
import type { Absence } from '../person.ts';

/** Somebody's absence, if it lasts at the instant `at` (UTC milliseconds). */
export async function findAbsence(db: Db, personId: number, at: number): Promise<Absence | null> {
  const row = await db('absences').where({ person_id: personId }).where('away_until', '>', at).first();
  return row ? { until: row.away_until, standInId: row.stand_in_id } : null;
}

/** Sets or changes somebody's absence. */
export async function putAbsence(trx: Db, personId: number, { until, standInId }: Absence): Promise<void> {
  await trx('absences')
    .insert({ person_id: personId, away_until: until, stand_in_id: standInId })
    .onConflict('person_id')
    .merge();
}

/** Ends somebody's absence. */
export async function deleteAbsence(trx: Db, personId: number): Promise<void> {
  await trx('absences').where({ person_id: personId }).delete();
}
