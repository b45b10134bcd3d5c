// What an account owes: its own people see it, and the staff who bill it.
import type { Request, Response } from 'express';
import { findAccount } from '../accounts/store.ts';
import { type Day, dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import { accountIdOf, idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { csvHead, csvLines, kindOf } from './csv.ts';
import { gatherMonths, gatherSpan, gatherStatement, type MonthSum } from './gather.ts';
import { isoMonth, type Line, type Month, type Total, totalsOf } from './ledger.ts';
import { chargeApiRoutes } from './routes-api.ts';
import { ledgerRoutes } from './routes-ledger.ts';
import { attachCsv, monthIn } from './routes-month.ts';
import { listFirstDays } from './store-wanted.ts';
import { monthName } from './wording.ts';

declare module '../web/page.ts' {
  interface Views {
    'charges/account': {
      title: string;
      /** null: the reader's own. */
      customer: { readonly id: number; readonly name: string } | null;
      path: string;
      month: Month;
      name: string;
      iso: string;
      months: readonly MonthSum[];
      closedAt: number | null;
      /** Whether the month has ended. */
      isPast: boolean;
      today: number;
      lines: readonly (Line & { readonly kind: ReturnType<typeof kindOf> })[];
      /** The first day that is charged, by allocation. */
      since: ReadonlyMap<number, Day>;
      totals: readonly Total[];
      byTheEnd: readonly Total[];
      currency: string;
      monthName: typeof monthName;
      isoMonth: typeof isoMonth;
    };
  }
}

const MONTHS_DRAWN = 12;

export function chargeRoutes(deps: Deps): Route[] {
  const [own, all] = ['see own charges', 'keep charges'] as const;
  const ofCustomer =
    (handle: typeof show): Route['handle'] =>
    (req, res) =>
      handle(deps, req, res, idOf(req));
  const ofOwn =
    (handle: typeof show): Route['handle'] =>
    (req, res) =>
      handle(deps, req, res, null);
  return [
    { method: 'get', path: '/charges', may: own, handle: ofOwn(show) },
    { method: 'get', path: '/charges.csv', may: own, handle: ofOwn(download) },
    { method: 'get', path: '/customers/:id/charges', may: all, handle: ofCustomer(show) },
    { method: 'get', path: '/customers/:id/charges.csv', may: all, handle: ofCustomer(download) },
    ...ledgerRoutes(deps),
    ...chargeApiRoutes(deps),
  ];
}

async function show({ db, now, policy }: Deps, req: Request, res: Response, customerId: number | null): Promise<void> {
  const customer = customerId === null ? null : await findAccount(db, customerId);
  if (customerId !== null && customer === null) throw new NotFound();
  const accountId = customer?.id ?? accountIdOf(req);
  const today = dayOf(now());
  const span = { ...(await gatherSpan(db, now())), today };
  const month = monthIn(req, span);
  const { lines, byTheEnd, closedAt } = await gatherStatement(db, span, month, [accountId]);
  const totals = totalsOf(lines);
  res.page('charges/account', {
    title: customer ? `Charges of ${customer.name}` : 'Charges',
    customer: customer && { id: customer.id, name: customer.name },
    path: customer ? `/customers/${customer.id}/charges` : '/charges',
    ...{ month, name: monthName(month), iso: isoMonth(month), closedAt, isPast: month < span.current, today },
    months: await gatherMonths(db, span, accountId, MONTHS_DRAWN),
    lines: lines.map((line) => ({ ...line, kind: kindOf(line) })),
    since: await listFirstDays(db, [...new Set(lines.map((line) => line.allocationId))]),
    totals,
    byTheEnd: totalsOf(byTheEnd),
    currency: totals[0]?.currency ?? policy.document.currency,
    monthName,
    isoMonth,
  });
}

async function download({ db, now }: Deps, req: Request, res: Response, customerId: number | null): Promise<void> {
  const account = await findAccount(db, customerId ?? accountIdOf(req));
  if (!account) throw new NotFound();
  const span = { ...(await gatherSpan(db, now())), today: dayOf(now()) };
  const month = monthIn(req, span);
  const { lines, closedAt } = await gatherStatement(db, span, month, [account.id]);
  attachCsv(res, `charges-${isoMonth(month)}.csv`);
  const { id, name } = account;
  res.send(csvHead + csvLines({ month, isClosed: closedAt !== null }, { id, name, lines }));
}
