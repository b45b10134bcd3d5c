// Where the pages of domains are: a customer's own, and those of a customer as staff see them.
import type { Request, Response } from 'express';
import type { Permission } from '../accounts/permissions.ts';
import type { Actor, Person } from '../accounts/person.ts';
import { type Account, findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import { accountIdOf, idIn, idOf } from '../web/params.ts';
import type { Domain } from './domain.ts';
import { findDomainOf } from './store.ts';

export type Place = {
  readonly path: string;
  /** One domain below it. */
  readonly one: string;
  readonly see: Permission;
  readonly change: Permission;
  readonly remove: Permission;
  readonly accountIdOf: (req: Request) => number;
  readonly baseOf: (account: Account) => string;
  readonly isStaff: boolean;
};

export const PLACES: readonly Place[] = [
  {
    path: '/domains',
    one: '/domains/:id',
    see: 'see own account',
    change: 'make requests',
    remove: 'remove domains',
    accountIdOf,
    baseOf: () => '/domains',
    isStaff: false,
  },
  {
    path: '/customers/:id/domains',
    one: '/customers/:id/domains/:domain',
    see: 'see customers',
    change: 'manage domains',
    remove: 'manage domains',
    accountIdOf: idOf,
    baseOf: ({ id }) => `/customers/${id}/domains`,
    isStaff: true,
  },
];

/** What each of these pages begins with. */
export type Desk = {
  readonly deps: Deps;
  readonly req: Request;
  readonly res: Response;
  readonly place: Place;
  readonly account: Account;
  readonly base: string;
  readonly actor: Actor & { readonly person: Person };
};

/** A handler that gets the account whose domains the address means. */
export const at =
  (deps: Deps, place: Place, handle: (desk: Desk) => Promise<void>) =>
  async (req: Request, res: Response): Promise<void> => {
    const account = await findAccount(deps.db, place.accountIdOf(req));
    if (!account || req.person === null) throw new NotFound();
    const actor = { person: req.person, at: deps.now() };
    await handle({ deps, req, res, place, account, base: place.baseOf(account), actor });
  };

/** The domain that the address names. Throws NotFound where the account has none such. */
export async function domainAsked({ deps, req, place, account }: Desk): Promise<Domain> {
  const id = idIn(req.params[place.isStaff ? 'domain' : 'id']);
  const domain = id === undefined ? undefined : await findDomainOf(deps.db, account.id, id);
  if (!domain) throw new NotFound();
  return domain;
}
