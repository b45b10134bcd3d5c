// The customer's home.
import type { Request, Response } from 'express';
import { startOf } from '../../accounts/permissions.ts';
import type { Account } from '../../accounts/store.ts';
import { dayOf } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { listPendingOf } from '../../domains/pending/store.ts';
import type { GivenBack } from '../../ips/allocation.ts';
import { type AccountIp, listIpsOfAccount } from '../../ips/store.ts';
import { listGivenBack } from '../../ips/store-release.ts';
import type { Measured } from '../../policy/checks/facts.ts';
import { type Plan, planOf } from '../../policy/document/policy.ts';
import { type Brief, briefOf } from '../../warmup/pages/wording.ts';
import { gatherPause } from '../../warmup/staff/gather.ts';
import { listWarmups, type Warmup } from '../../warmup/store.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { listDraftsFor } from '../drafts/store.ts';
import { gatherAsking, gatherAsks, gatherProspects, type Prospects } from '../qualifying/gather.ts';
import type { Ask } from '../qualifying/wording.ts';
import { type IpRequest, isOpen, kinds as requestKinds } from '../request.ts';
import { listRequestsOf } from '../store.ts';
import { type Words, viewWords as words } from '../wording.ts';
import type { DomainChoice } from './gather.ts';
import { type Next, nextOf } from './next.ts';

declare module '../../web/page.ts' {
  interface Views {
    'requests/home': Words & {
      title: string;
      account: Account;
      plan: Plan | undefined;
      domains: readonly DomainChoice[];
      allocations: readonly AccountIp[];
      warmups: readonly Brief[];
      /** Warm-ups that stopped: why, since when, and whether staff were asked to let them go on. */
      stopped: readonly Stopped[];
      measured: Measured;
      gate: number | null;
      open: readonly IpRequest[];
      recent: readonly IpRequest[];
      /** What to do, and what is waited for. */
      next: readonly Next[];
      prospects: Prospects;
      /** Ways to the forms of what is not asked for yet. */
      asks: readonly Ask[];
      given: Given;
    };
  }
}

/** What was given back of the IPs that requests brought, by their ids. */
type Given = ReadonlyMap<number, GivenBack>;

type Stopped = { readonly warmup: Warmup; readonly why: string; readonly at: number | null };

export function homeRoutes(deps: Deps): Route[] {
  return [{ method: 'get', path: '/', may: 'signed in', handle: (req, res) => home(deps, req, res) }];
}

const idsOf = (requests: readonly IpRequest[]): number[] => requests.map(({ id }) => id);

async function home(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person } = req;
  const accountId = person?.accountId ?? null;
  if (person === null || accountId === null) return res.redirect(303, person ? startOf(person) : '/sign-in');
  const { db } = deps;
  const at = deps.now();
  const asking = await gatherAsking(db, person, at);
  if (!asking) throw new NotFound();
  const { account, domains } = asking;
  const unasked = requestKinds.filter((kind) => asking.open[kind] === null);
  const prospects = await gatherProspects(deps, asking, at, unasked);
  const asks = await gatherAsks(deps, person, prospects);
  const requests = await listRequestsOf(db, accountId);
  const open = requests.filter((request) => isOpen(request.status));
  const recent = requests.filter((request) => !isOpen(request.status)).slice(0, 5);
  const running = await listWarmups(db, { accountId, statuses: ['planned', 'running', 'paused'] });
  const paused = running.filter(({ status }) => status === 'paused');
  const allocations = await listIpsOfAccount(db, accountId);
  const warmups = running.map((warmup) => briefOf(warmup, dayOf(at), deps.policy.document));
  const drafts = await listDraftsFor(db, person.id);
  const pending = await listPendingOf(db, accountId);
  res.page('requests/home', {
    words,
    title: account.name,
    account,
    plan: planOf(deps.policy.document, account.plan),
    domains,
    allocations,
    stopped: await Promise.all(paused.map(async (warmup) => ({ warmup, ...(await gatherPause(db, warmup)) }))),
    warmups,
    measured: asking.measured,
    gate: deps.policy.document.weeklyVolumePerIp.value,
    open,
    next: nextOf({ account, domains, pending, open, drafts, stopped: paused, warmups, allocations, at }),
    prospects,
    asks: unasked.map((kind) => asks[kind]),
    recent,
    given: await listGivenBack(db, idsOf(recent)),
  });
}
