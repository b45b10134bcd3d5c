// Who wants which optional mails, and the mails that did not go out because of it.
import type { Db } from '../../database.ts';
import type { Mail } from '../mail.ts';
import type { Choice, EventKey } from './events.ts';

/** What somebody chose; what is left out is mailed at once. */
export type Chosen = { readonly [Key in EventKey]?: Choice };

/** What each of these people chose, by their id; nobody who chose nothing. `events`: of these alone. */
export async function listChosen(
  db: Db,
  personIds: readonly number[],
  events: readonly EventKey[],
): Promise<Map<number, Chosen>> {
  const rows: { person_id: number; event: EventKey; choice: Choice }[] = await db('mail_preferences')
    .whereIn('person_id', [...new Set(personIds)])
    .whereIn('event', [...events])
    .select('person_id', 'event', 'choice');
  const found = new Map<number, Chosen>();
  for (const { person_id: id, event, choice } of rows) found.set(id, { ...found.get(id), [event]: choice });
  return found;
}

/** What somebody chose. */
export async function findChosen(db: Db, personId: number): Promise<Chosen> {
  const rows: { event: EventKey; choice: Choice }[] = await db('mail_preferences')
    .where({ person_id: personId })
    .select('event', 'choice');
  return Object.fromEntries(rows.map(({ event, choice }) => [event, choice]));
}

/** Keeps what somebody chose for one kind of mail. */
export async function putChoice(
  trx: Db,
  personId: number,
  { event, choice }: { readonly event: EventKey; readonly choice: Choice },
  at: number,
): Promise<void> {
  const key = { person_id: personId, event };
  if (choice === 'now') return void (await trx('mail_preferences').where(key).delete());
  await trx('mail_preferences')
    .insert({ ...key, choice, chosen_at: at })
    .onConflict(['person_id', 'event'])
    .merge();
}

/** Keeps mails that are not sent: for the next summary, or because their reader wants none. */
export async function insertWithheld(
  trx: Db,
  mails: readonly (Mail & { readonly choice: Exclude<Choice, 'now'> })[],
  at: number,
): Promise<void> {
  await trx('withheld_mails').insert(
    mails.map(({ eventId, to, template, facts, choice }) => ({
      event_id: eventId,
      recipient_id: to.id,
      template,
      facts: JSON.stringify(facts),
      choice,
      created_at: at,
    })),
  );
}

/** Keeps that somebody no longer wants to be told of what waits for their next summary of these kinds of mail. */
export async function giveUpWaiting(trx: Db, personId: number, templates: readonly string[]): Promise<void> {
  await trx('withheld_mails')
    .where({ recipient_id: personId, choice: 'digest', told_at: null })
    .whereIn('template', [...templates])
    .update({ choice: 'off' });
}

/** A mail that waits for the next summary, as it would have been written. */
export type Withheld = { readonly id: number; readonly template: string; readonly facts: unknown };

/** What waits for somebody's next summary, the oldest first, at most `limit`. */
export async function listForSummary(db: Db, personId: number, limit: number): Promise<Withheld[]> {
  const rows = await db('withheld_mails')
    .where({ recipient_id: personId, choice: 'digest' })
    .whereNull('told_at')
    .orderBy('id')
    .limit(limit)
    .select('id', 'template', 'facts');
  return rows.map(({ id, template, facts }) => ({ id, template, facts: JSON.parse(facts) }));
}

/** Keeps that these were in a summary. */
export async function markTold(trx: Db, ids: readonly number[], at: number): Promise<void> {
  await trx('withheld_mails')
    .whereIn('id', [...ids])
    .update({ told_at: at });
}
