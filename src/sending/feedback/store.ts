import type { Db } from '../../database.ts';
import { eachInJson } from '../../dialect.ts';

const SOURCE = 'feedback';

/** Those of these reports, by their hashes, that were taken before. */
export async function listTaken(db: Db, hashes: readonly string[]): Promise<Set<string>> {
  const names: string[] = await db('sending_batches')
    .where({ source: SOURCE })
    .whereIn('name', [...hashes])
    .pluck('name');
  return new Set(names);
}

/** Keeps that reports are taken. Returns how many were not before: fewer than given where somebody else was faster. */
export async function insertTaken(trx: Db, hashes: readonly string[], at: number): Promise<number> {
  const list = JSON.stringify(hashes.map((hash) => [hash]));
  const rows = await trx.raw(
    `insert into sending_batches (source, name, content_hash, counts, taken_at)
      select '${SOURCE}', e.value ->> 0, e.value ->> 0, 1, ${at} from ${eachInJson(trx)}
      where true on conflict do nothing returning name`,
    [list],
  );
  return Array.isArray(rows) ? rows.length : rows.rows.length;
}
