// Dedicated IPs: those of an account, as its people see them, and the inventory, as staff keep it.
import type { Request, Response } from 'express';
import { can } from '../accounts/permissions.ts';
import { type Day, dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { type Brief, briefOf } from '../warmup/pages/wording.ts';
import { listWarmups } from '../warmup/store.ts';
import { accountIdOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { ALLOCATION_WORDS, isLive } from './allocation.ts';
import { type AssignedIp, type Assignee, listAssignees, listIpsAssignedTo } from './assignments/store.ts';
import { mapRoutes } from './map/routes.ts';
import { nameRoutes } from './names/routes.ts';
import { type Link, listLinkedNames } from './names/store.ts';
import { inventoryRoutes } from './routes-inventory.ts';
import { stockRoutes } from './stock/routes.ts';
import { type AccountIp, listIpsOfAccount } from './store.ts';
import { type FormerIp, listFormerIps } from './store-release.ts';

declare module '../web/page.ts' {
  interface Views {
    'ips/list': {
      title: string;
      ips: readonly AccountIp[];
      states: typeof ALLOCATION_WORDS;
      /** S-13: the states of warm-ups that are not complete, by their ids. */
      warming: ReadonlyMap<number, Brief>;
      today: Day;
      /** What all of them cost together, a month. */
      monthlyCents: number;
      currency: string;
      maySeeCharges: boolean;
      /** Those that the account gave back. */
      former: readonly FormerIp[];
      /** Whether the reader may give IPs back and choose which domains use them. */
      mayManage: boolean;
      /** S-12: whether the reader can add an IP without a request. */
      addsAtOnce: boolean;
      /** S-19: the names linked to them, by the IP; null: the policy has no such rule. */
      linked: ReadonlyMap<number, Pick<Link, 'name' | 'status'>> | null;
      /** The subusers of the account, each with the IPs that it may send over (S-18). */
      assignees: readonly Assignee[];
    };
    'ips/assigned': { title: string; ips: readonly AssignedIp[]; states: typeof ALLOCATION_WORDS };
  }
}

export function ipRoutes(deps: Deps): Route[] {
  return [
    { method: 'get', path: '/ips', may: 'see own account', handle: (req, res) => list(deps, req, res) },
    ...inventoryRoutes(deps),
    ...mapRoutes(deps),
    ...stockRoutes(deps),
    ...nameRoutes(deps),
  ];
}

async function list({ db, policy, now }: Deps, req: Request, res: Response): Promise<void> {
  const accountId = accountIdOf(req);
  // A subuser has no IPs of its own: those of its parent that are assigned to it.
  if (req.person?.isOfSubuser) {
    const assigned = await listIpsAssignedTo(db, accountId);
    return res.page('ips/assigned', { title: 'Dedicated IPs', ips: assigned, states: ALLOCATION_WORDS });
  }
  const ips = await listIpsOfAccount(db, accountId);
  const warmups = await listWarmups(db, { accountId, statuses: ['planned', 'running', 'paused'] });
  res.page('ips/list', {
    title: 'Dedicated IPs',
    ips,
    states: ALLOCATION_WORDS,
    today: dayOf(now()),
    warming: new Map(warmups.map((warmup) => [warmup.id, briefOf(warmup, dayOf(now()), policy.document)])),
    monthlyCents: ips.filter(isLive).reduce((sum, ip) => sum + ip.monthlyCents, 0),
    currency: ips[0]?.currency ?? policy.document.currency,
    maySeeCharges: can(req.person, 'see own charges'),
    former: await listFormerIps(db, accountId),
    mayManage: can(req.person, 'manage own IPs'),
    addsAtOnce: policy.document.selfService.value !== null && can(req.person, 'manage own IPs'),
    linked: policy.document.reverseDns.value === null ? null : await listLinkedNames(db, accountId),
    assignees: ips.length === 0 ? [] : await listAssignees(db, accountId),
  });
}
