// The page on which an IP is given back; what follows is told first.
import type { Account } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { type FieldErrors, readForm, type Typed } from '../form.ts';
import type { Allocation } from '../ips/allocation.ts';
import { type IpDesk, routesAtIp, type ShownAgain } from '../ips/routes-place.ts';
import { findAllocation } from '../ips/store.ts';
import { gatherRequotes } from '../requests/account/gather.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';
import { viewHelpers } from '../web/view-helpers.ts';
import { releaseIp } from './actions.ts';
import { type ReleaseProblem, releaseBasis } from './effects.ts';
import { gatherRelease } from './gather.ts';
import { type Effect, RELEASE_PROBLEMS, releaseWords } from './wording.ts';

declare module '../web/page.ts' {
  interface Views {
    'release/confirm': {
      title: string;
      account: Account;
      allocation: Allocation;
      base: string;
      back: string;
      isStaff: boolean;
      effects: readonly Effect[];
      /** What the form binds to. */
      seen: string;
      /** Why it was not given back. */
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export const releaseRoutes = (deps: Deps): Route[] => routesAtIp(deps, 'release', show, release);

async function show(desk: IpDesk, { typed = {}, errors = {}, problem, status = 200 }: ShownAgain = {}): Promise<void> {
  const { deps, req, res, account, allocation, actor, base, back, isStaff } = desk;
  const ruled = { document: deps.policy.document, at: actor.at };
  const effects = await gatherRelease(deps.db, ruled, account, [allocation.id]);
  const released = effects.given.length;
  const requotes = await gatherRequotes(deps.db, { account, plan: account.plan, at: actor.at, released });
  const h = viewHelpers(req.person?.timeZone ?? 'UTC', actor.at);
  const page = {
    title: `Give back ${allocation.address}`,
    ...{ account, allocation, base, back, isStaff, typed, errors },
    effects: releaseWords(effects, requotes, h),
    seen: releaseBasis(effects),
    problem: problem ?? null,
  };
  res.page('release/confirm', page, status);
}

async function release(desk: IpDesk): Promise<void> {
  const { deps, req, res, account, allocation, actor, back, isStaff } = desk;
  const form = readForm(req.body);
  const reason = form.text('reason', { label: 'Reason', max: 2000, required: isStaff });
  const seen = form.text('seen', { label: 'This page', max: 100 });
  const read = form.result(() => ({ reason, seen }));
  if (!read.ok) return show(desk, { ...read, status: 422 });
  const given = { accountId: account.id, allocationId: allocation.id, ...read.value };
  const done = await releaseIp(deps.db, actor, deps.policy.document, given);
  if (done.ok) return res.redirect(303, `${back}?note=${isStaff ? 'ip-released' : 'ip-given-back'}`);
  await showProblem(desk, read.typed, done.problem);
}

async function showProblem(desk: IpDesk, typed: Typed, problem: ReleaseProblem): Promise<void> {
  if (problem === 'not-found') throw new NotFound();
  if (problem === 'reason-missing')
    return show(desk, { typed, errors: { reason: 'Reason is missing. The customer reads it.' }, status: 422 });
  const { deps } = desk;
  const now = await findAllocation(deps.db, desk.allocation.id);
  if (now === undefined) throw new NotFound();
  await show({ ...desk, allocation: now }, { typed, problem: RELEASE_PROBLEMS[problem], status: 409 });
}
