import type { Db } from '../../database.ts';
import { listRows } from '../../dialect.ts';

/** What is looked up: domains, and those that wait for their proof. */
type Table = 'domains' | 'pending_domains';

/** Which are taken: up to `limit` that are due at `at`, each for `forMs`, in which no other process takes them. */
export type Take = { readonly at: number; readonly limit: number; readonly forMs: number };

/** Takes what is due. What accounts have that are suspended or closed waits. Returns the rows. */
export function takeDue<R>(db: Db, table: Table, { at, limit, forMs }: Take): Promise<R[]> {
  const sql = `update ${table} set due_at = ? where due_at <= ? and id in (select d.id from ${table} d
    join accounts a on a.id = d.account_id where d.due_at <= ? and a.status = 'active' order by d.due_at, d.id limit ?)
    returning *`;
  return listRows<R>(db, sql, [at + forMs, at, at, limit]);
}

/** Own choice: how many of an account's go ahead of all others' at a time; an eighth of what is looked up in one piece. */
const MOST_AHEAD = 5;

/**
 * Has some of an account's domains, or of those that wait for their proof, looked up: a few ahead of all others, the rest
 * after what is due already. So nobody who has many looked up, or the same ones all the time, holds up others' daily looks.
 */
export async function wake(
  trx: Db,
  table: Table,
  { accountId, ids, at }: { readonly accountId: number; readonly ids: readonly number[]; readonly at: number },
): Promise<void> {
  const row = await trx(table).where({ account_id: accountId, due_at: 0 }).count({ ahead: '*' }).first();
  const free = Math.max(0, MOST_AHEAD - Number(row?.ahead));
  const those = (some: readonly number[]) =>
    trx(table)
      .where({ account_id: accountId })
      .whereIn('id', [...some]);
  await those(ids.slice(0, free)).update({ due_at: 0, tries: 0 });
  const inTurn = trx.raw('case when due_at < ? then due_at else ? end', [at, at]);
  await those(ids.slice(free)).update({ due_at: inTurn, tries: 0 });
}
