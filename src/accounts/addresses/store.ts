import type { Db } from '../../database.ts';
import type { Person } from '../person.ts';
import { type Holder, holderKey } from './holder.ts';
import type { Ranges } from './ranges.ts';

const fromColumn = (ranges: string | null | undefined): Ranges => (ranges ? ranges.split(' ') : []);

/** The lists that are stored in these columns; one that is not there limits nothing. */
export const listsOf = (...columns: readonly (string | null | undefined)[]): Ranges[] =>
  columns.filter(Boolean).map(fromColumn);

/** A list; empty: from everywhere. */
export async function findRanges(db: Db, holder: Holder): Promise<Ranges> {
  return fromColumn(
    (
      await db('address_limits')
        .where({ holder: holderKey(holder) })
        .first('ranges')
    )?.ranges,
  );
}

/** The lists that hold for a person, all of which have to let them in. */
export async function findListsOf(db: Db, { accountId, staffRole }: Person): Promise<Ranges[]> {
  const query = db('address_limits').where('account_id', accountId ?? 0);
  if (staffRole !== null) query.orWhere('holder', 'staff');
  return listsOf(...(await query.pluck('ranges')));
}

/** Whether anybody's addresses are limited. */
export const findAnyLimit = async (db: Db): Promise<boolean> =>
  (await db('address_limits').first('holder')) !== undefined;

/** Stores a list; an empty one is taken away. */
export async function putRanges(trx: Db, holder: Holder, ranges: Ranges, at: number): Promise<void> {
  const key = holderKey(holder);
  if (ranges.length === 0) {
    await trx('address_limits').where({ holder: key }).delete();
    return;
  }
  const row = { holder: key, account_id: holder.kind === 'account' ? holder.id : null, ranges: ranges.join(' ') };
  await trx('address_limits')
    .insert({ ...row, changed_at: at })
    .onConflict('holder')
    .merge();
}

/** How many customers limit their addresses. */
export async function countLimitedAccounts(db: Db): Promise<number> {
  return Number((await db('address_limits').whereNotNull('account_id').count({ n: '*' }).first())?.['n'] ?? 0);
}
