// Reputation for programs (docs/api.md).
import type { Request, Response } from 'express';
import { findAccount } from '../accounts/store.ts';
import { startOfDay } from '../day.ts';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { engagementRoutes } from './engagement/routes.ts';
import { gatherReputation } from './gather.ts';
import { tierRoutes } from './tiers/routes.ts';

export const reputationRoutes = (deps: Deps): Route[] => [
  {
    method: 'get',
    path: '/api/v1/accounts/:id/reputation',
    may: 'mail system',
    handle: (req, res) => show(deps, req, res),
  },
  ...engagementRoutes(deps),
  ...tierRoutes(deps),
];

async function show({ db, now, policy }: Deps, req: Request, res: Response): Promise<void> {
  const account = await findAccount(db, idOf(req));
  if (!account) throw new NotFound();
  const found = await gatherReputation(db, account.id, policy.document, now());
  const limit = found?.limit ?? null;
  res.json({
    account: { id: account.id, name: account.name },
    asOf: found === null ? null : new Date(startOfDay(found.day)).toISOString().slice(0, 10),
    score: found?.score?.value ?? null,
    parts: (found?.score?.parts ?? []).map(({ name, rate, points, most }) => ({
      ...{ name, rate: Number(rate.toFixed(6)), points: Number(points.toFixed(2)), of: most },
    })),
    dailyLimit: limit?.perDay ?? null,
    sentToday: limit?.sent ?? null,
    remaining: limit === null ? null : Math.max(0, limit.perDay - limit.sent),
    domains: (found?.domains ?? []).map(({ name, score }) => ({ domain: name, score })),
  });
}
