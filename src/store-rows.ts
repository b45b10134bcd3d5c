// Rows by the thousand, and rows by how a column begins, on either engine.
import type { Knex } from 'knex';
import { type Db, isPostgres } from './database.ts';
import { eachInJson } from './dialect.ts';

/** Ids for `count` rows that the running transaction adds to a table. */
export async function nextIds(trx: Db, table: string, count: number): Promise<number[]> {
  if (isPostgres(trx)) {
    const sql = "select nextval(pg_get_serial_sequence(?, 'id')) as id from generate_series(1, ?)";
    const { rows } = await trx.raw(sql, [table, count]);
    return rows.map((row: { id: number }) => Number(row.id));
  }
  const [row] = await trx.raw('select seq from sqlite_sequence where name = ?', [table]);
  return Array.from({ length: count }, (_, index) => Number(row?.seq ?? 0) + 1 + index);
}

/** Adds rows by the thousand in one statement: `columns` says what type each has, `rows` their values in that order. */
export async function insertListed(
  trx: Db,
  table: string,
  columns: Readonly<Record<string, 'integer' | 'bigint' | 'text'>>,
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  const values = Object.values(columns).map((type, index) => `cast(e.value ->> ${index} as ${type})`);
  const into = `insert into ${table} (${Object.keys(columns).join(', ')})`;
  await trx.raw(`${into} select ${values.join(', ')} from ${eachInJson(trx)} where true`, [JSON.stringify(rows)]);
}

/** Narrows a query to rows whose column begins so: two comparisons byte by byte, which an index serves. */
export function beginningWith(db: Db, column: string, prefix: string): Knex.Raw {
  const compared = isPostgres(db) ? '?? collate "C"' : '??';
  return db.raw(`(${compared} >= ? and ${compared} < ?)`, [column, prefix, column, `${prefix}\u{10ffff}`]);
}
