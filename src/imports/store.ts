// Files that are taken in piece by piece. A piece goes with the transaction that took it in, so a crash repeats nothing.
import { type Db, skippingLocked } from '../database.ts';

export type ImportKind = 'customers' | 'holdings';

export type Import = {
  readonly id: number;
  readonly kind: ImportKind;
  readonly file: string;
  readonly items: number;
  readonly done: number;
  readonly invites: boolean;
  readonly madeById: number;
  readonly madeBy: string;
  readonly madeAt: number;
  readonly finishedAt: number | null;
  /** Customers, or addresses of IPs, that were left out: something changed since the file was checked. */
  readonly leftOut: readonly string[];
};

export type NewImport = Pick<Import, 'kind' | 'file' | 'items' | 'invites' | 'madeById' | 'madeAt'>;

export async function insertImport(
  trx: Db,
  { kind, file, items, invites, madeById, madeAt }: NewImport,
): Promise<number> {
  const row = { kind, file, items, invites, made_by: madeById, made_at: madeAt };
  return (await trx('imports').insert(row).returning('id'))[0].id;
}

export type Part = { readonly importId: number; readonly part: number; readonly items: number; readonly list: string };

export async function insertPart(trx: Db, { importId, ...part }: Part): Promise<void> {
  await trx('import_parts').insert({ import_id: importId, ...part });
}

const imports = (db: Db) =>
  db('imports as i').join('people as p', 'p.id', 'i.made_by').select('i.*', 'p.name as made_by_name');

export async function findImport(db: Db, id: number): Promise<Import | undefined> {
  const row = await imports(db).where('i.id', id).first();
  return row && fromRow(row);
}

/** The newest imports of a kind, at most 20. */
export async function listImports(db: Db, kind: ImportKind): Promise<Import[]> {
  return (await imports(db).where('i.kind', kind).orderBy('i.id', 'desc').limit(20)).map(fromRow);
}

/** The first piece that nobody else takes in at the moment; undefined where none is left. */
export async function claimPart(trx: Db): Promise<Part | undefined> {
  const next = trx('import_parts').orderBy('import_id').orderBy('part').limit(1);
  const [row] = await skippingLocked(trx, next);
  return row && { importId: row.import_id, part: row.part, items: row.items, list: row.list };
}

/** Adds to what an import left out. */
export async function leaveOut(trx: Db, { id, leftOut }: Pick<Import, 'id' | 'leftOut'>): Promise<void> {
  await trx('imports')
    .where({ id })
    .update({ left_out: JSON.stringify(leftOut) });
}

/** Removes a piece that was taken in. Returns how many of its import are left. */
export async function finishPart(trx: Db, { importId, part, items }: Part): Promise<number> {
  await trx('import_parts').where({ import_id: importId, part }).delete();
  await trx('imports').where({ id: importId }).increment('done', items);
  return Number((await trx('import_parts').where({ import_id: importId }).count({ n: '*' }).first())?.['n'] ?? 0);
}

/** Marks an import as finished. False where another process did so. */
export async function finishImport(trx: Db, id: number, at: number): Promise<boolean> {
  return (await trx('imports').where({ id }).whereNull('finished_at').update({ finished_at: at })) === 1;
}

type Row = Pick<Import, 'id' | 'kind' | 'file' | 'items' | 'done'> & {
  invites: boolean | number;
  made_by: number;
  made_by_name: string;
  made_at: number;
  finished_at: number | null;
  left_out: string;
};

const fromRow = (row: Row): Import => ({
  id: row.id,
  kind: row.kind,
  file: row.file,
  items: row.items,
  done: row.done,
  invites: Boolean(row.invites),
  madeById: row.made_by,
  madeBy: row.made_by_name,
  madeAt: row.made_at,
  finishedAt: row.finished_at,
  leftOut: JSON.parse(row.left_out),
});
