// Who is on a team: invite, change a role, disable, enable. One act, one transaction each.
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, isDuplicate } from '../../database.ts';
import { queueMail } from '../../notifications/actions.ts';
import { type Result, refused } from '../../result.ts';
import { addPerson } from '../actions.ts';
import { dropEmailChange } from '../email-change/actions.ts';
import { INVITATION_LASTS_MS, invitationToken, randomToken } from '../invitations/token.ts';
import { deleteIdentitiesOf } from '../openid/store.ts';
import { can } from '../permissions.ts';
import type { AccountRole, Actor, Person, StaffRole } from '../person.ts';
import { deleteLinksOf, replaceReset } from '../reset/store.ts';
import { tokenHash } from '../reset/token.ts';
import { tellOf } from '../second-factor/actions.ts';
import { deleteSecondFactor } from '../second-factor/store.ts';
import { deleteSessionsOf } from '../session/store.ts';
import { findAccount, findActivePerson } from '../store.ts';
import { barToManage, type Member, type MemberBar, roleIn } from './member.ts';
import { accountNameOf, actorName, recipient, tellAdmins } from './notify.ts';
import { type Role, roleWords, type Team } from './role.ts';
import { countAdmins, findMember, lockTeam, moveRole, NO_PASSWORD, switchPerson } from './store.ts';

/** Why nothing was done. `changed`: somebody else was faster. `taken`: the address is somebody's already. */
export type PeopleProblem =
  | MemberBar
  | 'not-found'
  | 'changed'
  | 'taken'
  | 'disabled'
  | 'has-password'
  | 'closed'
  | 'no-second-factor';

export type Invited = { readonly email: string; readonly name: string; readonly role: Role };

/** Adds somebody to a team without a password and mails them a link to choose one, for seven days. */
export async function invite(
  db: Db,
  actor: Actor,
  team: Team,
  { secret, ...who }: Invited & { readonly secret: string },
): Promise<Result<Person, PeopleProblem>> {
  try {
    return await act<Person, PeopleProblem>(db, actor, async (act) => {
      await enterTeam(act, team);
      const { email, name, role } = who;
      const zone = act.actor.person?.timeZone ?? 'UTC';
      const belongs = membership(team, role);
      const person = await addPerson(act, { email, name, timeZone: zone, ...belongs, passwordHash: NO_PASSWORD });
      await mailInvitation(act, team, person, secret);
      return person;
    });
  } catch (error) {
    if (isDuplicate(error)) return refused('taken');
    throw error;
  }
}

const membership = (team: Team, role: Role) =>
  team.kind === 'staff'
    ? { accountId: null, accountRole: null, staffRole: role as StaffRole }
    : { accountId: team.id, accountRole: role as AccountRole, staffRole: null };

/** Mails a new link to somebody who has not followed the last; that one stops working. */
export function inviteAgain(
  db: Db,
  actor: Actor,
  team: Team,
  { secret, id }: { readonly secret: string; readonly id: number },
): Promise<Result<Person, PeopleProblem>> {
  return act<Person, PeopleProblem>(db, actor, async (act) => {
    const member = await memberOf(act, team, id);
    if (member.disabledAt !== null) return act.refuse('disabled');
    if (member.hasPassword) return act.refuse('has-password');
    await mailInvitation(act, team, member, secret);
    return member;
  });
}

/** Makes the link, records it, and mails it to the person; the team's other admins are told. */
export async function mailInvitation(act: Act, team: Team, person: Person, secret: string): Promise<void> {
  const role = roleIn(team, person);
  if (role === null) throw new Error(`person ${person.id} is not of the team that invites`);
  const { at, person: inviter } = act.actor;
  const seed = randomToken();
  const expiresAt = at + INVITATION_LASTS_MS;
  const hash = tokenHash(invitationToken(secret, seed));
  await replaceReset(act.trx, { personId: person.id, kind: 'invitation', tokenHash: hash, at, expiresAt });
  const eventId = await record(act, {
    name: 'person.invited',
    subject: { type: 'person', id: person.id },
    accountId: person.accountId,
    facts: { email: person.email, role: roleWords(team, role).label },
  });
  const facts = { account: accountNameOf(team), role, seed, expiresAt, by: inviter?.name ?? null };
  await queueMail(act, [{ eventId, to: recipient(person), template: 'invitation', facts, thread: null }]);
  const what = `invited ${person.email} as ${roleWords(team, role).label.toLowerCase()}`;
  await tellAdmins(act, team, { id: eventId, about: person, what });
}

