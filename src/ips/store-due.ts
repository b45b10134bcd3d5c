// Which IPs DNS is asked about next: their names, and the blocklists. Each of the two has its own turn.
import type { Db } from '../database.ts';
import { listRows } from '../dialect.ts';

type Turn = 'lists_due_at' | 'names_due_at';

/** Takes up to `limit` IPs that are due at `at`, each for `forMs`: no other process takes them until then. Returns their ids. */
export async function takeDue(
  db: Db,
  turn: Turn,
  { at, limit, forMs }: { readonly at: number; readonly limit: number; readonly forMs: number },
): Promise<number[]> {
  const sql = `update ips set ${turn} = ? where ${turn} <= ? and id in
    (select id from ips where ${turn} <= ? order by ${turn}, id limit ?) returning id`;
  const rows = await listRows<{ id: number }>(db, sql, [at + forMs, at, at, limit]);
  return rows.map(({ id }) => Number(id));
}
