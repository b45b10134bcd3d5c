// The ledger over all accounts, as staff who bill see it: by month, searched, closed, and as a file.
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { findCustomers } from '../accounts/customers/store.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { formatMoney } from '../money.ts';
import { idIn } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { closeMonth, isOver } from './actions.ts';
import { csvHead, csvLines } from './csv.ts';
import { gatherAccountIds, gatherAccounts, gatherSpan, type Span } from './gather.ts';
import { isoMonth, type Month, readMonth, type Total, totalsOf } from './ledger.ts';
import { attachCsv, monthIn } from './routes-month.ts';
import { findMonth, listTotals, type MonthTotal } from './store.ts';
import { CLOSING_PROBLEMS, monthName } from './wording.ts';

/** What an account owes for the month that is shown. */
export type LedgerRow = {
  readonly id: number;
  readonly name: string;
  readonly ips: number;
  readonly included: number;
  readonly creditCents: number;
  readonly totals: readonly Total[];
};

/** A month as the part `month-bars` draws it. */
export type DrawnMonth = {
  readonly href: string;
  readonly month: string;
  readonly name: string;
  /** null: open, and not summed up yet. */
  readonly cents: number | null;
  readonly words: string;
  readonly current: boolean;
  readonly isOpen: boolean;
};

declare module '../web/page.ts' {
  interface Views {
    'charges/ledger': {
      title: string;
      search: string;
      month: Month;
      name: string;
      iso: string;
      closedAt: number | null;
      isOpen: boolean;
      /** Whether it can be closed now. */
      mayClose: boolean;
      totals: readonly MonthTotal[];
      months: readonly DrawnMonth[];
      currency: string;
      rows: readonly LedgerRow[];
      next: string | null;
      isFirst: boolean;
      problem: string | null;
    };
  }
}

const PAGE = 50;
const TOGETHER = 500;
const MONTHS_DRAWN = 12;

export function ledgerRoutes(deps: Deps): Route[] {
  const may = 'keep charges';
  return [
    { method: 'get', path: '/ledger', may, handle: (req, res) => show(deps, req, res) },
    { method: 'get', path: '/ledger.csv', may, handle: (req, res) => download(deps, req, res) },
    { method: 'post', path: '/ledger/closing', may, handle: (req, res) => close(deps, req, res) },
  ];
}

type Shown = { readonly month?: Month; readonly problem?: string };

async function show(deps: Deps, req: Request, res: Response, { month: asked, problem }: Shown = {}): Promise<void> {
  const { db, now, policy } = deps;
  const { currency } = policy.document;
  const span = await gatherSpan(db, now());
  const month = asked ?? monthIn(req, span);
  const search = typeof req.query['q'] === 'string' ? req.query['q'].trim().slice(0, 200) : '';
  const after = idIn(req.query['after']) ?? 0;
  const found =
    search === ''
      ? await gatherAccountIds(db, span, month, { after, limit: PAGE + 1 })
      : (await findCustomers(db, search)).map(({ id }) => id);
  const ids = found.slice(0, PAGE);
  const totals = await listTotals(db, span.current - MONTHS_DRAWN);
  const query = new URLSearchParams({ month: isoMonth(month), after: String(ids.at(-1)) });
  const page = {
    title: 'Ledger',
    ...{ search, name: monthName(month), iso: isoMonth(month), month, currency },
    closedAt: (await findMonth(db, month))?.closedAt ?? null,
    isOpen: month >= span.open,
    mayClose: month === span.open && isOver(month, now()),
    totals: totals.filter((one) => one.month === month),
    months: monthsOf(span, month, totals, currency),
    // One that is searched for is shown with nothing, too.
    rows: (await rowsOf(deps, span, month, ids)).filter((row) => search !== '' || row.totals.length > 0),
    next: search === '' && found.length > PAGE ? `/ledger?${query}` : null,
    isFirst: after === 0,
    problem: problem ?? null,
  };
  res.page('charges/ledger', page, problem === undefined ? 200 : 409);
}

/** The last twelve months of the ledger in the provider's currency, oldest first. */
function monthsOf(span: Span, shown: Month, totals: readonly MonthTotal[], currency: string): DrawnMonth[] {
  const from = Math.max(span.first, span.current - MONTHS_DRAWN + 1);
  return Array.from({ length: span.current - from + 1 }, (_, index) => {
    const month = from + index;
    const isOpen = month >= span.open;
    const total = totals.find((one) => one.month === month && one.currency === currency);
    const cents = isOpen ? null : (total?.chargedCents ?? 0) + (total?.creditedCents ?? 0);
    const name = monthName(month);
    const words = cents === null ? 'open' : formatMoney(cents, currency);
    const href = `/ledger?month=${isoMonth(month)}`;
    return { href, month: name.slice(0, 3), name, cents, words, current: month === shown, isOpen };
  });
}

async function rowsOf({ db, now }: Deps, span: Span, month: Month, ids: readonly number[]): Promise<LedgerRow[]> {
  const accounts = await gatherAccounts(db, { ...span, today: dayOf(now()) }, month, ids);
  return accounts.map(({ id, name, lines }) => {
    const charges = lines.filter((line) => line.creditsId === null);
    const distinct = (of: typeof lines) => new Set(of.map((line) => line.allocationId)).size;
    return {
      id,
      name,
      ips: distinct(charges),
      included: distinct(charges.filter((line) => line.monthlyCents === 0)),
      creditCents: lines.reduce((sum, line) => sum + (line.creditsId === null ? 0 : line.cents), 0),
      totals: totalsOf(lines),
    };
  });
}

async function close(deps: Deps, req: Request, res: Response): Promise<void> {
  const month = readMonth((req.body as Record<string, unknown>)?.['month']);
  if (month === undefined) return show(deps, req, res, { problem: 'Choose the month to be closed, like 2026-11.' });
  const actor = { person: req.person, at: deps.now() };
  const done = await closeMonth(deps.db, actor, month);
  if (!done.ok) {
    const { first, current } = await gatherSpan(deps.db, deps.now());
    const shown = Math.min(Math.max(month, first), current);
    return show(deps, req, res, { month: shown, problem: CLOSING_PROBLEMS[done.problem] });
  }
  res.redirect(303, `/ledger?month=${isoMonth(month)}&note=month-closed`);
}

async function download({ db, now }: Deps, req: Request, res: Response): Promise<void> {
  const span = { ...(await gatherSpan(db, now())), today: dayOf(now()) };
  const month = monthIn(req, span);
  const isClosed = month < span.open;
  // Account by account, so that memory does not grow with the ledger.
  async function* file(): AsyncGenerator<string> {
    yield csvHead;
    for (let after = 0; ; ) {
      const ids = await gatherAccountIds(db, span, month, { after, limit: TOGETHER });
      for (const account of await gatherAccounts(db, span, month, ids)) yield csvLines({ month, isClosed }, account);
      after = ids.at(-1) ?? 0;
      if (ids.length < TOGETHER) return;
    }
  }
  attachCsv(res, `ledger-${isoMonth(month)}.csv`);
  await pipeline(file, res);
}
