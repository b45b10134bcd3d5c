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

/** The last of the next `limit` allocations after an id; null: there are no more. */
export async function findPieceEnd(db: Db, after: number, limit: number): Promise<number | null> {
  const next = db('allocations').where('id', '>', after).orderBy('id').limit(limit).select('id').as('next');
  const row = await db(next).max({ last: 'id' }).first();
  return row?.['last'] ?? null;
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
  const sums: { currency: string; accounts: number; lines: number; charged: number; credited: number }[] = await trx(
    'charge_lines',
  )
    .where({ month })
    .groupBy('currency')
    .select('currency', trx.raw('count(distinct account_id) as accounts, count(*) as lines'))
    .select(trx.raw('sum(case when credits_id is null then cents else 0 end) as charged'))
    .select(trx.raw('sum(case when credits_id is null then 0 else cents end) as credited'));
  for (const { currency, accounts, lines, charged, credited } of sums)
    await trx('charge_totals').insert({
      ...{ month, currency, accounts, lines },
      ...{ charged_cents: charged, credited_cents: credited },
    });
  await trx('charge_months').where({ month }).update({ closed_at: at, closed_by: by });
  return sums.reduce((sum, { lines }) => sum + Number(lines), 0);
}
