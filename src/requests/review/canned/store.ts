import { nameKey } from '../../../accounts/person.ts';
import type { Db } from '../../../database.ts';
import type { Canned, Purpose } from './canned.ts';

export type CannedText = Pick<Canned, 'purpose' | 'name' | 'body'>;

/** Who keeps a text, and when (UTC milliseconds). */
type By = { readonly personId: number; readonly at: number };

const columns = ({ purpose, name, body }: CannedText, { personId, at }: By) => ({
  ...{ purpose, name, name_key: nameKey(name), body },
  changed_by: personId,
  changed_at: at,
});

/** Adds a text. Returns its id. Throws a duplicate error (`isDuplicate`) where its form has one of that name. */
export async function insertCanned(trx: Db, text: CannedText, by: By): Promise<number> {
  const [row] = await trx('canned_answers').insert(columns(text, by)).returning('id');
  return row.id;
}

/** Changes a text. Throws a duplicate error (`isDuplicate`) where its form has another of that name. */
export async function updateCanned(trx: Db, id: number, text: CannedText, by: By): Promise<void> {
  await trx('canned_answers').where({ id }).update(columns(text, by));
}

export async function deleteCanned(trx: Db, id: number): Promise<void> {
  await trx('canned_answers').where({ id }).delete();
}

const select = (db: Db) =>
  db('canned_answers as c').join('people as p', 'p.id', 'c.changed_by').select('c.*', 'p.name as changer');

type Row = { id: number; purpose: Purpose; name: string; body: string; changer: string; changed_at: number };

const fromRow = ({ id, purpose, name, body, changer, changed_at }: Row): Canned => ({
  ...{ id, purpose, name, body },
  changedBy: changer,
  changedAt: changed_at,
});

export async function findCanned(db: Db, id: number): Promise<Canned | undefined> {
  const row = await select(db).where('c.id', id).first();
  return row && fromRow(row);
}

/** The texts for one form, or for all (null), by form and name. */
export async function listCanned(db: Db, purpose: Purpose | null): Promise<Canned[]> {
  const rows: Row[] = await select(db)
    .modify((query) => void (purpose !== null && query.where('c.purpose', purpose)))
    .orderBy('c.purpose')
    .orderBy('c.name_key');
  return rows.map(fromRow);
}

export async function countCanned(db: Db): Promise<number> {
  const row = await db('canned_answers').count({ n: '*' }).first();
  return Number(row?.n ?? 0);
}
