// What each page that changes a customer's own pools begins with.
import type { Request, Response } from 'express';
import type { Permission } from '../accounts/permissions.ts';
import type { Actor, Person } from '../accounts/person.ts';
import { type Account, findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import type { OwnPool } from '../ips/own-pools/pool.ts';
import type { Policy } from '../policy/document/policy.ts';
import { NotFound } from '../web/errors.ts';
import { accountIdOf, idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { gatherPools } from './gather.ts';
import type { Known } from './rules.ts';

export type PoolDesk = {
  readonly deps: Deps;
  readonly req: Request;
  readonly res: Response;
  readonly account: Account;
  readonly known: Known;
  readonly ruled: { readonly actor: Actor & { readonly person: Person }; readonly document: Policy };
};

/** What a form is shown with again. */
export type ShownAgain = {
  readonly typed?: Typed;
  readonly errors?: FieldErrors;
  readonly problem?: string;
  readonly status?: number;
};

export const MAY: Permission = 'manage own IPs';

/** A handler that gets the account of the person asking, with its pools. */
export const atPools =
  (deps: Deps, handle: (desk: PoolDesk) => Promise<void>): Route['handle'] =>
  async (req, res) => {
    const account = await findAccount(deps.db, accountIdOf(req));
    if (!account || account.parentId !== null || req.person === null) throw new NotFound();
    const { document } = deps.policy;
    const known = await gatherPools(deps.db, account, document);
    await handle({
      deps,
      req,
      res,
      account,
      known,
      ruled: { actor: { person: req.person, at: deps.now() }, document },
    });
  };

/** The pool that the address means. Throws NotFound where the account has none such. */
export function poolAsked({ req, known }: PoolDesk): OwnPool {
  const id = idOf(req);
  const pool = known.pools.find((one) => one.id === id);
  if (pool === undefined) throw new NotFound();
  return pool;
}
