// The pages of a team: of the provider's staff, of a customer as its admin sees it, and as staff do.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import { accountIdOf, idIn, idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { type Permission, type PermissionRow, permissionTable } from '../permissions.ts';
import type { Actor, Person } from '../person.ts';
import { onceShown } from '../session/routes-again.ts';
import { findAccount } from '../store.ts';
import { limits, takeTries } from '../store-throttle.ts';
import {
  changeRole,
  disablePerson,
  enablePerson,
  invite,
  inviteAgain,
  mayManage,
  type PeopleProblem,
  resetSecondFactor,
} from './actions.ts';
import { readInvited, readRoleChange } from './form.ts';
import { absenceIn, barToManage, type Member, roleIn, stateOf } from './member.ts';
import { type Role, rolesOf, roleWords, type Team } from './role.ts';
import { findMember, listMembers } from './store.ts';
import { PROBLEMS, STATE_WORDS } from './wording.ts';

type Row = {
  readonly member: Member;
  readonly state: (typeof STATE_WORDS)[keyof typeof STATE_WORDS];
  readonly role: string;
  /** While they are away from the desk. */
  readonly absence: Member['absence'];
};
type Shared = { title: string; base: string; team: Team; mayManage: boolean; typed: Typed; errors: FieldErrors };
type RoleOption = { readonly value: Role; readonly label: string; readonly hint: string };

declare module '../../web/page.ts' {
  interface Views {
    'people/list': Shared & {
      rows: readonly Row[];
      roles: readonly RoleOption[];
      /** What each role may do; only of the staff. */
      table: readonly PermissionRow[];
    };
    'people/show': Shared & {
      row: Row;
      current: Role;
      roles: readonly RoleOption[];
      /** Why this person cannot be managed by who looks; null where nothing keeps them. */
      bar: string | null;
      isLinkOver: boolean;
      problem: string | null;
    };
  }
}

/** Where a team's pages are, and who may see and change it. */
type Place = {
  readonly path: string;
  readonly see: Permission;
  readonly manage: Permission;
  readonly teamOf: (req: Request) => Promise<Team>;
  readonly baseOf: (team: Team) => string;
  /** Whether who lets others in, or gives them a role, has to show again that it is them. */
  readonly asksAgain?: true;
};

export function peopleRoutes(deps: Deps): Route[] {
  const accountTeam = async (id: number): Promise<Team> => {
    const account = await findAccount(deps.db, id);
    if (!account) throw new NotFound();
    return { kind: 'account', id: account.id, name: account.name };
  };
  const places: readonly Place[] = [
    {
      path: '/staff',
      see: 'see staff',
      manage: 'manage staff',
      teamOf: async () => ({ kind: 'staff' }),
      baseOf: () => '/staff',
      asksAgain: true,
    },
    {
      path: '/people',
      see: 'see own account',
      manage: 'manage colleagues',
      teamOf: (req) => accountTeam(accountIdOf(req)),
      baseOf: () => '/people',
    },
    {
      path: '/customers/:id/people',
      see: 'see customers',
      manage: 'manage customers',
      teamOf: (req) => accountTeam(idOf(req)),
      baseOf: (team) => `/customers/${team.kind === 'account' ? team.id : ''}/people`,
    },
  ];
  return places.flatMap((place) => routesOf(deps, place));
}

function routesOf(deps: Deps, place: Place): Route[] {
  const { path, see, manage, asksAgain = false } = place;
  const one = `${path}/:person`;
  const atOnce = (to: string, handle: (desk: Desk) => Promise<void>): Route => ({
    method: 'post',
    path: to,
    may: manage,
    handle: async (req, res) => handle(await sit(deps, place, req, res)),
  });
  const post = (to: string, take: (desk: Desk) => Promise<void>): Route => {
    const route = atOnce(to, take);
    return asksAgain ? { ...route, handle: onceShown(deps, route.handle) } : route;
  };
  return [
    {
      method: 'get',
      path,
      may: see,
      handle: async (req, res) => showList(await sit(deps, place, req, res), {}, {}, 200),
    },
    post(path, takeInvited),
    { method: 'get', path: one, may: see, handle: async (req, res) => showPerson(await sit(deps, place, req, res)) },
    post(`${one}/role`, takeRole),
    // Shutting somebody out may be urgent, and lets nobody in.
    atOnce(`${one}/disabling`, (desk) =>
      settle(desk, 'person-disabled', (id) => disablePerson(deps.db, desk.actor, desk.team, id)),
    ),
    post(`${one}/enabling`, (desk) =>
      settle(desk, 'person-enabled', (id) => enablePerson(deps.db, desk.actor, desk.team, id)),
    ),
    post(`${one}/second-factor`, (desk) =>
      settle(desk, 'second-factor-reset', (id) => resetSecondFactor(deps.db, desk.actor, desk.team, id)),
    ),
    post(`${one}/invitation`, (desk) =>
      settle(desk, 'invited', (id) => inviteAgain(deps.db, desk.actor, desk.team, { secret: deps.sessionSecret, id })),
    ),
  ];
}

