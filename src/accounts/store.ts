import type { Knex } from 'knex';
import type { Db } from '../database.ts';
import {
  type AccountRole,
  type AccountStatus,
  nameKey,
  type Person,
  type Preferences,
  type StaffRole,
} from './person.ts';

/** A customer. `region`: where its mail must be sent from; null: anywhere. */
export type Account = {
  readonly id: number;
  readonly name: string;
  /** The plan's key in the policy. */
  readonly plan: string;
  readonly region: 'us' | 'eu' | null;
  readonly status: AccountStatus;
  /** The account whose subuser it is; null: it has no parent. */
  readonly parentId: number | null;
  /** Grows with each change, so that two who change it at once are told apart. */
  readonly version: number;
  readonly createdAt: number;
};

export type NewAccount = Pick<Account, 'name' | 'plan' | 'region'> & Partial<Pick<Account, 'parentId'>>;
export type NewPerson = Omit<Person, 'id'> & { readonly passwordHash: string };

/** The columns of people that make a Person; `p` is the table's name in the query. */
export const personColumns = (db: Db) => [
  'p.id',
  'p.email',
  'p.name',
  'p.account_id',
  'p.account_role',
  'p.staff_role',
  'p.time_zone',
  'p.single_keys',
  db.raw('(select s.parent_id from accounts as s where s.id = p.account_id) as parent_id'),
];

export type PersonRow = {
  id: number;
  email: string;
  name: string;
  account_id: number | null;
  account_role: AccountRole | null;
  staff_role: StaffRole | null;
  time_zone: string;
  single_keys: boolean | 0 | 1;
  parent_id: number | null;
};

export const toPerson = (row: PersonRow): Person => ({
  id: row.id,
  email: row.email,
  name: row.name,
  accountId: row.account_id,
  accountRole: row.account_role,
  staffRole: row.staff_role,
  timeZone: row.time_zone,
  ...(row.parent_id === null ? {} : { isOfSubuser: true }),
  ...(row.single_keys ? {} : { keysOff: true }),
});

/** Narrows people `p` to those whom no closed account keeps out; who is also on the staff still gets in. */
export const ofNoClosedAccount = (query: Knex.QueryBuilder): Knex.QueryBuilder =>
  query
    .whereNotNull('p.staff_role')
    .orWhereNotExists((closed) =>
      closed.select('c.id').from('accounts as c').whereRaw('c.id = p.account_id').where('c.status', 'closed'),
    );

const people = (db: Db) => db('people as p').select(...personColumns(db));

/** Adds a customer. Returns its id. */
export async function insertAccount(trx: Db, account: NewAccount, at: number): Promise<number> {
  const { name, plan, region, parentId: parent_id = null } = account;
  const columns = { name, name_key: nameKey(name), plan, region, parent_id, created_at: at };
  const [row] = await trx('accounts').insert(columns).returning('id');
  return row.id;
}

/** Adds somebody. Throws a duplicate error (`isDuplicate`) where the address is taken. */
export async function insertPerson(trx: Db, person: NewPerson, at: number): Promise<number> {
  const [row] = await trx('people')
    .insert({
      email: person.email,
      name: person.name,
      name_key: nameKey(person.name),
      account_id: person.accountId,
      account_role: person.accountRole,
      staff_role: person.staffRole,
      time_zone: person.timeZone,
      password_hash: person.passwordHash,
      created_at: at,
    })
    .returning('id');
  return row.id;
}

export type AccountRow = Omit<Account, 'createdAt' | 'parentId'> & { created_at: number; parent_id: number | null };

export const accountFromRow = (row: AccountRow): Account => ({
  id: row.id,
  name: row.name,
  plan: row.plan,
  region: row.region,
  status: row.status,
  parentId: row.parent_id,
  version: row.version,
  createdAt: row.created_at,
});

export async function findAccount(db: Db, id: number): Promise<Account | null> {
  const row = await db('accounts').where({ id }).first();
  return row ? accountFromRow(row) : null;
}

/** One account, which nobody else changes until the transaction ends. */
export async function lockAccount(trx: Db, id: number): Promise<Account | null> {
  const row = await trx('accounts').where({ id }).forUpdate().first();
  return row ? accountFromRow(row) : null;
}

