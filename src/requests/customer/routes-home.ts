// The customer's home and the list of the account's requests.
import type { Request, Response } from 'express';
import { startOf } from '../../accounts/permissions.ts';
import { type Account, findAccount } from '../../accounts/store.ts';
import { dayOf } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { listDomainsOf } from '../../domains/store.ts';
import type { Allocation } from '../../ips/allocation.ts';
import { listAllocationsOf } from '../../ips/store.ts';
import type { Measured } from '../../policy/checks/facts.ts';
import { type Plan, planOf } from '../../policy/document/policy.ts';
import { measure } from '../../sending/counts.ts';
import { listWeekCounts } from '../../sending/store.ts';
import { type Brief, briefOf } from '../../warmup/pages/wording.ts';
import { gatherPause } from '../../warmup/staff/gather.ts';
import { listWarmups, type Warmup } from '../../warmup/store.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { type Draft, listDraftsFor } from '../drafts/store.ts';
import { type IpRequest, isOpen } from '../request.ts';
import { listRequestsOf } from '../store.ts';
import { type Words, viewWords as words } from '../wording.ts';
import type { DomainChoice } from './gather.ts';

declare module '../../web/page.ts' {
  interface Views {
    'requests/home': Words & {
      title: string;
      account: Account;
      plan: Plan | undefined;
      domains: readonly DomainChoice[];
      allocations: readonly Allocation[];
      warmups: readonly Brief[];
      /** Warm-ups that stopped: why, since when, and whether staff were asked to let them go on. */
      stopped: readonly Stopped[];
      measured: Measured;
      gate: number;
      open: readonly IpRequest[];
      recent: readonly IpRequest[];
      /** What colleagues prepared for this person to send. */
      drafts: readonly Draft[];
    };
    'requests/list': Words & { title: string; requests: readonly IpRequest[] };
  }
}

type Stopped = { readonly warmup: Warmup; readonly why: string; readonly at: number | null };

export function homeRoutes(deps: Deps): Route[] {
  return [
    { method: 'get', path: '/', may: 'signed in', handle: (req, res) => home(deps, req, res) },
    { method: 'get', path: '/requests', may: 'see own account', handle: (req, res) => list(deps, req, res) },
  ];
}

async function home(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person } = req;
  const accountId = person?.accountId ?? null;
  if (person === null || accountId === null) return res.redirect(303, person ? startOf(person) : '/sign-in');
  const { db } = deps;
  const at = deps.now();
  const account = await findAccount(db, accountId);
  if (!account) throw new NotFound();
  const domains = await listDomainsOf(db, accountId);
  const counts = await listWeekCounts(
    db,
    domains.map((domain) => domain.id),
    at,
  );
  const requests = await listRequestsOf(db, accountId);
  const running = await listWarmups(db, { accountId, statuses: ['planned', 'running', 'paused'] });
  res.page('requests/home', {
    words,
    title: account.name,
    account,
    plan: planOf(deps.policy.document, account.plan),
    domains: domains.map((domain) => ({ ...domain, weekly: measure(counts.get(domain.id) ?? [], at).weekly })),
    allocations: await listAllocationsOf(db, accountId),
    stopped: await Promise.all(
      running
        .filter(({ status }) => status === 'paused')
        .map(async (warmup) => ({ warmup, ...(await gatherPause(db, warmup)) })),
    ),
    warmups: running.map((warmup) => briefOf(warmup, dayOf(at), deps.policy.document)),
    measured: measure([...counts.values()].flat(), at),
    gate: deps.policy.document.weeklyVolumePerIp.value,
    open: requests.filter((request) => isOpen(request.status)),
    drafts: await listDraftsFor(db, person.id),
    recent: requests.filter((request) => !isOpen(request.status)).slice(0, 5),
  });
}

async function list(deps: Deps, req: Request, res: Response): Promise<void> {
  const requests = await listRequestsOf(deps.db, req.person?.accountId ?? 0, 200);
  res.page('requests/list', { words, title: 'Your requests', requests });
}
