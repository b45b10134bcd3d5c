// Letting somebody in whom an OpenID provider has named: who they are here, and as what.
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, isDuplicate } from '../../database.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Result } from '../../result.ts';
import { addPerson } from '../actions.ts';
import { recipient, tellAdmins } from '../people/notify.ts';
import { roleWords, type Team } from '../people/role.ts';
import { countAdmins, lockTeam, moveRole, NO_PASSWORD } from '../people/store.ts';
import type { Actor, Person, StaffRole } from '../person.ts';
import { passwordMark } from '../session/store.ts';
import { findActivePerson, findAnyPersonByEmail, findCredentials } from '../store.ts';
import type { Identity } from './identity.ts';
import { type OpenIdSetting, roleOfGroups } from './setting.ts';
import { deleteExpiredFlows, deleteIdentitiesOf, findLinkedAt, findPersonOfIdentity, insertIdentity } from './store.ts';

/**
 * Why somebody is not let in. `unknown`: nobody here who can sign in has the address. `not-verified`: the provider does not
 * say that the address is theirs. `other`: the person here is somebody else there. `no-group`: none that is of the staff.
 */
export type EntryProblem = 'unknown' | 'not-verified' | 'other' | 'no-group';

export type Entered = { readonly person: Person; readonly passwordMark: string };

const STAFF: Team = { kind: 'staff' };

/**
 * Finds the person of an identity: by the provider's own name for them, the first time by a verified address. Nobody is
 * made but where the setting says so, and then of the staff; roles of the staff follow the groups.
 */
export async function enterByIdentity(
  db: Db,
  identity: Identity,
  setting: OpenIdSetting,
  at: number,
): Promise<Result<Entered, EntryProblem>> {
  try {
    return await enter(db, identity, setting, at);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // The same person came back twice at the same moment: now they are known.
    return enter(db, identity, setting, at);
  }
}

const enter = (
  db: Db,
  identity: Identity,
  setting: OpenIdSetting,
  at: number,
): Promise<Result<Entered, EntryProblem>> =>
  act<Entered, EntryProblem>(db, { person: null, at }, async (act) => {
    if (setting.roles.length > 0) await lockTeam(act.trx, STAFF);
    const role = roleOfGroups(setting.roles, identity.groups);
    const known = await findPersonOfIdentity(act.trx, identity.issuer, identity.subject);
    const person = known === null ? await meet(act, identity, role, setting) : await findActivePerson(act.trx, known);
    const credentials = person && (await findCredentials(act.trx, person.email));
    if (!person || !credentials) return act.refuse('unknown');
    if (setting.roles.length > 0 && person.staffRole !== null) await followGroups(act, person, role, setting);
    const now = (await findActivePerson(act.trx, person.id)) ?? person;
    return { person: now, passwordMark: passwordMark(credentials.passwordHash) };
  });

/** Somebody who comes for the first time. */
async function meet(
  act: Act<EntryProblem>,
  { issuer, subject, email, isVerified, name }: Identity,
  role: StaffRole | null,
  setting: OpenIdSetting,
): Promise<Person> {
  if (email === null || !isVerified) return act.refuse('not-verified');
  const found = await findAnyPersonByEmail(act.trx, email);
  if (found === null && !(setting.createsStaff && role !== null)) return act.refuse('unknown');
  const person = found ?? (await join(act, { email, name, role }));
  if ((await findLinkedAt(act.trx, person.id, issuer)) !== null) return act.refuse('other');
  await insertIdentity(act.trx, { issuer, subject, personId: person.id, at: act.actor.at });
  const own = { ...act, actor: { ...act.actor, person } };
  const eventId = await record(own, {
    name: 'person.identityLinked',
    subject: { type: 'person', id: person.id },
    accountId: person.accountId,
    facts: { label: setting.label },
  });
  const facts = { label: setting.label };
  await queueMail(act, [{ eventId, to: recipient(person), template: 'identity-linked', facts, thread: null }]);
  return person;
}

type Newcomer = { readonly email: string; readonly name: string | null; readonly role: StaffRole | null };

async function join(act: Act<EntryProblem>, { email, name, role }: Newcomer): Promise<Person> {
  const who = { email, name: name ?? email.split('@')[0] ?? email, timeZone: 'UTC', passwordHash: NO_PASSWORD };
  const person = await addPerson(act, { ...who, accountId: null, accountRole: null, staffRole: role });
  const id = await record(act, {
    name: 'person.joined',
    subject: { type: 'person', id: person.id },
    accountId: null,
    facts: { name: person.name },
  });
  const what = `came in with their groups at the sign-in provider, as ${roleWords(STAFF, role ?? 'reviewer').label.toLowerCase()}`;
  await tellAdmins({ ...act, actor: { ...act.actor, person } }, STAFF, { id, about: person, what });
  return person;
}

/** Moves one of the staff to the role that the groups say. The last administrator stays one: somebody has to be. */
async function followGroups(
  act: Act<EntryProblem>,
  person: Person,
  role: StaffRole | null,
  { label }: OpenIdSetting,
): Promise<void> {
  if (role === null) return act.refuse('no-group');
  const from = person.staffRole;
  if (from === role || from === null) return;
  if (from === 'admin' && (await countAdmins(act.trx, STAFF)) <= 1) return;
  if (!(await moveRole(act.trx, STAFF, { id: person.id, from, to: role, at: act.actor.at }))) return;
  const [before, after] = [roleWords(STAFF, from).label, roleWords(STAFF, role).label];
  const eventId = await record(act, {
    name: 'person.roleChanged',
    subject: { type: 'person', id: person.id },
    accountId: person.accountId,
    facts: { before, after },
  });
  const facts = { account: null, role, by: `The groups at ${label}` };
  await queueMail(act, [{ eventId, to: recipient(person), template: 'role-changed', facts, thread: null }]);
  const what = `is ${after.toLowerCase()} instead of ${before.toLowerCase()} now, by the groups at ${label}`;
  await tellAdmins({ ...act, actor: { ...act.actor, person } }, STAFF, { id: eventId, about: person, what });
}

/** Forgets who somebody is at the provider. Refused where they have no password: they could not come in any more. */
export function disconnect(
  db: Db,
  actor: Actor & { readonly person: Person },
  label: string,
): Promise<Result<void, 'no-password'>> {
  return act<void, 'no-password', Actor & { readonly person: Person }>(db, actor, async (act) => {
    const { person } = act.actor;
    const credentials = await findCredentials(act.trx, person.email);
    if (!credentials || credentials.passwordHash === NO_PASSWORD) return act.refuse('no-password');
    if (!(await deleteIdentitiesOf(act.trx, person.id))) return;
    const subject = { type: 'person', id: person.id } as const;
    await record(act, { name: 'person.identityForgotten', subject, accountId: person.accountId, facts: { label } });
  });
}

/** Forgets the sign-ins that did not come back by the instant `at`. */
export const forgetFlows = (db: Db, at: number): Promise<number> => deleteExpiredFlows(db, at);
