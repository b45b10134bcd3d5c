// Which accounts are subusers of which.
import type { Db } from '../../database.ts';
import type { AccountStatus } from '../person.ts';
import { type Account, type AccountRow, accountFromRow } from '../store.ts';

/** A subuser as it is listed, with how many people can sign in and how many domains it has. */
export type SubuserRow = {
  readonly id: number;
  readonly name: string;
  readonly region: 'us' | 'eu';
  readonly status: AccountStatus;
  readonly people: number;
  readonly domains: number;
};

/** How many subusers are on a page of them. */
export const SUBUSERS_A_PAGE = 50;

/** A page of the subusers of an account, by name, and how many it has; 0 where there is nothing on the page. `page`: from 1. */
export async function listSubuserRows(
  db: Db,
  parentId: number,
  page: number,
): Promise<{ readonly rows: readonly SubuserRow[]; readonly total: number }> {
  const counted = (table: string, ended: string) =>
    db(`${table} as n`).whereRaw('n.account_id = a.id').whereNull(ended).count('*');
  const rows = await db('accounts as a')
    .where({ parent_id: parentId })
    .orderBy(['a.name_key', 'a.id'])
    .limit(SUBUSERS_A_PAGE)
    .offset((page - 1) * SUBUSERS_A_PAGE)
    .select('a.id', 'a.name', 'a.region', 'a.status', db.raw('count(*) over () as total'))
    .select(counted('people', 'n.disabled_at').as('people'), counted('domains', 'n.removed_at').as('domains'));
  return {
    rows: rows.map(({ total: _, ...row }) => ({ ...row, people: Number(row.people), domains: Number(row.domains) })),
    total: Number(rows[0]?.total ?? 0),
  };
}

/** The subusers of an account, by name. */
export const listSubusers = async (db: Db, parentId: number): Promise<Account[]> =>
  (await db('accounts').where({ parent_id: parentId }).orderBy(['name_key', 'id'])).map(accountFromRow);

/** The accounts of these names, by their keys: several customers may have one. */
export async function listAccountsNamed(db: Db, keys: readonly string[]): Promise<Map<string, Account[]>> {
  const rows = keys.length === 0 ? [] : await db('accounts').whereIn('name_key', [...keys]);
  const byKey = Map.groupBy(rows, (row) => String(row.name_key));
  return new Map([...byKey].map(([key, of]) => [key, of.map((row) => accountFromRow(row))]));
}

/** One account, if it is a subuser of this one. */
export async function findSubuserOf(db: Db, parentId: number, id: number): Promise<Account | undefined> {
  const row: AccountRow | undefined = await db('accounts').where({ id, parent_id: parentId }).first();
  return row && accountFromRow(row);
}
