// Subusers: the list and the pages that their parent's people see, and the form that creates one.
import type { Request, Response } from 'express';
import { countInvitation } from '../accounts/actions.ts';
import { type Option, optionsOf } from '../accounts/customers/routes.ts';
import { can } from '../accounts/permissions.ts';
import type { Person } from '../accounts/person.ts';
import { type Account, listPeopleOfAccount } from '../accounts/store.ts';
import { findSubuserOf, listSubuserRows, SUBUSERS_A_PAGE, type SubuserRow } from '../accounts/subusers/store.ts';
import type { Deps } from '../deps.ts';
import { type Domain, ROUTE_WORDS, USAGE_WORDS } from '../domains/domain.ts';
import { listDomainsOf } from '../domains/store.ts';
import type { FieldErrors, Typed } from '../form.ts';
import { ALLOCATION_WORDS, isLive } from '../ips/allocation.ts';
import { type AssignedIp, listIpsAssignedTo } from '../ips/assignments/store.ts';
import { listAllocationsOf } from '../ips/store.ts';
import { measure } from '../sending/counts.ts';
import { listWeekCounts } from '../sending/store.ts';
import { NotFound } from '../web/errors.ts';
import { type Paging, pageOf, pagingOf } from '../web/paging.ts';
import { accountIdOf, idIn, idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { createSubuser } from './actions.ts';
import { readSubuser } from './form.ts';
import { subuserApiRoutes } from './routes-api.ts';
import { assignmentRoutes } from './routes-assignment.ts';
import { atParent, type Desk, PLACES } from './routes-place.ts';
import { CREATION_PROBLEMS, STATE_WORDS } from './wording.ts';

declare module '../web/page.ts' {
  interface Views {
    'subusers/list': {
      title: string;
      rows: readonly SubuserRow[];
      paging: Paging;
      states: typeof STATE_WORDS;
      mayCreate: boolean;
    };
    'subusers/new': {
      title: string;
      parent: Account;
      base: string;
      back: string;
      isStaff: boolean;
      regions: readonly Option[];
      /** IPs that can be assigned at once (S-21); none for staff, who do not assign (S-22). */
      ips: readonly Option[];
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
    'subusers/show': {
      title: string;
      subuser: Account;
      states: typeof STATE_WORDS;
      people: readonly Person[];
      domains: readonly (Domain & { readonly weekly: number | null })[];
      ips: readonly AssignedIp[];
      ipStates: typeof ALLOCATION_WORDS;
      words: typeof ROUTE_WORDS;
      usages: typeof USAGE_WORDS;
      /** Whether the reader can ask for IPs for its domains, which are assigned to it then (S-22). */
      mayAsk: boolean;
    };
  }
}

export function subuserRoutes(deps: Deps): Route[] {
  const may = 'see subusers';
  return [
    { method: 'get', path: '/subusers', may, handle: (req, res) => list(deps, req, res) },
    ...PLACES.flatMap((place): Route[] => [
      { method: 'get', path: `${place.path}/new`, may: place.may, handle: atParent(deps, place, (desk) => ask(desk)) },
      { method: 'post', path: place.path, may: place.may, handle: atParent(deps, place, create) },
    ]),
    { method: 'get', path: '/subusers/:id', may, handle: (req, res) => show(deps, req, res) },
    ...assignmentRoutes(deps),
    ...subuserApiRoutes(deps),
  ];
}

async function list({ db }: Deps, req: Request, res: Response): Promise<void> {
  const page = pageOf(req);
  const { rows, total } = await listSubuserRows(db, accountIdOf(req), page);
  const paging = pagingOf('/subusers', { page, size: SUBUSERS_A_PAGE, shown: rows.length, total });
  const mayCreate = can(req.person, 'manage subusers');
  res.page('subusers/list', { title: 'Subusers', rows, paging, states: STATE_WORDS, mayCreate });
}

type Shown = {
  readonly typed?: Typed;
  readonly errors?: FieldErrors;
  readonly problem?: string;
  readonly status?: number;
};

async function ask(desk: Desk, { typed = {}, errors = {}, problem, status = 200 }: Shown = {}): Promise<void> {
  const { deps, res, parent, base, back, isStaff } = desk;
  const regions = optionsOf(deps.policy.document).regions.filter(({ value }) => value !== 'any');
  const live = isStaff ? [] : (await listAllocationsOf(deps.db, parent.id)).filter(isLive);
  const ips = live.map(({ id, address, region, status }) => ({
    ...{ value: String(id), label: address },
    hint: `${region.toUpperCase()}, ${ALLOCATION_WORDS[status].label.toLowerCase()}`,
  }));
  const page = { title: 'Create a subuser', parent, base, back, isStaff, regions, ips, typed, errors };
  res.page('subusers/new', { ...page, problem: problem ?? null }, status);
}

async function create(desk: Desk): Promise<void> {
  const { deps, req, res, parent, actor, isStaff } = desk;
  const form = readSubuser(req.body, deps.policy.document.regions.value);
  if (!form.ok) return ask(desk, { ...form, status: 422 });
  const { typed } = form;
  // Each of them sends an invitation, as inviting a colleague does.
  if (!isStaff && (await countInvitation(deps.db, parent.id, actor.at)) > 0)
    return ask(desk, { typed, problem: 'No more invitations can be sent today. Try again tomorrow.', status: 429 });
  const allocationIds = isStaff ? [] : [typed['ips'] ?? []].flat().map((one) => idIn(one) ?? 0);
  const creation = { ...form.value, parentId: parent.id, secret: deps.sessionSecret, allocationIds };
  const done = await createSubuser(deps.db, actor, creation);
  if (done.ok) return res.redirect(303, `${isStaff ? '/customers' : '/subusers'}/${done.value}?note=subuser-created`);
  if (done.problem === 'not-found') throw new NotFound();
  const words = CREATION_PROBLEMS[done.problem];
  if (done.problem === 'taken') return ask(desk, { typed, errors: { email: words }, status: 422 });
  if (done.problem === 'ip-region') return ask(desk, { typed, errors: { ips: words }, status: 422 });
  await ask(desk, { typed, problem: words, status: 409 });
}

async function show({ db, now }: Deps, req: Request, res: Response): Promise<void> {
  const subuser = await findSubuserOf(db, accountIdOf(req), idOf(req));
  if (subuser === undefined) throw new NotFound();
  const domains = await listDomainsOf(db, subuser.id);
  const counts = await listWeekCounts(
    db,
    domains.map(({ id }) => id),
    now(),
  );
  res.page('subusers/show', {
    title: subuser.name,
    subuser,
    states: STATE_WORDS,
    people: await listPeopleOfAccount(db, subuser.id),
    domains: domains.map((domain) => ({ ...domain, weekly: measure(counts.get(domain.id) ?? [], now()).weekly })),
    ips: await listIpsAssignedTo(db, subuser.id),
    ipStates: ALLOCATION_WORDS,
    words: ROUTE_WORDS,
    usages: USAGE_WORDS,
    mayAsk: domains.length > 0 && subuser.status === 'active' && can(req.person, 'assign IPs'),
  });
}
