// A customer's own pools of IPs, for programs (docs/api.md).
import type { Request, Response } from 'express';
import { findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { listOwnPools } from '../ips/own-pools/store.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';

export const poolApiRoutes = (deps: Deps): Route[] => [
  {
    ...{ method: 'get', path: '/api/v1/accounts/:id/pools', may: 'mail system' },
    handle: (req, res) => show(deps, req, res),
  },
];

async function show({ db }: Deps, req: Request, res: Response): Promise<void> {
  const account = await findAccount(db, idOf(req));
  if (!account) throw new NotFound();
  const pools = await listOwnPools(db, account.id);
  res.json({
    account: { id: account.id, name: account.name },
    pools: pools.map(({ id, name, members, domains }) => ({
      ...{ id, name },
      ips: members.map(({ address, region, status, weight }) => ({ address, region, status, weight })),
      domains: domains.map(({ domain, kinds }) => ({ domain, kinds })),
    })),
  });
}