/** Returns somebody another role. `from` is the role that the actor saw. A team keeps at least one admin. */
export function changeRole(
  db: Db,
  actor: Actor,
  team: Team,
  change: { readonly id: number; readonly from: Role; readonly to: Role },
): Promise<Result<void, PeopleProblem>> {
  return act<void, PeopleProblem>(db, actor, async (act) => {
    const member = await memberOf(act, team, change.id);
    const { from, to } = change;
    if (roleIn(team, member) !== from) return act.refuse('changed');
    if (from === to) return;
    if (!(await moveRole(act.trx, team, { ...change, at: act.actor.at }))) return act.refuse('changed');
    await keepAnAdmin(act, team, from === 'admin');
    const [before, after] = [roleWords(team, from).label, roleWords(team, to).label];
    const eventId = await record(act, {
      name: 'person.roleChanged',
      subject: { type: 'person', id: member.id },
      accountId: member.accountId,
      facts: { before, after },
    });
    const facts = { account: accountNameOf(team), role: to, by: actorName(act) };
    if (member.disabledAt === null)
      await queueMail(act, [{ eventId, to: recipient(member), template: 'role-changed', facts, thread: null }]);
    const what = `made ${member.name} ${after.toLowerCase()} instead of ${before.toLowerCase()}`;
    await tellAdmins(act, team, { id: eventId, about: member, what });
  });
}

/** Lets somebody in no more: their sessions end and their link stops working. A team keeps at least one admin. */
export function disablePerson(db: Db, actor: Actor, team: Team, id: number): Promise<Result<void, PeopleProblem>> {
  return act<void, PeopleProblem>(db, actor, async (act) => {
    const member = await memberOf(act, team, id);
    const { trx } = act;
    if (!(await switchPerson(trx, id, act.actor.at, act.actor.at))) return act.refuse('changed');
    await keepAnAdmin(act, team, roleIn(team, member) === 'admin');
    await deleteSessionsOf(trx, id);
    await deleteLinksOf(trx, id);
    await dropEmailChange(act, id);
    await deleteIdentitiesOf(trx, id);
    const what = `disabled ${member.name} (${member.email})`;
    await recordSwitch(act, team, member, { name: 'person.disabled', what });
  });
}

/** Lets somebody in again, with the password that they had. */
export function enablePerson(db: Db, actor: Actor, team: Team, id: number): Promise<Result<void, PeopleProblem>> {
  return act<void, PeopleProblem>(db, actor, async (act) => {
    const member = await memberOf(act, team, id);
    if (!(await switchPerson(act.trx, id, null, act.actor.at))) return act.refuse('changed');
    const what = `let ${member.name} (${member.email}) in again`;
    await recordSwitch(act, team, member, { name: 'person.enabled', what });
  });
}

/**
 * Removes somebody's second factor, so that the password alone lets them in again: for one who lost it. They are signed
 * out everywhere and told, and so are the team's other admins. An open change of their address is dropped.
 */
export function resetSecondFactor(db: Db, actor: Actor, team: Team, id: number): Promise<Result<void, PeopleProblem>> {
  return act<void, PeopleProblem>(db, actor, async (act) => {
    const member = await memberOf(act, team, id);
    if (!(await deleteSecondFactor(act.trx, id))) return act.refuse('no-second-factor');
    await deleteSessionsOf(act.trx, id);
    await dropEmailChange(act, id);
    const event = { name: 'person.secondFactorReset', facts: { email: member.email } } as const;
    const told = await tellOf(act, member, event, { change: 'reset', at: act.actor.at, by: actorName(act) });
    const what = `removed the second step of the sign-in of ${member.name} (${member.email})`;
    await tellAdmins(act, team, { id: told, about: member, what });
  });
}

async function recordSwitch(
  act: Act,
  team: Team,
  member: Member,
  { name, what }: { readonly name: 'person.disabled' | 'person.enabled'; readonly what: string },
): Promise<void> {
  const subject = { type: 'person', id: member.id } as const;
  const id = await record(act, { name, subject, accountId: member.accountId, facts: { email: member.email } });
  await tellAdmins(act, team, { id, about: member, what });
}

/** Refuses where the team has no admin left. Acts on one team wait for each other, so of two at once the second sees it. */
async function keepAnAdmin(act: Act<PeopleProblem>, team: Team, wasAdmin: boolean): Promise<void> {
  if (wasAdmin && (await countAdmins(act.trx, team)) === 0) act.refuse('last-admin');
}

/** The actor may have stopped being an admin since the page was shown: checked again behind the team's lock. */
async function enterTeam(act: Act<PeopleProblem>, team: Team): Promise<void> {
  await lockTeam(act.trx, team);
  const { person } = act.actor;
  const current = person && (await findActivePerson(act.trx, person.id));
  if (person && !(current && mayManage(current, team))) return act.refuse('not-yours');
  if (team.kind === 'account' && (await findAccount(act.trx, team.id)) === null) return act.refuse('not-found');
}

async function memberOf(act: Act<PeopleProblem>, team: Team, id: number): Promise<Member> {
  await enterTeam(act, team);
  const member = (await findMember(act.trx, team, id)) ?? act.refuse('not-found');
  const bar = barToManage(team, act.actor.person, member);
  return bar === null ? member : act.refuse(bar);
}

/** Whether somebody may manage the people of a team. */
export function mayManage(person: Person, team: Team): boolean {
  if (team.kind === 'staff') return can(person, 'manage staff');
  return can(person, 'manage customers') || (person.accountId === team.id && can(person, 'manage colleagues'));
}
