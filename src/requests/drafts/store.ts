// Requests that somebody prepared and handed to a colleague. One is done when a request has its form's token.
import type { Db } from '../../database.ts';
import type { Typed } from '../../form.ts';
import type { Kind } from '../request.ts';

export type Draft = {
  readonly id: number;
  readonly kind: Kind;
  readonly formToken: string;
  /** The form as it was typed. */
  readonly typed: Typed;
  readonly madeBy: string;
  readonly handedTo: string;
  readonly madeAt: number;
  /** The request that was made of it; null: none yet. */
  readonly requestId: number | null;
};

export type NewDraft = {
  readonly accountId: number;
  readonly kind: Kind;
  readonly formToken: string;
  readonly typed: Typed;
  readonly madeBy: number;
  readonly handedTo: number;
  readonly at: number;
};

/** Keeps a draft; the same form handed over again replaces it. Returns its id; undefined where the form is somebody else's. */
export async function putDraft(trx: Db, draft: NewDraft): Promise<number | undefined> {
  const { accountId: account_id, kind, formToken: form_token, madeBy: made_by } = draft;
  const given = { typed: JSON.stringify(draft.typed), handed_to: draft.handedTo, made_at: draft.at };
  const [row] = await trx('request_drafts')
    .insert({ account_id, kind, form_token, made_by, ...given })
    .onConflict('form_token')
    .merge(given)
    .where({ 'request_drafts.made_by': made_by })
    .returning('id');
  return row?.id;
}

const drafts = (db: Db) =>
  db('request_drafts as f')
    .join('people as m', 'm.id', 'f.made_by')
    .join('people as t', 't.id', 'f.handed_to')
    .leftJoin('requests as r', 'r.form_token', 'f.form_token')
    .select('f.*', 'm.name as made_by_name', 't.name as handed_to_name', 'r.id as request_id');

/** One draft, if it is the account's. */
export async function findDraft(db: Db, accountId: number, id: number): Promise<Draft | undefined> {
  const row = await drafts(db).where({ 'f.account_id': accountId, 'f.id': id }).first();
  return row && toDraft(row);
}

/** What was handed to somebody and is not sent yet, oldest first. */
export async function listDraftsFor(db: Db, personId: number): Promise<Draft[]> {
  const rows = await drafts(db).where('f.handed_to', personId).whereNull('r.id').orderBy('f.id').limit(20);
  return rows.map(toDraft);
}

type Row = Pick<Draft, 'id' | 'kind'> & {
  form_token: string;
  typed: string;
  made_by_name: string;
  handed_to_name: string;
  made_at: number;
  request_id: number | null;
};

const toDraft = (row: Row): Draft => ({
  id: row.id,
  kind: row.kind,
  formToken: row.form_token,
  typed: JSON.parse(row.typed),
  madeBy: row.made_by_name,
  handedTo: row.handed_to_name,
  madeAt: row.made_at,
  requestId: row.request_id,
});
