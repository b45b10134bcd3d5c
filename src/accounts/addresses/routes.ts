// S-27: the lists of allowed addresses, as a customer's admin keeps its own, and an administrator those of staff and API.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import { accountIdOf, idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { can, type Permission } from '../permissions.ts';
import { onceShown } from '../session/routes-again.ts';
import { findAccount } from '../store.ts';
import { type AddressProblem, isOwnLimit, liftLimitOf, setRanges } from './actions.ts';
import { readList } from './form.ts';
import type { Holder } from './holder.ts';
import { isPrivate, plainAddress, type Ranges } from './ranges.ts';
import { findRanges } from './store.ts';

type List = {
  readonly kind: Holder['kind'];
  /** Where its form goes. */
  readonly action: string;
  /** As stored. */
  readonly ranges: Ranges;
  /** As typed. */
  readonly value: string;
  readonly error: string | undefined;
};

declare module '../../web/page.ts' {
  interface Views {
    'addresses/form': {
      title: string;
      lists: readonly List[];
      /** Where the reader is; null: unknown. */
      here: string | null;
      isPrivate: boolean;
      problem: string | null;
      errors: FieldErrors;
    };
    'addresses/customer': {
      title: string;
      account: { readonly id: number; readonly name: string };
      ranges: Ranges;
      mayLift: boolean;
      /** Whether somebody else of the staff has to lift it. */
      isOwn: boolean;
    };
  }
}

const PROBLEMS: Readonly<Record<AddressProblem, string>> = {
  changed: 'Somebody else changed this list meanwhile. This is how it is now.',
  'not-yours': 'Your role does not let you do this any more. Ask an admin.',
};

/** Where lists are kept: one page with one or two of them. */
type Place = {
  readonly path: string;
  readonly may: Permission;
  readonly holders: (req: Request) => Promise<readonly { readonly action: string; readonly holder: Holder }[]>;
};

export function addressRoutes(deps: Deps): Route[] {
  const own: Place = {
    path: '/addresses',
    may: 'manage colleagues',
    holders: async (req) => [{ action: '/addresses', holder: await accountOf(deps, accountIdOf(req)) }],
  };
  const provider: Place = {
    path: '/settings/addresses',
    may: 'set up',
    holders: async () => [
      { action: '/settings/addresses/staff', holder: { kind: 'staff' } },
      { action: '/settings/addresses/mail-systems', holder: { kind: 'mail systems' } },
    ],
  };
  const customer = '/customers/:id/addresses';
  return [
    ...routesOf(deps, own, ['/addresses']),
    ...routesOf(deps, provider, ['/settings/addresses/staff', '/settings/addresses/mail-systems']),
    { method: 'get', path: customer, may: 'see customers', handle: (req, res) => showCustomer(deps, req, res) },
    {
      method: 'post',
      path: `${customer}/lifting`,
      may: 'manage customers',
      handle: onceShown(deps, (req, res) => lift(deps, req, res)),
    },
  ];
}

function routesOf(deps: Deps, place: Place, actions: readonly string[]): Route[] {
  const { may, path } = place;
  return [
    { method: 'get', path, may, handle: (req, res) => show({ deps, place, req, res }, null, 200) },
    ...actions.map(
      (action): Route => ({ method: 'post', path: action, may, handle: onceShown(deps, take(deps, place, action)) }),
    ),
  ];
}

async function accountOf({ db }: Deps, id: number): Promise<Extract<Holder, { kind: 'account' }>> {
  const account = await findAccount(db, id);
  if (account === null) throw new NotFound();
  return { kind: 'account', id: account.id, name: account.name };
}

type Again = { readonly action: string; readonly value?: string; readonly error?: string; readonly problem?: string };

type Desk = { readonly deps: Deps; readonly place: Place; readonly req: Request; readonly res: Response };

async function show({ deps, place, req, res }: Desk, again: Again | null, status: number): Promise<void> {
  const holders = await place.holders(req);
  const lists = await Promise.all(
    holders.map(async ({ action, holder }): Promise<List> => {
      const ranges = await findRanges(deps.db, holder);
      const typed = again?.action === action ? again : null;
      return { kind: holder.kind, action, ranges, value: typed?.value ?? ranges.join('\n'), error: typed?.error };
    }),
  );
  const here = plainAddress(req.ip);
  res.page(
    'addresses/form',
    {
      title: 'Allowed addresses',
      lists,
      here,
      isPrivate: here !== null && isPrivate(here),
      problem: again?.problem ?? null,
      errors: again?.error === undefined ? {} : { [`ranges-${lists.findIndex((one) => one.error)}`]: again.error },
    },
    status,
  );
}

const take =
  (deps: Deps, place: Place, action: string) =>
  async (req: Request, res: Response): Promise<void> => {
    const desk = { deps, place, req, res };
    const holder = (await place.holders(req)).find((one) => one.action === action)?.holder;
    if (holder === undefined || req.person === null) throw new NotFound();
    const form = readList(req.body, holder.kind === 'mail systems' ? undefined : plainAddress(req.ip));
    if (!form.ok) {
      const error = form.errors['ranges'] ?? form.errors['seen'];
      return show(desk, { action, value: String(form.typed['ranges'] ?? ''), ...(error && { error }) }, 422);
    }
    const done = await setRanges(deps.db, { person: req.person, at: deps.now() }, holder, form.value);
    if (!done.ok) return show(desk, { action, problem: PROBLEMS[done.problem] }, 409);
    res.redirect(303, `${place.path}?note=settings-saved`);
  };

async function showCustomer(deps: Deps, req: Request, res: Response, status = 200): Promise<void> {
  const account = await accountOf(deps, idOf(req));
  const ranges = await findRanges(deps.db, account);
  const title = `Allowed addresses of ${account.name}`;
  const mayLift = can(req.person, 'manage customers');
  const page = { title, account, ranges, mayLift, isOwn: isOwnLimit(req.person, account) };
  res.page('addresses/customer', page, status);
}

async function lift(deps: Deps, req: Request, res: Response): Promise<void> {
  const account = await accountOf(deps, idOf(req));
  const done = await liftLimitOf(deps.db, { person: req.person, at: deps.now() }, account);
  if (!done.ok) return showCustomer(deps, req, res, 409);
  res.redirect(303, `/customers/${account.id}/addresses?note=limit-lifted`);
}
