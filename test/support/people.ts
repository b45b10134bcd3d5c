// The people of most tests: Acme's three, and the provider's staff. All have the tests' password.

import { addPerson, openAccount } from '../../src/accounts/actions.ts';
import { hashPassword } from '../../src/accounts/password.ts';
import type { Actor, Person } from '../../src/accounts/person.ts';
import { actIn } from '../../src/act.ts';
import { PASSWORD, type World } from './world.ts';

type Wanted = Partial<Omit<Person, 'id'>> & { readonly email: string };

/** Warmdesk itself, at the world's time. */
export const itself = (world: World): Actor => ({ person: null, at: world.now });

/** Somebody without a role, who is not stored. */
export const NOBODY: Person = {
  ...{ id: 0, email: 'nobody@warmdesk.example', name: 'Nobody', timeZone: 'UTC' },
  ...{ accountId: null, accountRole: null, staffRole: null },
};

/** Adds somebody who can sign in with the tests' password; what is not said is left empty, the name is made from the address. */
export async function somebody(world: World, wanted: Wanted): Promise<Person> {
  const passwordHash = await hashPassword(PASSWORD, world.deps.passwordMemory);
  const name = wanted.name ?? (wanted.email.split('@')[0] as string);
  const empty = { accountId: null, accountRole: null, staffRole: null, timeZone: 'UTC' };
  return world.db.transaction((trx) =>
    addPerson(actIn(trx, itself(world)), { ...empty, ...wanted, name, passwordHash }),
  );
}

/** Opens an account. Returns its id. */
export const account = (world: World, name: string, plan = 'premium', region: 'us' | 'eu' | null = null) =>
  world.db.transaction((trx) => openAccount(actIn(trx, itself(world)), { name, plan, region }));

/** Acme with `owner@`, `billing@` and `member@acme.example`. */
export async function acme(world: World) {
  const id = await account(world, 'Acme');
  const of = (who: string, accountRole: Person['accountRole']) =>
    somebody(world, { email: `${who}@acme.example`, accountId: id, accountRole });
  return {
    id,
    owner: await of('owner', 'admin'),
    billing: await of('billing', 'billing'),
    member: await of('member', 'member'),
  };
}

/** `reviewer@`, `reviewer2@` and `admin@warmdesk.example`. */
export async function staff(world: World) {
  const of = (who: string, staffRole: Person['staffRole']) =>
    somebody(world, { email: `${who}@warmdesk.example`, staffRole });
  return {
    reviewer: await of('reviewer', 'reviewer'),
    reviewer2: await of('reviewer2', 'reviewer'),
    admin: await of('admin', 'admin'),
  };
}
