// What pages, files and programs are told of charges: closed months as they are written, open ones as far as they are.
import type { Db } from '../database.ts';
import { type Day, dayOf, startOfDay } from '../day.ts';
import { findOpenMonth } from './actions.ts';
import { firstDayOf, type Line, type Month, monthOf, type Total, totalsOf, upTo } from './ledger.ts';
import {
  findFirstMonth,
  findMonth,
  listAccountsIn,
  listAccountsSince,
  listLines,
  listNames,
  listSumsOf,
  type Page,
} from './store.ts';
import { listDueLines } from './store-wanted.ts';

/** The months that the ledger has: from its beginning to the one that runs. */
export type Span = { readonly first: Month; readonly open: Month; readonly current: Month };

/** The months of the ledger at an instant (UTC milliseconds). Before the first IP there is only the one that runs. */
export async function gatherSpan(db: Db, at: number): Promise<Span> {
  const current = monthOf(dayOf(at));
  const open = (await findOpenMonth(db)) ?? current;
  const first = (await findFirstMonth(db)) ?? open;
  return { first: Math.min(first, current), open, current };
}

/** Lines of a month. `closedAt` null: it is open, and the lines are what is owed up to `today`. */
export type Statement = {
  readonly month: Month;
  readonly closedAt: number | null;
  readonly lines: readonly Line[];
  /** The same by the end of an open month, if nothing changes. */
  readonly byTheEnd: readonly Line[];
};

/** What accounts owe for one month of the span. */
export async function gatherStatement(
  db: Db,
  { open, today }: Pick<Span, 'open'> & { readonly today: Day },
  month: Month,
  accountIds: readonly number[],
): Promise<Statement> {
  const closedAt = (await findMonth(db, month))?.closedAt ?? null;
  const written = await listLines(db, month, accountIds);
  if (closedAt !== null) return { month, closedAt, lines: written, byTheEnd: written };
  const due = await listDueLines(db, { month, isOldest: month === open }, accountIds);
  const byTheEnd = [...written, ...due].sort((one, other) => one.accountId - other.accountId);
  return { month, closedAt, lines: upTo(byTheEnd, today), byTheEnd };
}

/** A month of one account, as it is drawn. */
export type MonthSum = { readonly month: Month; readonly totals: readonly Total[]; readonly isOpen: boolean };

/** What an account was charged in the last `count` months of the span, oldest first; open months up to today. */
export async function gatherMonths(db: Db, span: Span & { readonly today: Day }, accountId: number, count: number) {
  const from = Math.max(span.first, span.current - count + 1);
  const sums = await listSumsOf(db, accountId, from);
  const months: MonthSum[] = [];
  for (let month = from; month <= span.current; month += 1) {
    const isOpen = month >= span.open;
    const totals = isOpen
      ? totalsOf((await gatherStatement(db, span, month, [accountId])).lines)
      : (sums.get(month) ?? []);
    months.push({ month, totals, isOpen });
  }
  return months;
}

/** What some accounts owe for a month, by account. */
export type AccountCharges = { readonly id: number; readonly name: string; readonly lines: readonly Line[] };

/** These accounts' lines of a month, in their order. */
export async function gatherAccounts(
  db: Db,
  span: Pick<Span, 'open'> & { readonly today: Day },
  month: Month,
  accountIds: readonly number[],
): Promise<AccountCharges[]> {
  const names = await listNames(db, accountIds);
  const { lines } = await gatherStatement(db, span, month, accountIds);
  const byAccount = Map.groupBy(lines, (line) => line.accountId);
  return accountIds.map((id) => ({ id, name: names.get(id) ?? '', lines: byAccount.get(id) ?? [] }));
}

/** The next accounts that a month may have charges of: those with lines, or with IPs while it is open. */
export const gatherAccountIds = (db: Db, span: Pick<Span, 'open'>, month: Month, page: Page): Promise<number[]> =>
  month < span.open ? listAccountsIn(db, month, page) : listAccountsSince(db, startOfDay(firstDayOf(month)), page);
