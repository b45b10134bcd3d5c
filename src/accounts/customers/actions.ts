import { type Act, act } from '../../act.ts';
import { record, recordFirsts } from '../../audit/actions.ts';
import { type Db, isDuplicate } from '../../database.ts';
import { nextIds } from '../../dialect.ts';
import { type Result, refused } from '../../result.ts';
import { addPerson, openAccount } from '../actions.ts';
import { mailInvitation } from '../people/actions.ts';
import { NO_PASSWORD } from '../people/store.ts';
import type { AccountRole, Actor } from '../person.ts';
import type { NewAccount } from '../store.ts';
import { type GivenAccount, type GivenPerson, insertAccounts, insertPeople } from './store.ts';

export type NewCustomer = NewAccount & { readonly email: string; readonly person: string };

/** Opens an account with its first admin, who is mailed an invitation. Refused where the address is somebody's already. */
export async function addCustomer(
  db: Db,
  actor: Actor,
  { secret, email, person: name, ...account }: NewCustomer & { readonly secret: string },
): Promise<Result<number, 'taken'>> {
  try {
    return await act<number, 'taken'>(db, actor, async (act) => {
      const id = await openAccount(act, account);
      const timeZone = actor.person?.timeZone ?? 'UTC';
      const who = { email, name, timeZone, accountId: id, accountRole: 'admin', staffRole: null } as const;
      const admin = await addPerson(act, { ...who, passwordHash: NO_PASSWORD });
      await mailInvitation(act, { kind: 'account', id, name: account.name }, admin, secret);
      return id;
    });
  } catch (error) {
    if (isDuplicate(error)) return refused('taken');
    throw error;
  }
}

/** The parent of a subuser: an account that is stored, or one further up in the same list, by its index. */
type ListedParent = { readonly name: string } & ({ readonly id: number } | { readonly index: number });

export type ListedCustomer = Omit<NewAccount, 'parentId'> & {
  readonly parent?: ListedParent;
  readonly people: readonly { readonly email: string; readonly name: string; readonly role: AccountRole }[];
};

/**
 * Opens many accounts with their people, each with its record, in the caller's transaction. Nobody is mailed. Returns
 * the accounts and the people that were added, in order. Throws (`isDuplicate`) where an address is taken.
 */
export async function addCustomers(
  act: Act,
  customers: readonly ListedCustomer[],
): Promise<{ accounts: GivenAccount[]; people: GivenPerson[] }> {
  const { trx, actor } = act;
  const timeZone = actor.person?.timeZone ?? 'UTC';
  const ids = await nextIds(trx, 'accounts', customers.length);
  const parentId = (parent: ListedParent | undefined) =>
    parent === undefined ? null : 'id' in parent ? parent.id : (ids[parent.index] ?? 0);
  const accounts = customers.map(({ name, plan, region, parent }, index) => ({
    ...{ id: ids[index] ?? 0, name, plan, region, parentId: parentId(parent) },
  }));
  const listed = customers.flatMap(({ people }, index) =>
    people.map((one) => ({ ...one, accountId: ids[index] ?? 0 })),
  );
  const personIds = await nextIds(trx, 'people', listed.length);
  const people = listed.map(({ email, name, role, accountId }, index) => ({
    ...{ id: personIds[index] ?? 0, email, name, accountId, accountRole: role, timeZone },
  }));
  await insertAccounts(trx, accounts, actor.at);
  await insertPeople(trx, people, actor.at);
  await recordFirsts(act, [
    ...accounts.map(({ id, name, plan, region }, index) => ({
      ...{ name: 'account.opened' as const, subject: { type: 'account' as const, id }, accountId: id },
      facts: { name, plan, ...below(customers[index]?.parent, region) },
    })),
    ...people.map(({ id, email, accountId, accountRole }) => ({
      ...{ name: 'person.added' as const, subject: { type: 'person' as const, id }, accountId },
      facts: { email, role: accountRole },
    })),
  ]);
  for (const { name, region, parentId: id } of accounts)
    if (id !== null && region !== null)
      await record(act, {
        ...{ name: 'account.subuserAdded', subject: { type: 'account', id }, accountId: id },
        facts: { name, region },
      });
  return { accounts, people };
}

const below = (parent: ListedParent | undefined, region: string | null) =>
  parent === undefined ? {} : { parent: parent.name, region: region ?? '' };
