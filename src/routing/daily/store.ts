// What accounts with a daily limit have sent over shared pools, by UTC day.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import { listRows, rowsInJson } from '../../dialect.ts';

/** What all routers together were told of on a day, by account. */
export async function listSentOn(db: Db, day: Day): Promise<Map<number, number>> {
  const rows = await db('account_mail').where({ day }).select('account_id', 'sent');
  return new Map(rows.map(({ account_id, sent }) => [Number(account_id), Number(sent)]));
}

type OfDay = { readonly accountId: number; readonly day: Day };

/** How many messages an account has sent on a day, and whether its people were told that the limit is near. */
export type SentSum = { readonly accountId: number; readonly sent: number; readonly isTold: boolean };

/** Adds messages to a day of some accounts, thousands in one statement. Returns how many each has now. */
export async function addSent(
  trx: Db,
  day: Day,
  counts: readonly { readonly accountId: number; readonly count: number }[],
): Promise<SentSum[]> {
  const listed = rowsInJson(trx, { account_id: 'integer', day: 'integer', sent: 'bigint' });
  const rows = await listRows<{ account_id: number; sent: number; told_at: number | null }>(
    trx,
    `insert into account_mail (account_id, day, sent) ${listed} where true
      on conflict (account_id, day) do update set sent = account_mail.sent + excluded.sent
      returning account_id, sent, told_at`,
    [JSON.stringify(counts.map(({ accountId, count }) => [accountId, day, count]))],
  );
  return rows.map((row) => ({ accountId: row.account_id, sent: row.sent, isTold: row.told_at !== null }));
}

/** Marks that an account's people were told. False where another process did. */
export const markTold = async (trx: Db, { accountId, day }: OfDay, at: number): Promise<boolean> =>
  (await trx('account_mail').where({ account_id: accountId, day, told_at: null }).update({ told_at: at })) === 1;

/** Deletes what was sent before a day. Returns of how many accounts and days. */
export const deleteSentBefore = (trx: Db, day: Day): Promise<number> =>
  trx('account_mail').where('day', '<', day).delete();
