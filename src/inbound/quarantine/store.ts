// Mails in quarantine, as staff are told of them.
import type { Db } from '../../database.ts';
import { numbersInJson } from '../../dialect.ts';

/** A mail that waits: about which request, whose that is, and when staff were told of it (UTC milliseconds; null: not yet). */
export type Waiting = {
  readonly id: number;
  readonly requestId: number;
  readonly accountId: number;
  readonly toldAt: number | null;
};

/** What waits in quarantine, the oldest first. */
export async function listWaiting(db: Db): Promise<Waiting[]> {
  const rows = await db('inbound_mails as i')
    .join('requests as r', 'r.id', 'i.request_id')
    .where('i.status', 'quarantined')
    .orderBy('i.id')
    .select('i.id', 'i.request_id', 'r.account_id', 'i.told_at');
  return rows.map((row) => ({
    id: row.id,
    requestId: row.request_id,
    accountId: row.account_id,
    toldAt: row.told_at,
  }));
}

/** Whether anything waits of which staff were not told. */
export const findUntold = async (db: Db): Promise<boolean> =>
  (await db('inbound_mails').where({ status: 'quarantined' }).whereNull('told_at').first('id')) !== undefined;

/** When staff were last told of a mail in quarantine (UTC milliseconds); null: never. */
export async function findLastTold(db: Db): Promise<number | null> {
  const row = await db('inbound_mails').whereNotNull('told_at').max({ at: 'told_at' }).first();
  return row?.['at'] == null ? null : Number(row['at']);
}

/** Keeps that staff were told of these at an instant (UTC milliseconds). */
export async function markTold(trx: Db, ids: readonly number[], at: number): Promise<void> {
  await trx('inbound_mails')
    .whereRaw(`id in ${numbersInJson(trx)}`, [JSON.stringify(ids)])
    .update({ told_at: at });
}
