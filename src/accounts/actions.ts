import { record } from '../audit/actions.ts';
import { act, type Db } from '../database.ts';
import { isPlainAddress } from '../notifications/mail.ts';
import type { Actor, Person, Profile } from './person.ts';
import {
  findPersonById,
  findWeeklyProgress,
  insertAccount,
  insertPerson,
  type NewAccount,
  type NewPerson,
  updateProfile,
} from './store.ts';

/** Opens a customer's account in the caller's transaction. Gives its id. */
export async function openAccount(trx: Db, actor: Actor, account: NewAccount): Promise<number> {
  const id = await insertAccount(trx, account, actor.at);
  await record(trx, actor, {
    name: 'account.opened',
    subject: { type: 'account', id },
    accountId: id,
    facts: { name: account.name, plan: account.plan },
  });
  return id;
}

/**
 * Adds somebody in the caller's transaction; the address is stored in lower case.
 * Throws where the address is not one plain mail address, or is taken (`isDuplicate`).
 */
export async function addPerson(trx: Db, actor: Actor, given: NewPerson): Promise<Person> {
  if (!isPlainAddress(given.email)) throw new Error(`not one plain mail address: ${given.email}`);
  const { passwordHash, ...person } = { ...given, email: given.email.toLowerCase() };
  const id = await insertPerson(trx, { ...person, passwordHash }, actor.at);
  await record(trx, actor, {
    name: 'person.added',
    subject: { type: 'person', id },
    accountId: person.accountId,
    facts: { email: person.email, role: roleOf(person) },
  });
  return { ...person, id };
}

const roleOf = (person: Pick<Person, 'accountRole' | 'staffRole'>): string =>
  [person.accountRole, person.staffRole && `staff ${person.staffRole}`].filter(Boolean).join(', ');

/** Changes somebody's own name and time zone; where nothing differs, nothing is recorded. */
export async function changeProfile(db: Db, actor: Actor & { readonly person: Person }, after: Profile): Promise<void> {
  await act<void, never>(db, async (trx) => {
    const before = (await findPersonById(trx, actor.person.id)) ?? actor.person;
    const weekly = await findWeeklyProgress(trx, before.id);
    const isOther = after.weeklyProgress !== null && after.weeklyProgress !== weekly;
    if (before.name === after.name && before.timeZone === after.timeZone && !isOther) return;
    await updateProfile(trx, before.id, { ...after, weeklyProgress: after.weeklyProgress ?? weekly });
    await record(trx, actor, {
      name: 'person.profileChanged',
      subject: { type: 'person', id: before.id },
      accountId: before.accountId,
      facts: {
        before: { name: before.name, timeZone: before.timeZone, ...(isOther && { weeklyProgress: onOff(weekly) }) },
        after: { name: after.name, timeZone: after.timeZone, ...(isOther && { weeklyProgress: onOff(!weekly) }) },
      },
    });
  });
}

const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');
