// What staff change about a customer: name, plan and region; suspending, reopening and closing. What follows is told first.
import type { Request, Response } from 'express';
import { readAccountChange, readReason } from '../../accounts/customers/form.ts';
import { choicesOf, type Option, optionsOf } from '../../accounts/customers/routes.ts';
import type { Actor, Person } from '../../accounts/person.ts';
import { type Account, findAccount } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import type { Result } from '../../result.ts';
import { NotFound } from '../../web/errors.ts';
import { idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { viewHelpers } from '../../web/view-helpers.ts';
import { type AccountProblem, changeAccount, closeAccount, reopenAccount, suspendAccount } from './actions.ts';
import { gatherClosingEffects, gatherPlanEffects } from './gather.ts';
import { closingWords, PROBLEMS, planWords, suspensionWords } from './wording.ts';

type Shared = { title: string; account: Account; problem: string | null; typed: Typed; errors: FieldErrors };

declare module '../../web/page.ts' {
  interface Views {
    'customers/change': Shared & {
      plans: readonly Option[];
      regions: readonly Option[];
      /** What would follow; null: nothing was asked to be checked yet. */
      effects: readonly string[] | null;
    };
    'customers/stop': Shared & {
      step: 'suspension' | 'closing';
      effects: readonly string[];
    };
  }
}

type Desk = {
  readonly deps: Deps;
  readonly req: Request;
  readonly res: Response;
  readonly account: Account;
  readonly actor: Actor & { readonly person: Person };
};

export function accountRoutes(deps: Deps): Route[] {
  const at =
    (handle: (desk: Desk) => Promise<void>): Route['handle'] =>
    async (req, res) => {
      const account = await findAccount(deps.db, idOf(req));
      if (!account || req.person === null) throw new NotFound();
      await handle({ deps, req, res, account, actor: { person: req.person, at: deps.now() } });
    };
  const path = '/customers/:id';
  const [plans, stops, all] = ['change plans', 'suspend customers', 'manage customers'] as const;
  return [
    { method: 'get', path: `${path}/plan`, may: plans, handle: at((desk) => showChange(desk, typedOf(desk.account))) },
    { method: 'post', path: `${path}/plan`, may: plans, handle: at(takeChange) },
    { method: 'get', path: `${path}/suspension`, may: stops, handle: at((desk) => showStop(desk, 'suspension')) },
    {
      method: 'post',
      path: `${path}/suspension`,
      may: stops,
      handle: at((desk) => stop(desk, 'suspension', suspendAccount)),
    },
    { method: 'post', path: `${path}/reopening`, may: stops, handle: at(reopen) },
    { method: 'get', path: `${path}/closing`, may: all, handle: at((desk) => showStop(desk, 'closing')) },
    {
      method: 'post',
      path: `${path}/closing`,
      may: all,
      handle: at((desk) =>
        stop(desk, 'closing', (db, actor, decision) => closeAccount(db, actor, deps.policy.document, decision)),
      ),
    },
  ];
}

const typedOf = ({ name, plan, region }: Account): Typed => ({ name, plan, region: region ?? 'any' });

type Shown = { errors?: FieldErrors; effects?: readonly string[]; problem?: string; status?: number };

async function showChange({ deps, res, account }: Desk, typed: Typed, shown: Shown = {}): Promise<void> {
  const { errors = {}, effects = null, problem = null, status = 200 } = shown;
  const title = `Change ${account.name}`;
  const all = optionsOf(deps.policy.document);
  // A subuser keeps its region, and has its parent's plan.
  const isFixed = account.parentId !== null;
  const plans = isFixed ? all.plans.filter(({ value }) => value === account.plan) : all.plans;
  const regions = isFixed ? all.regions.filter(({ value }) => value === account.region) : all.regions;
  res.page('customers/change', { title, account, plans, regions, typed, errors, effects, problem }, status);
}

async function takeChange(desk: Desk): Promise<void> {
  const { deps, req, res, account, actor } = desk;
  const { document } = deps.policy;
  const form = readAccountChange(req.body, choicesOf(document));
  if (!form.ok) return showChange(desk, form.typed, { errors: form.errors, status: 422 });
  const effects = async (of: Account) =>
    planWords(
      await gatherPlanEffects(deps.db, { document, at: actor.at }, of, form.value.plan),
      of,
      form.value,
      viewHelpers(actor.person.timeZone, actor.at),
    );
  if (form.typed['step'] !== 'change') return showChange(desk, form.typed, { effects: await effects(account) });
  const done = await changeAccount(deps.db, actor, document, { id: account.id, ...form.value });
  if (done.ok) return res.redirect(303, `/customers/${account.id}?note=customer-changed`);
  if (done.problem === 'not-found') throw new NotFound();
  const fresh = (await findAccount(deps.db, account.id)) ?? account;
  await showChange({ ...desk, account: fresh }, form.typed, {
    effects: await effects(fresh),
    problem: PROBLEMS[done.problem],
    status: 409,
  });
}

async function showStop(
  desk: Desk,
  step: 'suspension' | 'closing',
  shown: Shown & { typed?: Typed } = {},
): Promise<void> {
  const { deps, res, account, actor } = desk;
  const { errors = {}, problem = null, status = 200, typed = {} } = shown;
  const h = viewHelpers(actor.person.timeZone, actor.at);
  const ruled = { document: deps.policy.document, at: actor.at };
  const closing = await gatherClosingEffects(deps.db, ruled, account);
  const page = {
    title: `${step === 'closing' ? 'Close' : 'Suspend'} ${account.name}`,
    account,
    step,
    effects: step === 'closing' ? closingWords(closing, h) : suspensionWords(closing),
    problem,
    typed,
    errors,
  };
  res.page('customers/stop', page, status);
}

type Stop = typeof suspendAccount;

async function stop(desk: Desk, step: 'suspension' | 'closing', action: Stop): Promise<void> {
  const { req, account } = desk;
  const form = readReason(req.body, true);
  if (!form.ok) return showStop(desk, step, { typed: form.typed, errors: form.errors, status: 422 });
  const done = await action(desk.deps.db, desk.actor, { id: account.id, ...form.value });
  await answer(desk, done, step === 'closing' ? 'customer-closed' : 'customer-suspended', (problem) =>
    findAccount(desk.deps.db, account.id).then((fresh) =>
      showStop({ ...desk, account: fresh ?? account }, step, { typed: form.typed, problem, status: 409 }),
    ),
  );
}

async function reopen(desk: Desk): Promise<void> {
  const { req, res, account } = desk;
  const form = readReason(req.body, false);
  const version = form.ok ? form.value.version : account.version;
  const done = await reopenAccount(desk.deps.db, desk.actor, { id: account.id, version, reason: '' });
  await answer(desk, done, 'customer-reopened', async () =>
    res.redirect(303, `/customers/${account.id}?note=moved-on`),
  );
}

async function answer(
  { res, account }: Desk,
  done: Result<void, AccountProblem>,
  note: string,
  again: (problem: string) => Promise<void>,
): Promise<void> {
  if (done.ok) return res.redirect(303, `/customers/${account.id}?note=${note}`);
  if (done.problem === 'not-found') throw new NotFound();
  await again(PROBLEMS[done.problem]);
}
