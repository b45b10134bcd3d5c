// Where the pages of one dedicated IP are: its customer's own, and those of a customer as staff see them.
import type { Request, Response } from 'express';
import type { Permission } from '../accounts/permissions.ts';
import type { Actor, Person } from '../accounts/person.ts';
import { type Account, findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import { NotFound } from '../web/errors.ts';
import { accountIdOf, idIn, idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import type { Allocation } from './allocation.ts';
import { listAllocationsOf } from './store.ts';

type IpPlace = {
  readonly path: string;
  readonly may: Permission;
  readonly isStaff: boolean;
  readonly accountIdOf: (req: Request) => number;
  /** The name of the IP's id in the address. */
  readonly param: string;
};

const OWN: IpPlace = { path: '/ips/:id', may: 'manage own IPs', isStaff: false, accountIdOf, param: 'id' };
const PLACES: readonly IpPlace[] = [
  OWN,
  { path: '/customers/:id/ips/:ip', may: 'manage customers’ IPs', isStaff: true, accountIdOf: idOf, param: 'ip' },
];

/** What each of these pages begins with. */
export type IpDesk = {
  readonly deps: Deps;
  readonly req: Request;
  readonly res: Response;
  readonly isStaff: boolean;
  readonly account: Account;
  readonly allocation: Allocation;
  readonly actor: Actor & { readonly person: Person };
  /** The address of the IP's pages, and of the page that one comes from. */
  readonly base: string;
  readonly back: string;
};

/** What a form about an IP is shown with again. */
export type ShownAgain = {
  readonly typed?: Typed;
  readonly errors?: FieldErrors;
  readonly problem?: string;
  readonly status?: number;
};

/** The page `name` of an IP and the form on it, for its customer and for staff. */
export const routesAtIp = (
  deps: Deps,
  name: string,
  show: (desk: IpDesk) => Promise<void>,
  take: (desk: IpDesk) => Promise<void>,
): Route[] =>
  PLACES.flatMap((place): Route[] => {
    const path = `${place.path}/${name}`;
    return [
      { method: 'get', path, may: place.may, handle: atIp(deps, place, (desk) => show(desk)) },
      { method: 'post', path, may: place.may, handle: atIp(deps, place, take) },
    ];
  });

/** The page `name` of an IP and the form on it, for those of its customer who hold a permission, and nobody of the staff. */
export const routesAtOwnIp = (
  deps: Deps,
  { name, may }: { readonly name: string; readonly may: Permission },
  show: (desk: IpDesk) => Promise<void>,
  take: (desk: IpDesk) => Promise<void>,
): Route[] => {
  const path = `${OWN.path}/${name}`;
  return [
    { method: 'get', path, may, handle: atIp(deps, OWN, (desk) => show(desk)) },
    { method: 'post', path, may, handle: atIp(deps, OWN, take) },
  ];
};

/** What is only posted below an IP, by its customer and by staff. */
export const postsAtIp = (deps: Deps, name: string, take: (desk: IpDesk) => Promise<void>): Route[] =>
  PLACES.map((place) => ({
    ...{ method: 'post' as const, path: `${place.path}/${name}`, may: place.may },
    handle: atIp(deps, place, take),
  }));

/** A handler that gets the IP that the address means, where its account has it. */
const atIp =
  (deps: Deps, place: IpPlace, handle: (desk: IpDesk) => Promise<void>): Route['handle'] =>
  async (req, res) => {
    const account = await findAccount(deps.db, place.accountIdOf(req));
    const ipId = idIn(req.params[place.param]);
    if (!account || req.person === null) throw new NotFound();
    const allocation = (await listAllocationsOf(deps.db, account.id)).find((one) => one.ipId === ipId);
    if (!allocation) throw new NotFound();
    const { isStaff } = place;
    const base = isStaff ? `/customers/${account.id}/ips/${ipId}` : `/ips/${ipId}`;
    const back = isStaff ? `/customers/${account.id}` : '/ips';
    const actor = { person: req.person, at: deps.now() };
    await handle({ deps, req, res, isStaff, account, allocation, actor, base, back });
  };