/** What each of these pages begins with. */
type Desk = {
  readonly deps: Deps;
  readonly req: Request;
  readonly res: Response;
  readonly team: Team;
  readonly base: string;
  readonly actor: Actor & { readonly person: Person };
};

async function sit(deps: Deps, place: Place, req: Request, res: Response): Promise<Desk> {
  const team = await place.teamOf(req);
  const { person } = req;
  if (person === null) throw new NotFound();
  return { deps, req, res, team, base: place.baseOf(team), actor: { person, at: deps.now() } };
}

const optionsOf = (team: Team): RoleOption[] => rolesOf(team).map((value) => ({ value, ...roleWords(team, value) }));

const rowOf = (team: Team, member: Member, at: number): Row => {
  const role = roleIn(team, member);
  return {
    member,
    state: STATE_WORDS[stateOf(member)],
    role: role === null ? '' : roleWords(team, role).label,
    absence: absenceIn(team, member, at),
  };
};

async function showList({ deps, res, team, base, actor }: Desk, typed: Typed, errors: FieldErrors, status: number) {
  const page = {
    title: team.kind === 'staff' ? 'Staff' : `People of ${team.name}`,
    base,
    team,
    mayManage: mayManage(actor.person, team),
    rows: (await listMembers(deps.db, team)).map((member) => rowOf(team, member, actor.at)),
    roles: optionsOf(team),
    table: team.kind === 'staff' ? permissionTable() : [],
    typed,
    errors,
  };
  res.page('people/list', page, status);
}

async function takeInvited(desk: Desk): Promise<void> {
  const { deps, req, res, team, base, actor } = desk;
  const form = readInvited(req.body, team);
  if (!form.ok) return showList(desk, form.typed, form.errors, 422);
  const again = (email: string, status: number) => showList(desk, form.typed, { email }, status);
  const who = team.kind === 'staff' ? 'staff' : `account ${team.id}`;
  if ((await takeTries(deps.db, [[limits.invitationsOfTeam, who]], actor.at)) > 0)
    return again('So many invitations went out today that we stop here. Go on tomorrow.', 429);
  const done = await invite(deps.db, actor, team, { ...form.value, secret: deps.sessionSecret });
  if (!done.ok && done.problem === 'not-found') throw new NotFound();
  if (!done.ok) return again(PROBLEMS[done.problem], done.problem === 'taken' ? 422 : 409);
  res.redirect(303, `${base}?note=invited`);
}

async function memberAsked({ deps, req, team }: Desk): Promise<Member> {
  const member = await findMember(deps.db, team, idIn(req.params['person']) ?? 0);
  if (!member) throw new NotFound();
  return member;
}

async function showPerson(desk: Desk, problem: string | null = null, errors: FieldErrors = {}, status = 200) {
  const { res, team, base, actor } = desk;
  const member = await memberAsked(desk);
  const bar = barToManage(team, actor.person, member);
  const page = {
    title: member.name,
    base,
    team,
    mayManage: mayManage(actor.person, team),
    row: rowOf(team, member, actor.at),
    current: roleIn(team, member) as Role,
    roles: optionsOf(team),
    bar: bar === null ? null : PROBLEMS[bar],
    isLinkOver: member.linkUntil !== null && member.linkUntil <= actor.at,
    problem,
    typed: {},
    errors,
  };
  res.page('people/show', page, status);
}

async function takeRole(desk: Desk): Promise<void> {
  const { deps, req, team, actor } = desk;
  const form = readRoleChange(req.body, team);
  if (!form.ok) {
    await memberAsked(desk);
    return showPerson(desk, null, form.errors, 422);
  }
  await settle(desk, 'role-changed', (id) => changeRole(deps.db, actor, team, { id, ...form.value }));
}

/** Does something to the person of the address and goes back to their page, or shows there why not. */
async function settle(
  desk: Desk,
  note: string,
  action: (id: number) => ReturnType<typeof changeRole> | ReturnType<typeof inviteAgain>,
): Promise<void> {
  const member = await memberAsked(desk);
  const done: { ok: boolean; problem?: PeopleProblem } = await action(member.id);
  if (done.problem === 'not-found') throw new NotFound();
  if (done.problem !== undefined) return showPerson(desk, PROBLEMS[done.problem], {}, 409);
  desk.res.redirect(303, `${desk.base}/${member.id}?note=${note}`);
}
