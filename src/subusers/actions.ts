// Creating subusers, and assigning IPs of their parent to them: when they are created or later (S-21).
import { addPerson, holdAccount, holdAccounts, openAccount } from '../accounts/actions.ts';
import { mailInvitation } from '../accounts/people/actions.ts';
import { tellAdmins } from '../accounts/people/notify.ts';
import { NO_PASSWORD } from '../accounts/people/store.ts';
import { can } from '../accounts/permissions.ts';
import type { Actor, Person } from '../accounts/person.ts';
import { type Account, findActivePerson } from '../accounts/store.ts';
import { listSubusers } from '../accounts/subusers/store.ts';
import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import { type Db, isDuplicate } from '../database.ts';
import { listAssigned } from '../ips/assignments/store.ts';
import type { Policy } from '../policy/document/policy.ts';
import { mayLeaveFrom } from '../policy/document/regions.ts';
import { type Result, refused } from '../result.ts';
import { assignedIds, type Consequences, consequencesOf, type Wanted, type WantedProblem } from './assignment.ts';
import type { NewSubuser } from './form.ts';
import { gatherAssignment } from './gather.ts';
import { carryOut } from './transition.ts';

/**
 * Why no subuser was created. `not-active`: its parent is suspended or closed. `nested`: a subuser has no subusers. `taken`:
 * the address of its admin is somebody's already. `ip-region`: an IP that it was to get is in another region (S-23); `ip-gone`: it
 * is not the parent's to assign.
 */
export type CreationProblem = 'not-found' | 'not-yours' | 'not-active' | 'nested' | 'taken' | 'ip-region' | 'ip-gone';

type Somebody = Actor & { readonly person: Person };

/** `allocationIds`: IPs of the parent that it may send over (S-21). */
type Creation = NewSubuser & {
  readonly parentId: number;
  readonly allocationIds: readonly number[];
  readonly secret: string;
};

/** Whether somebody may create subusers of an account: its admins, and staff who add customers. */
const mayCreate = (person: Person, parent: Pick<Account, 'id'>): boolean =>
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
  if (creation.allocationIds.length > 0 && barToAssign(parent.id, current) !== null) return refuse('not-yours');
  for (const allocationId of creation.allocationIds) {
    const assignment = (await gatherAssignment(trx, parent.id, allocationId)) ?? refuse('ip-gone');
    const { ownerSends } = assignment.allocation;
    const consequences = consequencesOf(assignment, { subuserIds: [...assignedIds(assignment), id], ownerSends });
    if (consequences === 'region') return refuse('ip-region');
    if (typeof consequences === 'string') return refuse('ip-gone');
    await carryOut(act, parent, assignment, consequences);
  }
  return id;
}

/**
 * Why nothing was assigned. `changed`: somebody else was faster. `owner-region`: mail of the account itself may not leave from
 * the region of the IP (S-04).
 */
export type AssignmentProblem = WantedProblem | 'owner-region' | 'not-yours' | 'not-open' | 'not-active' | 'changed';

export type AssignmentForm = Wanted & {
  readonly accountId: number;
  readonly allocationId: number;
  /** Who could send over it when the page was made. */
  readonly seen: Wanted;
  /** The one in force. */
  readonly policy: Pick<Policy, 'pinnedRegions'>;
};

/** S-22: only the people of the account that has an IP assign it, those who manage its IPs; staff do not. */
const barToAssign = (accountId: number, person: Person): 'not-yours' | null =>
  person.accountId === accountId && can({ ...person, staffRole: null }, 'assign IPs') ? null : 'not-yours';

/**
 * Assigns an IP to these subusers and no others, bound to what was on the screen, and says whether the account sends over it
 * itself (S-17, S-18). Their mail goes over it from now on, and that of those from whom it is taken over what else carries it.
 */
export const assignIp = (
  db: Db,
  actor: Somebody,
  form: AssignmentForm,
): Promise<Result<Consequences, AssignmentProblem>> =>
  act<Consequences, AssignmentProblem, Somebody>(db, actor, async (act) => {
    const { trx, refuse } = act;
    // Giving the IP back takes the same lock, so that one waits for the other.
    const account = (await holdAccount(trx, form.accountId)) ?? refuse('not-found');
    const current = (await findActivePerson(trx, actor.person.id)) ?? refuse('not-yours');
    const bar = barToAssign(account.id, current);
    if (bar !== null) return refuse(bar);
    if (account.status !== 'active') return refuse('not-active');
    const before = await listAssigned(trx, form.allocationId);
    const subusers = (await listSubusers(trx, account.id)).map(({ id }) => id);
    const touched = [...form.subuserIds, ...before.map(({ id }) => id)];
    // What moves their domains elsewhere waits.
    await holdAccounts(
      trx,
      subusers.filter((id) => touched.includes(id)),
    );
    const assignment = (await gatherAssignment(trx, account.id, form.allocationId)) ?? refuse('not-open');
    const now = assignedIds(assignment).toSorted();
    const isSeen = now.join() === form.seen.subuserIds.toSorted().join();
    if (!isSeen || assignment.allocation.ownerSends !== form.seen.ownerSends) return refuse('changed');
    const { allocation } = assignment;
    const isOwnerAdded = form.ownerSends && !allocation.ownerSends;
    if (isOwnerAdded && !mayLeaveFrom(account.region, allocation.region, form.policy)) return refuse('owner-region');
    const consequences = consequencesOf(assignment, form);
    if (typeof consequences === 'string') return refuse(consequences);
    await carryOut(act, account, assignment, consequences);
    return consequences;
  });
