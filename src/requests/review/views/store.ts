import { nameKey } from '../../../accounts/person.ts';
import type { Db } from '../../../database.ts';
import type { QueueView } from './view.ts';

/** What somebody keeps: a name, the queue's address, and whether all reviewers see it. */
export type Kept = Pick<QueueView, 'name' | 'query' | 'isShared'>;

const columns = ({ name, query, isShared }: Kept) => ({
  ...{ name, name_key: nameKey(name), query },
  is_shared: isShared,
});

/** Keeps a view. Returns its id. Throws a duplicate error (`isDuplicate`) where the person has one of that name. */
export async function insertView(trx: Db, personId: number, view: Kept, at: number): Promise<number> {
  const [row] = await trx('queue_views')
    .insert({ person_id: personId, ...columns(view), created_at: at })
    .returning('id');
  return row.id;
}

/** Changes a view. Throws a duplicate error (`isDuplicate`) where its owner has another of that name. */
export async function updateView(trx: Db, id: number, view: Kept): Promise<void> {
  await trx('queue_views').where({ id }).update(columns(view));
}

export async function deleteView(trx: Db, id: number): Promise<void> {
  await trx('queue_views').where({ id }).delete();
}

export async function countViewsOf(db: Db, personId: number): Promise<number> {
  const row = await db('queue_views').where({ person_id: personId }).count({ n: '*' }).first();
  return Number(row?.n ?? 0);
}

const select = (db: Db) =>
  db('queue_views as v').join('people as p', 'p.id', 'v.person_id').select('v.*', 'p.name as owner');

type Row = { id: number; name: string; query: string; is_shared: boolean | number; person_id: number; owner: string };

const viewFrom = (row: Row): QueueView => ({
  id: row.id,
  name: row.name,
  query: row.query,
  isShared: Boolean(row.is_shared),
  owner: { id: row.person_id, name: row.owner },
});

/** A view that the person may see: one of their own, or a shared one. */
export async function findView(db: Db, id: number, personId: number): Promise<QueueView | undefined> {
  const row = await seenBy(select(db).where('v.id', id), personId).first();
  return row && viewFrom(row);
}

/** The views that a person may see, their own first, each group by name. */
export async function listViews(db: Db, personId: number): Promise<QueueView[]> {
  const rows: Row[] = await seenBy(select(db), personId)
    .orderByRaw('case when v.person_id = ? then 0 else 1 end', [personId])
    .orderBy('v.name_key')
    .orderBy('v.id');
  return rows.map(viewFrom);
}

const seenBy = (query: ReturnType<typeof select>, personId: number) =>
  query.where((own) => own.where('v.person_id', personId).orWhere('v.is_shared', true));
