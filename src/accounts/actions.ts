import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { Db } from '../database.ts';
import { isPlainAddress } from '../notifications/mail.ts';
import type { Actor, Person, Preferences, Profile } from './person.ts';
import {
  type Account,
  findPersonById,
  findPreferences,
  insertAccount,
  insertPerson,
  lockAccount,
  type NewAccount,
  type NewPerson,
  updateAccount,
  updateProfile,
} from './store.ts';
import { type Limit, limits, takeTries } from './store-throttle.ts';

/** Counts a try at something of another slice. Returns how long to wait (milliseconds) where it is over a limit, else 0. */
export const countTries = (db: Db, tries: readonly (readonly [Limit, who: string])[], now: number): Promise<number> =>
  takeTries(db, tries, now);

/** Counts an invitation that an account's people send. Returns how long to wait (milliseconds) where it is over the day's limit, else 0. */
export const countInvitation = (db: Db, accountId: number, now: number): Promise<number> =>
  takeTries(db, [[limits.invitationsOfTeam, `account ${accountId}`]], now);

/** Opens a customer's account in the caller's transaction; below `parent` it is a subuser. Returns its id. */
export async function openAccount(act: Act, account: NewAccount, parent?: Account): Promise<number> {
  const ofParent = parent === undefined ? {} : { parent: parent.name, region: account.region ?? '' };
  const id = await insertAccount(act.trx, { ...account, parentId: parent?.id ?? null }, act.actor.at);
  await record(act, {
    name: 'account.opened',
    subject: { type: 'account', id },
    accountId: id,
    facts: { name: account.name, plan: account.plan, ...ofParent },
  });
  return id;
}

/** Reads an account that nobody else changes until the caller's transaction ends. */
export const holdAccount = (trx: Db, id: number): Promise<Account | null> => lockAccount(trx, id);

/**
 * The same of several, in the order of their ids, so that two never wait for each other. The parent of subusers is held before
 * them by all who hold both.
 */
export async function holdAccounts(trx: Db, ids: readonly number[]): Promise<void> {
  for (const id of [...new Set(ids)].sort((one, other) => one - other)) await lockAccount(trx, id);
}

/** Changes an account in the caller's transaction, who records it. False where somebody changed it since it was read. */
export const setAccount = (trx: Db, account: Account, change: Parameters<typeof updateAccount>[2]): Promise<boolean> =>
  updateAccount(trx, account, change);

/**
 * Adds somebody in the caller's transaction; the address is stored in lower case.
 * Throws where the address is not one plain mail address, or is taken (`isDuplicate`).
 */
export async function addPerson(act: Act, given: NewPerson): Promise<Person> {
  if (!isPlainAddress(given.email)) throw new Error(`not one plain mail address: ${given.email}`);
  const { passwordHash, ...person } = { ...given, email: given.email.toLowerCase() };
  const id = await insertPerson(act.trx, { ...person, passwordHash }, act.actor.at);
  await record(act, {
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
  await act<void, never>(db, actor, async (act) => {
    const { trx } = act;
    const before = (await findPersonById(trx, actor.person.id)) ?? actor.person;
    const chosen = await findPreferences(trx, before.id);
    const others = preferences.filter((name) => after[name] !== null && after[name] !== chosen[name]);
    if (before.name === after.name && before.timeZone === after.timeZone && others.length === 0) return;
    await updateProfile(trx, before.id, {
      ...after,
      singleKeys: after.singleKeys ?? chosen.singleKeys,
    });
    const told = (isOn: (name: keyof Preferences) => boolean) =>
      Object.fromEntries(others.map((name) => [name, isOn(name) ? 'on' : 'off']));
    await record(act, {
      name: 'person.profileChanged',
      subject: { type: 'person', id: before.id },
      accountId: before.accountId,
      facts: {
        before: { name: before.name, timeZone: before.timeZone, ...told((name) => chosen[name]) },
        after: { name: after.name, timeZone: after.timeZone, ...told((name) => !chosen[name]) },
      },
    });
  });
}

const preferences = ['singleKeys'] as const satisfies readonly (keyof Preferences)[];
