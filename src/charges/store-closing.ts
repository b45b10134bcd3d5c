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
  const lines = await countLines(trx, month);
  for (let summed = 0; summed < lines; ) summed += await insertTotal(trx, month, lines);
  await trx('charge_months').where({ month }).update({ closed_at: at, closed_by: by });
  return lines;
}

async function countLines(trx: Db, month: Month): Promise<number> {
  return Number((await trx('charge_lines').where({ month }).count({ lines: '*' }).first())?.['lines']);
}

/** Writes what a month came to in the next currency that has no total yet. Returns how many of its `all` lines those are. */
async function insertTotal(trx: Db, month: Month, all: number): Promise<number> {
  const summed = trx('charge_totals').where({ month }).select('currency');
  const { currency } = await trx('charge_lines').where({ month }).whereNotIn('currency', summed).first('currency');
  const sums = await trx('charge_lines')
    .where({ month, currency })
    .select(trx.raw('count(*) as lines, sum(case when credits_id is null then cents else 0 end) as charged_cents'))
    .select(trx.raw('sum(case when credits_id is null then 0 else cents end) as credited_cents'))
    .first();
  // Where all lines are in one currency, an index alone has their accounts, in order.
  const lines = Number(sums?.lines);
  const ofThese = trx('charge_lines').where(lines === all ? { month } : { month, currency });
  const counted = await ofThese.countDistinct({ accounts: 'account_id' }).first();
  await trx('charge_totals').insert({ month, currency, ...sums, ...counted });
  return lines;
}