/** Changes an account. False where somebody changed it since this version. */
export async function updateAccount(
  trx: Db,
  { id, version }: Pick<Account, 'id' | 'version'>,
  change: Partial<Pick<Account, 'name' | 'plan' | 'region' | 'status'>>,
): Promise<boolean> {
  const key = change.name === undefined ? {} : { name_key: nameKey(change.name) };
  const columns = { ...change, ...key, version: version + 1 };
  return (await trx('accounts').where({ id, version }).update(columns)) === 1;
}

/** Disabled people are found too: the history still names them. */
export async function findPersonById(db: Db, id: number): Promise<Person | null> {
  const row = await people(db).where('p.id', id).first();
  return row ? toPerson(row) : null;
}

/** Like `findPersonById`, but disabled people are not found. */
export async function findActivePerson(db: Db, id: number): Promise<Person | null> {
  const row = await people(db).where('p.id', id).whereNull('p.disabled_at').first();
  return row ? toPerson(row) : null;
}

/** Finds the person with this address, in any spelling of upper and lower case. Disabled people are not found. */
export async function findPersonByEmail(db: Db, email: string): Promise<Person | null> {
  return (await findCredentials(db, email))?.person ?? null;
}

/** Like `findPersonByEmail`, but disabled people are found too. */
export async function findAnyPersonByEmail(db: Db, email: string): Promise<Person | null> {
  const row = await people(db).where('p.email', email.toLowerCase()).first();
  return row ? toPerson(row) : null;
}

/** Who may sign in with this address, and the hash of their password. Disabled people are not found. */
export async function findCredentials(
  db: Db,
  email: string,
): Promise<{ readonly person: Person; readonly passwordHash: string } | null> {
  const row = await people(db)
    .select('p.password_hash')
    .where('p.email', email.toLowerCase())
    .whereNull('p.disabled_at')
    .where(ofNoClosedAccount)
    .first();
  return row ? { person: toPerson(row), passwordHash: row.password_hash } : null;
}

/** The people of a customer who are not disabled, in the order in which they were added. */
export async function listPeopleOfAccount(db: Db, accountId: number): Promise<Person[]> {
  const rows = await people(db).where('p.account_id', accountId).whereNull('p.disabled_at').orderBy('p.id');
  return rows.map(toPerson);
}

/**
 * The staff of the provider who are not disabled, in the order in which they were added. `at` (UTC milliseconds): with who is
 * away then.
 */
export async function listStaff(db: Db, at?: number): Promise<Person[]> {
  const query = people(db).whereNotNull('p.staff_role').whereNull('p.disabled_at').orderBy('p.id');
  if (at === undefined) return (await query).map(toPerson);
  const rows = await query
    .leftJoin('absences as b', (join) => join.on('b.person_id', 'p.id').andOn('b.away_until', '>', db.raw('?', [at])))
    .select('b.away_until', 'b.stand_in_id');
  return rows.map((row) => {
    const { away_until: until, stand_in_id: standInId } = row;
    return until === null ? toPerson(row) : { ...toPerson(row), away: { until, standInId } };
  });
}

/** What somebody chose in their profile. */
export async function findPreferences(db: Db, personId: number): Promise<Preferences> {
  const row = await db('people').where({ id: personId }).first('single_keys');
  return { singleKeys: Boolean(row?.single_keys) };
}

export async function updateProfile(
  trx: Db,
  personId: number,
  { name, timeZone, singleKeys }: Pick<Person, 'name' | 'timeZone'> & Preferences,
): Promise<void> {
  await trx('people')
    .where({ id: personId })
    .update({ name, name_key: nameKey(name), time_zone: timeZone, single_keys: singleKeys });
}

export async function updatePassword(trx: Db, personId: number, passwordHash: string): Promise<void> {
  await trx('people').where({ id: personId }).update({ password_hash: passwordHash });
}

/** How many people can sign in; who belongs to a customer and to staff counts as both. */
export async function countPeople(db: Db): Promise<{ customers: number; staff: number }> {
  const row = await db('people')
    .whereNull('disabled_at')
    .first<{ customers: number; staff: number }>(
      db.raw('count(account_id) as customers'),
      db.raw('count(staff_role) as staff'),
    );
  return { customers: Number(row?.customers ?? 0), staff: Number(row?.staff ?? 0) };
}
