// Many rows of a statement in one JSON list.
import { type Db, isPostgres } from '../database.ts';

/** A select that gives the rows of a JSON list of lists, which is its one parameter. */
export function rowsOf(trx: Db, columns: Readonly<Record<string, 'integer' | 'text'>>): string {
  const fields = Object.entries(columns).map(([name, type], index) =>
    isPostgres(trx)
      ? `cast(value ->> ${index} as ${type}) as ${name}`
      : `json_extract(value, '$[${index}]') as ${name}`,
  );
  return isPostgres(trx)
    ? `select ${fields.join(', ')} from json_array_elements(cast(? as json)) as given(value)`
    : `select ${fields.join(', ')} from json_each(?)`;
}

/** Runs an update. Gives how many rows it changed. */
export async function countChanged(trx: Db, update: string, bindings: readonly (string | number)[]): Promise<number> {
  if (isPostgres(trx)) return (await trx.raw(update, [...bindings])).rowCount;
  await trx.raw(update, [...bindings]);
  const [row] = await trx.raw('select changes() as n');
  return row.n;
}
