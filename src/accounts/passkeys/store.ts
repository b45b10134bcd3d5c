import type { Db } from '../../database.ts';
import type { Person } from '../person.ts';
import { ofNoClosedAccount, type PersonRow, personColumns, toPerson } from '../store.ts';

export type Passkey = {
  readonly id: number;
  readonly credentialId: string;
  readonly name: string;
  readonly addedAt: number;
  readonly usedAt: number | null;
};

/** The passkeys of a person, in the order in which they were added. */
export async function listPasskeys(db: Db, personId: number): Promise<Passkey[]> {
  const rows = await db('passkeys').where({ person_id: personId }).orderBy('id');
  return rows.map((row) => ({
    ...{ id: row.id, credentialId: row.credential_id, name: row.name },
    ...{ addedAt: row.added_at, usedAt: row.used_at },
  }));
}

export type KnownPasskey = {
  readonly id: number;
  readonly publicKey: string;
  readonly counter: number;
  readonly person: Person;
  readonly passwordHash: string;
};

/** A passkey by what its authenticator calls it, with its owner. Those of disabled people and closed accounts are not found. */
export async function findPasskey(db: Db, credentialId: string): Promise<KnownPasskey | undefined> {
  const row: (PersonRow & Record<'key_id' | 'public_key' | 'counter' | 'password_hash', never>) | undefined = await db(
    'passkeys as k',
  )
    .join('people as p', 'p.id', 'k.person_id')
    .where('k.credential_id', credentialId)
    .whereNull('p.disabled_at')
    .where(ofNoClosedAccount)
    .first('k.id as key_id', 'k.public_key', 'k.counter', 'p.password_hash', ...personColumns(db));
  return (
    row && {
      ...{ id: row.key_id, publicKey: row.public_key, counter: row.counter },
      ...{ person: toPerson(row), passwordHash: row.password_hash },
    }
  );
}

export type NewPasskey = {
  readonly personId: number;
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly name: string;
};

/** Adds a passkey. Throws a duplicate error (`isDuplicate`) where it was added already, to anybody. */
export async function insertPasskey(trx: Db, key: NewPasskey, at: number): Promise<void> {
  await trx('passkeys').insert({
    ...{ person_id: key.personId, credential_id: key.credentialId, public_key: key.publicKey },
    ...{ counter: key.counter, name: key.name, added_at: at },
  });
}

/** Notes that a passkey was used. */
export async function touchPasskey(trx: Db, id: number, counter: number, at: number): Promise<void> {
  await trx('passkeys').where({ id }).update({ counter, used_at: at });
}

/** Takes away a passkey. Returns its name; undefined where the person has none with this id. */
export async function deletePasskey(trx: Db, personId: number, id: number): Promise<string | undefined> {
  const own = () => trx('passkeys').where({ person_id: personId, id });
  const name: string | undefined = (await own().first('name'))?.name;
  return name !== undefined && (await own().delete()) === 1 ? name : undefined;
}

/** Uses up a challenge. Throws a duplicate error (`isDuplicate`) where it was answered already. */
export async function insertAnswered(trx: Db, hash: string, expiresAt: number): Promise<void> {
  await trx('answered_challenges').insert({ hash, expires_at: expiresAt });
}

/** Forgets answered challenges that are over anyway. Returns how many. */
export async function deleteOverChallenges(db: Db, now: number): Promise<number> {
  return await db('answered_challenges').where('expires_at', '<=', now).delete();
}
