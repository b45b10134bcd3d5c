// Subusers and the IPs that are assigned to them, for programs (docs/api.md).
import type { Request, Response } from 'express';
import { type Account, findAccount } from '../accounts/store.ts';
import { listSubusers } from '../accounts/subusers/store.ts';
import type { Db } from '../database.ts';
import type { Deps } from '../deps.ts';
import { type Allocation, isLive } from '../ips/allocation.ts';
import { listAssignees } from '../ips/assignments/store.ts';
import { listAllocationsOf, listAssignedTo } from '../ips/store.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';

export const subuserApiRoutes = (deps: Deps): Route[] => [
  {
    method: 'get',
    path: '/api/v1/accounts/:id/subusers',
    may: 'mail system',
    handle: (req, res) => show(deps, req, res),
  },
];

async function show({ db }: Deps, req: Request, res: Response): Promise<void> {
  const account = await findAccount(db, idOf(req));
  if (!account) throw new NotFound();
  res.json(account.parentId === null ? await ofParent(db, account) : await ofSubuser(db, account, account.parentId));
}

const named = ({ id, name, region }: Account) => ({ id, name, region });
const ipJson = ({ address, region, status }: Allocation) => ({ address, region, status });

async function ofParent(db: Db, account: Account) {
  const live = (await listAllocationsOf(db, account.id)).filter(isLive);
  const assignees = await listAssignees(db, account.id);
  const idsOf = (subuserId: number) => assignees.find(({ id }) => id === subuserId)?.allocationIds ?? [];
  const subusers = await listSubusers(db, account.id);
  return {
    ...{ account: named(account), parent: null },
    subusers: subusers.map((subuser) => ({
      ...{ ...named(subuser), status: subuser.status },
      ips: live.filter(({ id }) => idsOf(subuser.id).includes(id)).map(({ address }) => address),
    })),
    ips: live.map((ip) => ({
      ...{ ...ipJson(ip), ownerSends: ip.ownerSends },
      subusers: assignees.filter(({ allocationIds }) => allocationIds.includes(ip.id)).map(({ id }) => id),
    })),
  };
}

async function ofSubuser(db: Db, account: Account, parentId: number) {
  const parent = await findAccount(db, parentId);
  const assigned = await listAssignedTo(db, account.id);
  return {
    ...{ account: named(account), parent: parent && named(parent), subusers: [] },
    ips: assigned.map((ip) => ({ ...ipJson(ip), ownerSends: ip.ownerSends, subusers: [account.id] })),
  };
}
