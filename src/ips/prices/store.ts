// What IPs cost from a day on, other than what was fixed when they were allocated.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';

/** A price that is announced and not in force yet. */
export type PriceAhead = {
  readonly id: number;
  readonly allocationId: number;
  readonly monthlyCents: number;
  readonly currency: string;
  readonly fromDay: Day;
};

export type NewPrice = Omit<PriceAhead, 'id'> & {
  readonly eventId: number;
  /** null: from its day on. */
  readonly appliedAt: number | null;
};

export async function insertPrice(trx: Db, price: NewPrice): Promise<void> {
  await trx('allocation_prices').insert({
    allocation_id: price.allocationId,
    monthly_cents: price.monthlyCents,
    currency: price.currency,
    from_day: price.fromDay,
    event_id: price.eventId,
    applied_at: price.appliedAt,
  });
}

const ahead = (db: Db) => db('allocation_prices').whereNull('applied_at').whereNull('cancelled_at');

type Row = { id: number; allocation_id: number; monthly_cents: number; currency: string; from_day: Day };

const toPrice = (row: Row): PriceAhead => ({
  id: row.id,
  allocationId: row.allocation_id,
  monthlyCents: row.monthly_cents,
  currency: row.currency,
  fromDay: row.from_day,
});

/** The prices that are announced for these allocations, by the allocation's id. */
export async function listPricesAhead(db: Db, allocationIds: readonly number[]): Promise<Map<number, PriceAhead>> {
  const rows = await ahead(db).whereIn('allocation_id', [...allocationIds]);
  return new Map(rows.map((row) => [row.allocation_id, toPrice(row)]));
}

/** Announced prices whose day has come, oldest first; those that another process takes are passed over. */
export async function listPricesDue(db: Db, today: Day, limit: number): Promise<PriceAhead[]> {
  const rows = await ahead(db).where('from_day', '<=', today).orderBy('from_day').orderBy('id').limit(limit);
  return rows.map((row) => toPrice(row));
}

/** Takes an announced price back. False where it is in force or was taken back already. */
export async function cancelPrice(trx: Db, id: number, at: number): Promise<boolean> {
  return (await ahead(trx).where({ id }).update({ cancelled_at: at })) === 1;
}

/** Puts an announced price in force. False where that was done already, or it was taken back. */
export async function applyPrice(
  trx: Db,
  { id, allocationId, monthlyCents }: PriceAhead,
  at: number,
): Promise<boolean> {
  if ((await ahead(trx).where({ id }).update({ applied_at: at })) !== 1) return false;
  await setPrice(trx, allocationId, monthlyCents);
  return true;
}

/** What an IP costs from now on. */
export async function setPrice(trx: Db, allocationId: number, monthlyCents: number): Promise<void> {
  // What the approval fixed is kept: it is what the days before cost.
  const change = { monthly_cents: monthlyCents, approved_cents: trx.raw('coalesce(approved_cents, monthly_cents)') };
  await trx('allocations').where({ id: allocationId }).update(change);
}
