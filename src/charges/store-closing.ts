// Closing a month, as the database keeps how far it is.
import type { Db } from '../database.ts';
import { firstDayOf, lastDayOf, type Month } from './ledger.ts';

export async function insertMonth(trx: Db, month: Month, at: number): Promise<void> {
  await trx('charge_months').insert({
    month,
    first_day: firstDayOf(month),
    last_day: lastDayOf(month),
    begun_at: at,
  });
}

/** The last id of the next `limit` ids of allocations, those that are missing counted; null: there are no more. */
export async function findPieceEnd(db: Db, after: number, limit: number): Promise<number | null> {
  const last: number = (await db('allocations').max({ last: 'id' }).first())?.['last'] ?? 0;
  return last > after ? Math.min(last, after + limit) : null;
}

/** Says that a month is written for all allocations up to `throughId`. */
export async function markThrough(trx: Db, month: Month, throughId: number): Promise<void> {
  await trx('charge_months').where({ month }).update({ through_id: throughId });
}

/** Closes a month that is written, with what it came to. Returns the number of its lines. */
export async function endMonth(
  trx: Db,
  month: Month,
  { at, by }: { readonly at: number; readonly by: number | null },
): Promise<number> {
  const currencies: string[] = await trx('charge_lines').where({ month }).distinct('currency').pluck('currency');
  let all = 0;
  for (const currency of currencies) {
    // By account, in the order of an index: nothing has to be sorted.
    const byAccount = trx('charge_lines')
      .where({ month, currency })
      .groupBy('account_id')
      .select(trx.raw('count(*) as lines, sum(case when credits_id is null then cents else 0 end) as charged'))
      .select(trx.raw('sum(case when credits_id is null then 0 else cents end) as credited'));
    const totals = await trx(byAccount.as('x'))
      .count({ accounts: '*' })
      .sum({ lines: 'lines', charged_cents: 'charged', credited_cents: 'credited' })
      .first();
    await trx('charge_totals').insert({ month, currency, ...totals });
    all += Number(totals?.['lines']);
  }
  await trx('charge_months').where({ month }).update({ closed_at: at, closed_by: by });
  return all;
}
