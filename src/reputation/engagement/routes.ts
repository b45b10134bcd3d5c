// Engagement quality for programs (S-24, docs/api.md).
import type { Request, Response } from 'express';
import { type Account, findAccount } from '../../accounts/store.ts';
import { dayOf, startOfDay } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { NotFound } from '../../web/errors.ts';
import { idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { gatherAccounts, gatherDays } from './gather.ts';
import { type Behalf, readBehalf, readPage, readSpan, type SeqError, scoreJson } from './sendgrid.ts';
import { findAccountIdNamed } from './store.ts';
import { missingWords } from './wording.ts';

export function engagementRoutes(deps: Deps): Route[] {
  const may = 'mail system';
  const path = '/v3/engagementquality';
  return [
    {
      method: 'get',
      path: '/api/v1/accounts/:id/engagement-quality',
      may,
      handle: (req, res) => show(deps, req, res),
    },
    { method: 'get', path: `${path}/scores`, may, handle: (req, res) => scores(deps, req, res) },
    { method: 'get', path: `${path}/subusers/scores`, may, handle: (req, res) => allScores(deps, req, res) },
  ];
}

const rounded = (rate: number): number => Number(rate.toFixed(6));

async function show({ db, now, policy: { document } }: Deps, req: Request, res: Response): Promise<void> {
  const account = await findAccount(db, idOf(req));
  if (!account) throw new NotFound();
  const today = dayOf(now());
  const [found] = await gatherDays(db, account.id, { from: today, to: today }, document);
  if (!found) throw new NotFound();
  const { sums, quality } = found;
  const rules = document.engagementQuality;
  const known = (part: number, of: number) => (of === 0 ? null : part);
  res.json({
    account: { id: account.id, name: account.name },
    asOf: new Date(startOfDay(today)).toISOString().slice(0, 10),
    windowDays: rules.windowDays.value,
    sent: sums.sent,
    score: quality?.score ?? null,
    metrics: (quality?.metrics ?? []).map(({ name, rate, known: of, score }) => ({
      ...{ name, rate: rounded(rate), of, score },
    })),
    missing: (quality?.missing ?? []).map((one) => ({ name: one.name, message: missingWords(one, rules) })),
    opened: known(sums.opened, sums.openKnown),
    openedByProxy: sums.knowsProxies ? sums.openedByProxy : null,
    clicked: known(sums.clicked, sums.clickKnown),
  });
}

const refuse = (res: Response, error: SeqError): void => void res.status(400).json({ errors: [error] });

async function scores({ db, now, policy: { document } }: Deps, req: Request, res: Response): Promise<void> {
  const span = readSpan(req.query, dayOf(now()));
  if (!span.ok) return refuse(res, span.problem);
  const behalf = readBehalf(req.get('on-behalf-of'));
  if (!behalf.ok) return refuse(res, behalf.problem);
  const account = await accountFor({ db }, behalf.value);
  if (!account) return refuse(res, { field: 'on-behalf-of', message: 'no account of this number or name' });
  const { id, name } = account;
  const days = await gatherDays(db, id, span.value, document);
  res.json({ result: days.map(({ day, quality }) => scoreJson({ id, name, day }, quality)) });
}

async function accountFor({ db }: Pick<Deps, 'db'>, behalf: Behalf): Promise<Account | null> {
  const id = 'id' in behalf ? behalf.id : await findAccountIdNamed(db, behalf.name);
  return id === undefined ? null : findAccount(db, id);
}

async function allScores({ db, now, policy: { document } }: Deps, req: Request, res: Response): Promise<void> {
  const page = readPage(req.query, dayOf(now()));
  if (!page.ok) return refuse(res, page.problem);
  const { day, limit, after } = page.value;
  // One more than asked for says whether there are more.
  const found = await gatherAccounts(db, day, { after, limit: limit + 1 }, document);
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  res.json({
    result: shown.map(({ id, name, quality }) => scoreJson({ id, name, day }, quality)),
    _metadata: { next_params: { after_key: last ? String(last.id) : null } },
  });
}
