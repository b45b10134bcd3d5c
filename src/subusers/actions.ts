// Creating subusers: by their parent's admins, or by staff for them.
import { addPerson, holdAccount, openAccount } from '../accounts/actions.ts';
import { mailInvitation } from '../accounts/people/actions.ts';
import { tellAdmins } from '../accounts/people/notify.ts';
import { NO_PASSWORD } from '../accounts/people/store.ts';
import { can } from '../accounts/permissions.ts';
import type { Actor, Person } from '../accounts/person.ts';
import { type Account, findActivePerson } from '../accounts/store.ts';
import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import { type Db, isDuplicate } from '../database.ts';
import { type Result, refused } from '../result.ts';
import type { NewSubuser } from './form.ts';

/**
 * Why no subuser was created. `not-active`: its parent is suspended or closed. `nested`: a subuser has no subusers. `taken`:
 * the address of its admin is somebody's already.
 */
export type CreationProblem = 'not-found' | 'not-yours' | 'not-active' | 'nested' | 'taken';

type Somebody = Actor & { readonly person: Person };

export type Creation = NewSubuser & { readonly parentId: number; readonly secret: string };

/** Whether somebody may create subusers of an account: its admins, and staff who add customers. */
export const mayCreate = (person: Person, parent: Pick<Account, 'id'>): boolean =>
  can(person, 'manage customers') || (person.accountId === parent.id && can(person, 'manage subusers'));

/**
 * Creates a subuser on its parent's plan, with its first admin, who is mailed an invitation; the parent's other admins are
 * told. Returns its id.
 */
export async function createSubuser(
  db: Db,
  actor: Somebody,
  creation: Creation,
): Promise<Result<number, CreationProblem>> {
  try {
    return await act<number, CreationProblem, Somebody>(db, actor, (act) => create(act, creation));
  } catch (error) {
    if (isDuplicate(error)) return refused('taken');
    throw error;
  }
}

async function create(act: Act<CreationProblem, Somebody>, creation: Creation): Promise<number> {
  const { trx, actor, refuse } = act;
  const { parentId, secret, name, region, email, person } = creation;
  const parent = (await holdAccount(trx, parentId)) ?? refuse('not-found');
  // Who acts may have lost the role since the page was shown.
  const current = (await findActivePerson(trx, actor.person.id)) ?? refuse('not-yours');
  if (!mayCreate(current, parent)) return refuse('not-yours');
  if (parent.parentId !== null) return refuse('nested');
  if (parent.status !== 'active') return refuse('not-active');
  const id = await openAccount(act, { name, plan: parent.plan, region }, parent);
  const who = { email, name: person, timeZone: actor.person.timeZone, accountId: id, staffRole: null };
  const admin = await addPerson(act, { ...who, accountRole: 'admin', isOfSubuser: true, passwordHash: NO_PASSWORD });
  await mailInvitation(act, { kind: 'account', id, name }, admin, secret);
  const eventId = await record(act, {
    name: 'account.subuserAdded',
    subject: { type: 'account', id: parent.id },
    accountId: parent.id,
    facts: { name, region },
  });
  const told = { id: eventId, about: admin, what: `created the subuser ${name}`, path: `/subusers/${id}` };
  await tellAdmins(act, { kind: 'account', id: parent.id, name: parent.name }, told);
  return id;
}
