// A customer as staff see it: plan, people, what is sent over what, all requests.
import type { Request, Response } from 'express';
import { can } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import { type Account, findAccount, listPeopleOfAccount } from '../../accounts/store.ts';
import { listSubuserRows, SUBUSERS_A_PAGE, type SubuserRow } from '../../accounts/subusers/store.ts';
import { dayOf } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import type { Domain } from '../../domains/domain.ts';
import { listDomainsOf } from '../../domains/store.ts';
import type { GivenBack } from '../../ips/allocation.ts';
import { type AssignedIp, type Assignee, listAssignees, listIpsAssignedTo } from '../../ips/assignments/store.ts';
import { type AccountIp, listIpsOfAccount } from '../../ips/store.ts';
import { listGivenBack } from '../../ips/store-release.ts';
import type { Measured } from '../../policy/checks/facts.ts';
import { type Plan, planOf } from '../../policy/document/policy.ts';
import { gatherEngaged } from '../../reputation/engagement/gather.ts';
import type { Engaged } from '../../reputation/engagement/wording.ts';
import { measure } from '../../sending/counts.ts';
import { listWeekCounts } from '../../sending/store.ts';
import { type Brief, briefOf } from '../../warmup/pages/wording.ts';
import { listWarmups } from '../../warmup/store.ts';
import { NotFound } from '../../web/errors.ts';
import { type Paging, pageOf, pagingOf } from '../../web/paging.ts';
import { idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import type { IpRequest } from '../request.ts';
import { listRequestsOf } from '../store.ts';
import { type Words, viewWords as words } from '../wording.ts';

declare module '../../web/page.ts' {
  interface Views {
    'review/customer': Words & {
      title: string;
      account: Account;
      plan: Plan | undefined;
      people: readonly Person[];
      may: {
        readonly change: boolean;
        readonly stop: boolean;
        readonly close: boolean;
        readonly bill: boolean;
        readonly ips: boolean;
        /** S-19: whether domains can be linked to IPs. */
        readonly link: boolean;
      };
      domains: readonly (Domain & { readonly weekly: number | null })[];
      allocations: readonly AccountIp[];
      /** S-13: their warm-ups that are not complete, by their ids. */
      warming: ReadonlyMap<number, Brief>;
      measured: Measured;
      gate: number | null;
      /** S-24 */
      engaged: Engaged;
      requests: readonly IpRequest[];
      /** The account whose subuser it is; null: it has no parent. */
      parent: Pick<Account, 'id' | 'name'> | null;
      subusers: readonly SubuserRow[];
      /** Of the subusers. */
      paging: Paging;
      /** S-18: the subusers that may send over its IPs; and of a subuser, the IPs that are assigned to it. */
      assignees: readonly Assignee[];
      assigned: readonly AssignedIp[];
      /** What was given back of the IPs that requests brought, by their ids. */
      given: ReadonlyMap<number, GivenBack>;
    };
  }
}

export const customerRoutes = (deps: Deps): Route[] => [
  { method: 'get', path: '/customers/:id', may: 'see customers', handle: (req, res) => show(deps, req, res) },
];

async function show({ db, now, policy }: Deps, req: Request, res: Response): Promise<void> {
  const id = idOf(req);
  const account = await findAccount(db, id);
  if (!account) throw new NotFound();
  const domains = await listDomainsOf(db, id);
  const counts = await listWeekCounts(
    db,
    domains.map((domain) => domain.id),
    now(),
  );
  const warmups = await listWarmups(db, { accountId: id, statuses: ['planned', 'running', 'paused'] });
  const requests = await listRequestsOf(db, id);
  const page = pageOf(req);
  const subusers = account.parentId === null ? await listSubuserRows(db, id, page) : { rows: [], total: 0 };
  res.page('review/customer', {
    words,
    title: account.name,
    account,
    plan: planOf(policy.document, account.plan),
    people: await listPeopleOfAccount(db, id),
    may: {
      change: can(req.person, 'change plans'),
      stop: can(req.person, 'suspend customers'),
      close: can(req.person, 'manage customers'),
      bill: can(req.person, 'keep charges'),
      ips: can(req.person, 'manage customers’ IPs'),
      link: policy.document.reverseDns.value !== null,
    },
    domains: domains.map((domain) => ({ ...domain, weekly: measure(counts.get(domain.id) ?? [], now()).weekly })),
    allocations: await listIpsOfAccount(db, id),
    warming: new Map(warmups.map((warmup) => [warmup.id, briefOf(warmup, dayOf(now()), policy.document)])),
    measured: measure([...counts.values()].flat(), now()),
    gate: policy.document.weeklyVolumePerIp.value,
    engaged: await gatherEngaged(db, id, policy.document, now()),
    requests,
    parent: account.parentId === null ? null : await findAccount(db, account.parentId),
    subusers: subusers.rows,
    paging: pagingOf(`/customers/${id}`, {
      page,
      size: SUBUSERS_A_PAGE,
      shown: subusers.rows.length,
      total: subusers.total,
    }),
    assignees: account.parentId === null ? await listAssignees(db, account.id) : [],
    assigned: account.parentId === null ? [] : await listIpsAssignedTo(db, account.id),
    given: await listGivenBack(
      db,
      requests.map((request) => request.id),
    ),
  });
}
