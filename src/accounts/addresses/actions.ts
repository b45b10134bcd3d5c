// S-27: changes of allowed addresses. One act, one transaction each.
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import type { Result } from '../../result.ts';
import { tellAdmins } from '../people/notify.ts';
import type { Team } from '../people/role.ts';
import { lockTeam } from '../people/store.ts';
import { can } from '../permissions.ts';
import type { Actor, Person } from '../person.ts';
import { findActivePerson } from '../store.ts';
import type { ListChange } from './form.ts';
import { type Holder, holderName } from './holder.ts';
import type { Ranges } from './ranges.ts';
import { countLimitedAccounts, findRanges, putRanges } from './store.ts';

/** Why nothing was changed. `changed`: somebody else was faster. */
export type AddressProblem = 'changed' | 'not-yours';

const STAFF: Team = { kind: 'staff' };
const NOBODY = { id: 0 };

/** Sets a list of allowed addresses; an empty one lets everybody in. In force at once, for open sessions too. */
export function setRanges(
  db: Db,
  actor: Actor & { readonly person: Person },
  holder: Holder,
  { ranges, seen }: ListChange,
): Promise<Result<void, AddressProblem>> {
  return act<void, AddressProblem, Actor & { readonly person: Person }>(db, actor, async (act) => {
    await lockTeam(act.trx, teamOf(holder));
    // Who acts may have lost the role since the page was shown.
    const current = await findActivePerson(act.trx, act.actor.person.id);
    if (current === null || !mayLimit(current, holder)) return act.refuse('not-yours');
    const before = await findRanges(act.trx, holder);
    if (before.join(' ') !== seen) return act.refuse('changed');
    if (before.join(' ') !== ranges.join(' ')) await change(act, holder, before, ranges);
  });
}

const teamOf = (holder: Holder): Team => (holder.kind === 'account' ? holder : STAFF);

/** Whether somebody may change whose addresses are allowed. Staff lift a customer's limit, they do not set one. */
export function mayLimit(person: Person, holder: Holder): boolean {
  if (holder.kind !== 'account') return can(person, 'set up');
  return person.accountId === holder.id && can(person, 'manage colleagues');
}

async function change(act: Act, holder: Holder, before: Ranges, after: Ranges): Promise<void> {
  await putRanges(act.trx, holder, after, act.actor.at);
  const subject = holder.kind === 'account' ? { type: 'account', id: holder.id } : { type: 'settings', id: 1 };
  const id = await record(act, {
    name: 'addresses.changed',
    subject: subject as { type: 'account' | 'settings'; id: number },
    accountId: holder.kind === 'account' ? holder.id : null,
    facts: { of: holderName(holder), before: [...before], after: [...after] },
  });
  const path = holder.kind === 'account' ? '/addresses' : '/settings/addresses';
  const what =
    after.length === 0
      ? `lifted the limit on the addresses of ${holderName(holder)}`
      : `limited from which addresses ${holderName(holder)} can come in`;
  await tellAdmins(act, teamOf(holder), { id, about: NOBODY, what, path });
}

/** whether a customer's limit is for somebody else of the staff to lift, as it is of the person's own account. */
export const isOwnLimit = (person: Pick<Person, 'accountId'> | null, { id }: { readonly id: number }): boolean =>
  person !== null && person.accountId === id;

/** Lifts a customer's limit, for one that has locked itself out. Returns whether there was one. Refused for one's own account. */
export const liftLimitOf = (
  db: Db,
  actor: Actor,
  account: Extract<Holder, { kind: 'account' }>,
): Promise<Result<boolean, 'own-account'>> =>
  act<boolean, 'own-account'>(db, actor, async (act) => {
    if (isOwnLimit(act.actor.person, account)) return act.refuse('own-account');
    await lockTeam(act.trx, account);
    return lift(act, account);
  });

export type Lifted = { readonly lifted: readonly string[]; readonly customers: number };

/** Lifts the provider's own limits, at the server's console. Returns which there were, and how many customers keep theirs. */
export async function liftOwnLimits(db: Db, actor: Actor): Promise<Lifted> {
  const done = await act<Lifted, never>(db, actor, async (act) => {
    await lockTeam(act.trx, STAFF);
    const lifted: string[] = [];
    for (const holder of [{ kind: 'staff' }, { kind: 'mail systems' }] as const)
      if (await lift(act, holder)) lifted.push(holderName(holder));
    return { lifted, customers: await countLimitedAccounts(act.trx) };
  });
  if (!done.ok) throw new Error('nothing refuses this');
  return done.value;
}

async function lift(act: Act, holder: Holder): Promise<boolean> {
  const before = await findRanges(act.trx, holder);
  if (before.length > 0) await change(act, holder, before, []);
  return before.length > 0;
}
