// Who gets the daily summary, once a day; and what waits on the desk.
import type { Morning } from '../../calendar/morning.ts';
import type { Db } from '../../database.ts';
import type { IpRequest } from '../request.ts';
import { fromRow, select } from '../store.ts';

/**
 * People after `after` who chose a summary of something before this morning, or for whom mails wait since then (they may have
 * chosen otherwise by now), and had none today, by id. Who of the staff is away at the instant `at` gets theirs when they are back.
 */
export const listReadersDue = (
  db: Db,
  { day, from }: Morning,
  { at, after, limit }: { readonly at: number; readonly after: number; readonly limit: number },
): Promise<number[]> =>
  db('people as p')
    .where((due) =>
      due
        .whereIn(
          'p.id',
          db('mail_preferences').where({ choice: 'digest' }).where('chosen_at', '<', from).select('person_id'),
        )
        .orWhereIn(
          'p.id',
          db('withheld_mails')
            .whereRaw("choice = 'digest' and told_at is null")
            .where('created_at', '<', from)
            .select('recipient_id'),
        ),
    )
    .where('p.id', '>', after)
    .whereNull('p.disabled_at')
    .whereNotExists((told) =>
      told.select('s.person_id').from('summaries as s').whereRaw('s.person_id = p.id').where('s.told_on', '>=', day),
    )
    .whereNotExists((away) =>
      away.select('b.person_id').from('absences as b').whereRaw('b.person_id = p.id').where('b.away_until', '>', at),
    )
    .orderBy('p.id')
    .limit(limit)
    .pluck('p.id');

/** Claims somebody's summary of a day. False where it was claimed before. */
export async function claimSummary(trx: Db, personId: number, { day }: Morning): Promise<boolean> {
  const claimed = await trx('summaries')
    .insert({ person_id: personId, told_on: day })
    .onConflict('person_id')
    .merge({ told_on: day })
    .where('summaries.told_on', '<', day)
    .returning('person_id');
  return claimed.length === 1;
}

/** What reviewers have and nobody has decided, the one due first on top, at most `limit`. */
export async function listUndecided(db: Db, limit: number): Promise<IpRequest[]> {
  const rows = await select(db)
    .whereNotNull('r.due_at')
    .whereNull('pd.request_id')
    .orderBy('r.due_at')
    .orderBy('r.id')
    .limit(limit);
  return rows.map(fromRow);
}
