// Charges for billing systems (docs/api.md).
import type { Request, Response } from 'express';
import { findAccount } from '../accounts/store.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { gatherAccountIds, gatherAccounts, gatherSpan, type Span } from './gather.ts';
import { lineJson } from './json.ts';
import { isoMonth, type Month, readMonth, totalsOf } from './ledger.ts';
import { findMonth } from './store.ts';

const PAGE = 100;

export function chargeApiRoutes(deps: Deps): Route[] {
  const may = 'mail system';
  return [
    { method: 'get', path: '/api/v1/charges', may, handle: (req, res) => list(deps, req, res) },
    { method: 'get', path: '/api/v1/accounts/:id/charges', may, handle: (req, res) => show(deps, req, res) },
  ];
}

function refuse(req: Request, res: Response, message: string): void {
  res.status(422).json({ error: { status: 422, message, reference: req.requestId } });
}

/** The month that is asked for; undefined where that was answered with what is wrong. */
async function asked({ db, now }: Deps, req: Request, res: Response) {
  const month = readMonth(req.query['month']);
  if (month === undefined) return void refuse(req, res, 'month: must be a month like 2026-11');
  const span = await gatherSpan(db, now());
  if (month > span.current) return void refuse(req, res, 'month: has not begun yet');
  return { month, span: { ...span, today: dayOf(now()) } };
}

async function headOf({ db }: Deps, month: Month, span: Span) {
  const closedAt = (await findMonth(db, month))?.closedAt ?? null;
  return {
    month: isoMonth(month),
    state: month < span.open ? 'closed' : 'open',
    closedAt: closedAt === null ? null : new Date(closedAt).toISOString(),
  };
}

async function list(deps: Deps, req: Request, res: Response): Promise<void> {
  const after = typeof req.query['after'] === 'string' ? req.query['after'] : '0';
  if (!/^[0-9]{1,9}$/.test(after)) return refuse(req, res, 'after: must be the "next" of an answer');
  const found = await asked(deps, req, res);
  if (!found) return;
  const { month, span } = found;
  const ids = await gatherAccountIds(deps.db, span, month, { after: Number(after), limit: PAGE });
  const accounts = await gatherAccounts(deps.db, span, month, ids);
  res.json({
    ...(await headOf(deps, month, span)),
    accounts: accounts.map(({ id, name, lines }) => ({ id, name, totals: totalsOf(lines) })),
    next: ids.length === PAGE ? String(ids.at(-1)) : null,
  });
}

async function show(deps: Deps, req: Request, res: Response): Promise<void> {
  const account = await findAccount(deps.db, idOf(req));
  if (!account) throw new NotFound();
  const found = await asked(deps, req, res);
  if (!found) return;
  const { month, span } = found;
  const [charges] = await gatherAccounts(deps.db, span, month, [account.id]);
  const lines = charges?.lines ?? [];
  res.json({
    ...(await headOf(deps, month, span)),
    account: { id: account.id, name: account.name },
    totals: totalsOf(lines),
    lines: lines.map(lineJson),
  });
}
