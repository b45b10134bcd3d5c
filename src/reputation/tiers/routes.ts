// The page of a shared pool, and the one on which staff put a domain into a tier.
import type { Request, Response } from 'express';
import { type Account, findAccount } from '../../accounts/store.ts';
import { type Day, dayOf } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { findDomainOf } from '../../domains/store.ts';
import { type FieldErrors, readForm, type Typed } from '../../form.ts';
import { rateWords } from '../../sending/rates.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn, idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { type PlacingProblem, placeByStaff } from './actions.ts';
import { gatherPool, type PoolShown } from './gather.ts';
import { moveLabel } from './moves.ts';
import { findSending, type Sending } from './store.ts';

declare module '../../web/page.ts' {
  interface Views {
    'pools/show': PoolShown & { title: string; rateWords: typeof rateWords; moveLabel: typeof moveLabel };
    'domains/tier': {
      title: string;
      account: Account;
      sending: Sending;
      base: string;
      /** Tiers that there are, 1 the best; none where the policy has none. */
      tiers: readonly number[];
      today: Day;
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export const tierRoutes = (deps: Deps): Route[] => [
  { method: 'get', path: '/pools/:pool', may: 'see inventory', handle: (req, res) => pool(deps, req, res) },
  { method: 'get', path: TIER, may: 'manage domains', handle: (req, res) => show(deps, req, res) },
  { method: 'post', path: TIER, may: 'manage domains', handle: (req, res) => place(deps, req, res) },
];

const TIER = '/customers/:id/domains/:domain/tier';

async function pool({ db, now, policy }: Deps, req: Request, res: Response): Promise<void> {
  const found = policy.document.pools.find(({ key }) => key === req.params.pool);
  if (!found) throw new NotFound();
  const shown = await gatherPool(db, found, policy.document, now());
  res.page('pools/show', { title: `Pool ${found.key}`, ...shown, rateWords, moveLabel });
}

async function asked({ db }: Deps, req: Request) {
  const account = await findAccount(db, idOf(req));
  const id = idIn(req.params.domain);
  if (account === null || id === undefined || !(await findDomainOf(db, account.id, id))) throw new NotFound();
  return { account, id, sending: await findSending(db, account.id, id) };
}

type Shown = {
  readonly typed?: Typed;
  readonly errors?: FieldErrors;
  readonly problem?: string;
  readonly status?: number;
};

async function show(deps: Deps, req: Request, res: Response, shown: Shown = {}): Promise<void> {
  const { typed = {}, errors = {}, problem = null, status = 200 } = shown;
  const { account, sending } = await asked(deps, req);
  const base = `/customers/${account.id}/domains`;
  // One on dedicated IPs has no tier.
  if (!sending) return res.redirect(303, base);
  const from = deps.policy.document.reputation.tiers.value?.from ?? [];
  const page = {
    title: `The tier of ${sending.name}`,
    ...{ account, sending, base, problem, errors },
    typed: { tier: String(sending.place.tier), ...typed },
    tiers: from.map((_, nth) => nth + 1),
    today: dayOf(deps.now()),
  };
  res.page('domains/tier', page, status);
}

const PROBLEMS: Readonly<Record<Exclude<PlacingProblem, 'not-found' | 'reason-missing'>, string>> = {
  'own-account': 'The domain belongs to your own account; another member of staff has to decide.',
  stopped: 'It is stopped, so it sends nothing over any tier. Let it send again first.',
  'no-tiers': 'There is no such tier.',
};

async function place(deps: Deps, req: Request, res: Response): Promise<void> {
  const { db, now, policy } = deps;
  const { account, id, sending } = await asked(deps, req);
  if (req.person === null) throw new NotFound();
  if (!sending) return res.redirect(303, `/customers/${account.id}/domains`);
  const form = readForm(req.body);
  const most = policy.document.reputation.tiers.value?.from.length ?? 1;
  const tier = form.whole('tier', { label: 'Tier', min: 1, max: most });
  const until = form.day('until', { label: 'Until', min: dayOf(now()), tooEarly: 'Until must be today or later.' });
  const reason = form.text('reason', { label: 'Reason', max: 2000 });
  const read = form.result(() => ({ tier: tier ?? 1, until: until ?? 0, reason }));
  if (!read.ok) return show(deps, req, res, { ...read, status: 422 });
  const actor = { person: req.person, at: now() };
  const done = await placeByStaff(db, actor, policy.document, { accountId: account.id, id, ...read.value });
  if (done.ok) return res.redirect(303, `/customers/${account.id}/domains/${id}?note=domain-placed`);
  if (done.problem === 'not-found') throw new NotFound();
  const { typed } = read;
  if (done.problem === 'reason-missing')
    return show(deps, req, res, {
      typed,
      errors: { reason: 'Reason is missing. The customer reads it.' },
      status: 422,
    });
  await show(deps, req, res, { typed, problem: PROBLEMS[done.problem], status: 409 });
}
