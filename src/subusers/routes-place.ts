// Where subusers are created: by the people of their parent, and by staff for it.
import type { Request, Response } from 'express';
import type { Permission } from '../accounts/permissions.ts';
import type { Actor, Person } from '../accounts/person.ts';
import { type Account, findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import { accountIdOf, idOf } from '../web/params.ts';

export type SubuserPlace = {
  readonly path: string;
  readonly may: Permission;
  readonly isStaff: boolean;
  readonly parentIdOf: (req: Request) => number;
};

export const PLACES: readonly SubuserPlace[] = [
  { path: '/subusers', may: 'manage subusers', isStaff: false, parentIdOf: accountIdOf },
  { path: '/customers/:id/subusers', may: 'manage customers', isStaff: true, parentIdOf: idOf },
];

/** What each of these pages begins with. */
export type Desk = {
  readonly deps: Deps;
  readonly req: Request;
  readonly res: Response;
  readonly isStaff: boolean;
  readonly parent: Account;
  readonly actor: Actor & { readonly person: Person };
  /** Where the form goes, and the page that one comes from. */
  readonly base: string;
  readonly back: string;
};

/** A handler that gets the account below which the address means; a subuser has none below it. */
export const atParent =
  (deps: Deps, { isStaff, parentIdOf }: SubuserPlace, handle: (desk: Desk) => Promise<void>) =>
  async (req: Request, res: Response): Promise<void> => {
    const parent = await findAccount(deps.db, parentIdOf(req));
    if (parent === null || parent.parentId !== null || req.person === null) throw new NotFound();
    const base = isStaff ? `/customers/${parent.id}/subusers` : '/subusers';
    const back = isStaff ? `/customers/${parent.id}` : '/subusers';
    await handle({ deps, req, res, isStaff, parent, actor: { person: req.person, at: deps.now() }, base, back });
  };
