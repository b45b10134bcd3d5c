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

/** The subusers of an account, by name. */
export async function listSubuserRows(db: Db, parentId: number): Promise<SubuserRow[]> {
  const counted = (table: string, ended: string) =>
    db(`${table} as n`).whereRaw('n.account_id = a.id').whereNull(ended).count('*');
  const rows = await db('accounts as a')
    .where({ parent_id: parentId })
    .orderBy(['a.name_key', 'a.id'])
    .select('a.id', 'a.name', 'a.region', 'a.status')
    .select(counted('people', 'n.disabled_at').as('people'), counted('domains', 'n.removed_at').as('domains'));
  return rows.map((row) => ({ ...row, people: Number(row.people), domains: Number(row.domains) }));
}

/** The subusers of an account, by name. */
export const listSubusers = async (db: Db, parentId: number): Promise<Account[]> =>
  (await db('accounts').where({ parent_id: parentId }).orderBy(['name_key', 'id'])).map(accountFromRow);

/** One account, if it is a subuser of this one. */
export async function findSubuserOf(db: Db, parentId: number, id: number): Promise<Account | undefined> {
  const row: AccountRow | undefined = await db('accounts').where({ id, parent_id: parentId }).first();
  return row && accountFromRow(row);
}
