// The ledger as it is written: its lines, its months, and who is in it. Nothing here changes a line.
import type { Db } from '../database.ts';
import type { Line, Month, Total } from './ledger.ts';

export type LineRow = {
  readonly id: number | null;
  readonly account_id: number;
  readonly allocation_id: number;
  readonly address: string;
  readonly from_day: number;
  readonly to_day: number;
  readonly monthly_cents: number;
  readonly cents: number;
  readonly currency: string;
  readonly credits_id: number | null;
};

export const lineFromRow = (row: LineRow): Line => ({
  id: row.id,
  accountId: row.account_id,
  allocationId: row.allocation_id,
  address: row.address,
  fromDay: row.from_day,
  toDay: row.to_day,
  monthlyCents: row.monthly_cents,
  cents: Number(row.cents),
  currency: row.currency,
  creditsId: row.credits_id,
});

/** The lines that were written for these accounts with a month: by account, IP and day. */
export async function listLines(db: Db, month: Month, accountIds: readonly number[]): Promise<Line[]> {
  const rows: LineRow[] = await db('charge_lines as l')
    .join('allocations as a', 'a.id', 'l.allocation_id')
    .join('ips as i', 'i.id', 'a.ip_id')
    .where('l.month', month)
    .whereIn('l.account_id', [...accountIds])
    .orderBy(['l.account_id', 'l.allocation_id', 'l.from_day', 'l.id'])
    .select('l.*', 'i.address');
  return rows.map(lineFromRow);
}

/** What an account was charged with each month from `from` on. */
export async function listSumsOf(db: Db, accountId: number, from: Month): Promise<Map<Month, Total[]>> {
  const rows: { month: Month; currency: string; cents: number }[] = await db('charge_lines')
    .where({ account_id: accountId })
    .whereIn('month', db('charge_months').where('month', '>=', from).select('month'))
    .groupBy('month', 'currency')
    .orderBy(['month', 'currency'])
    .select('month', 'currency', db.raw('sum(cents) as cents'));
  const byMonth = Map.groupBy(rows, (row) => row.month);
  return new Map(
    [...byMonth].map(([month, of]) => [month, of.map(({ currency, cents }) => ({ currency, cents: Number(cents) }))]),
  );
}

/** A month of the ledger. `closedAt` null: it is being closed. */
export type LedgerMonth = {
  readonly month: Month;
  /** Allocations up to this one are written. */
  readonly throughId: number;
  readonly begunAt: number;
  readonly closedAt: number | null;
};

const toMonth = (row: { month: number; through_id: number; begun_at: number; closed_at: number | null }) => ({
  month: row.month,
  throughId: row.through_id,
  begunAt: row.begun_at,
  closedAt: row.closed_at,
});

/** The newest months that are closed or being closed, newest first. */
export async function listMonths(db: Db, limit: number): Promise<LedgerMonth[]> {
  return (await db('charge_months').orderBy('month', 'desc').limit(limit)).map(toMonth);
}

export async function findMonth(db: Db, month: Month): Promise<LedgerMonth | undefined> {
  const row = await db('charge_months').where({ month }).first();
  return row && toMonth(row);
}

/** The month with which the ledger begins; null: none was closed yet. */
export async function findFirstMonth(db: Db): Promise<Month | null> {
  const row = await db('charge_months').min({ month: 'month' }).first();
  return row?.['month'] ?? null;
}

/** When the first IP was recorded here (UTC milliseconds): with that month the ledger begins. null: none was yet. */
export async function findBeginning(db: Db): Promise<number | null> {
  const row = await db('audit_events').where({ subject_type: 'allocation' }).orderBy(['subject_id', 'seq']).first('at');
  return row?.at ?? null;
}

/** What a closed month came to. */
export type MonthTotal = {
  readonly month: Month;
  readonly currency: string;
  readonly accounts: number;
  readonly lines: number;
  readonly chargedCents: number;
  readonly creditedCents: number;
};

/** What closed months from `from` on came to, oldest first. */
export async function listTotals(db: Db, from: Month): Promise<MonthTotal[]> {
  const rows = await db('charge_totals').where('month', '>=', from).orderBy(['month', 'currency']);
  return rows.map((row) => ({
    month: row.month,
    currency: row.currency,
    accounts: row.accounts,
    lines: row.lines,
    chargedCents: Number(row.charged_cents),
    creditedCents: Number(row.credited_cents),
  }));
}

export type Page = { readonly after: number; readonly limit: number };

/** Accounts with lines of a closed month, after an id and in its order. */
export const listAccountsIn = (db: Db, month: Month, { after, limit }: Page): Promise<number[]> =>
  db('charge_lines')
    .where({ month })
    .where('account_id', '>', after)
    .groupBy('account_id')
    .orderBy('account_id')
    .limit(limit)
    .pluck('account_id');

/** Accounts that have an IP, or had one that changed at or after an instant (UTC milliseconds), after an id and in its order. */
export const listAccountsSince = (db: Db, since: number, { after, limit }: Page): Promise<number[]> =>
  db('allocations')
    .where('account_id', '>', after)
    .where((live) => live.whereNull('released_at').orWhere('changed_at', '>=', since))
    .groupBy('account_id')
    .orderBy('account_id')
    .limit(limit)
    .pluck('account_id');

/** The names of accounts, by their ids. */
export async function listNames(db: Db, accountIds: readonly number[]): Promise<Map<number, string>> {
  const rows: { id: number; name: string }[] = await db('accounts')
    .whereIn('id', [...accountIds])
    .select('id', 'name');
  return new Map(rows.map(({ id, name }) => [id, name]));
}
