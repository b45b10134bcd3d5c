// Finding customers among a million: by how a name, a mail address, a domain or an IP begins. Each source has its index.
import type { Knex } from 'knex';
import type { Db } from '../../database.ts';
import { beginningWith, inByteOrder, insertListed } from '../../dialect.ts';
import { NO_PASSWORD } from '../people/store.ts';
import { type AccountRole, type AccountStatus, keyPattern, nameKey, type Person } from '../person.ts';
import type { Account } from '../store.ts';
import { asAddress, asDomain, searchKey } from './search-key.ts';

/** A customer in a list, with what made the search find it. */
export type CustomerRow = Pick<Account, 'id' | 'name' | 'plan' | 'region' | 'status'> & {
  readonly people: number;
  readonly domains: number;
  readonly ips: number;
  /** What matched other than the name: an address, a domain, an IP. */
  readonly found: string | null;
};

/** How many a search shows at most. */
export const MOST_FOUND = 50;

type Hit = { account_id: number; found: string };

/** Customers of which something begins with `text`, by name; at most 50. */
export async function findCustomers(db: Db, text: string): Promise<CustomerRow[]> {
  const hits = await findAccountsBy(db, text);
  const ids = [...hits.keys()].slice(0, MOST_FOUND);
  return (await rowsOf(db, ids)).map((row) => ({ ...row, found: hits.get(row.id) ?? null }));
}

/**
 * The accounts of which a name, a person, an address, a domain or an IP begins with `text`, each with what matched other than
 * its name; at most 50 for each of these.
 */
async function findAccountsBy(db: Db, text: string): Promise<ReadonlyMap<number, string | null>> {
  const key = searchKey(text);
  if (key === null) return new Map();
  const hits = new Map<number, string | null>();
  for (const { account_id: id, found } of await allOf(db, SOURCES, key)) if (!hits.has(id)) hits.set(id, found);
  return hits;
}

/**
 * The same, and accounts whose name has `text` anywhere in it, which takes all names to be read. `isMany`: more than `most`
 * have, and those are left out.
 */
export async function listAccountsMatching(
  db: Db,
  text: string,
  most: number,
): Promise<{ readonly ids: readonly number[]; readonly isMany: boolean }> {
  const key = searchKey(text);
  if (key === null) return { ids: [], isMany: false };
  const having: Source = (db, key) =>
    db('accounts')
      .whereRaw("name_key like ? escape '\\'", [keyPattern(key)])
      .limit(most + 1)
      .select('id as account_id', db.raw("'' as found"));
  const hits = await allOf(db, [...SOURCES, having], key);
  const named = hits.filter(({ found }) => found === IN_NAME);
  const isMany = named.length > most;
  const counted = isMany ? hits.filter(({ found }) => found !== IN_NAME) : hits;
  return { ids: [...new Set(counted.map(({ account_id: id }) => id))], isMany };
}

/** What marks hits by part of a name: nothing else that is found is empty. */
const IN_NAME = '';

type Source = (db: Db, key: string) => Knex.QueryBuilder;

/** The hits of all sources in their order, in one statement. */
const allOf = (db: Db, sources: readonly Source[], key: string): Promise<Hit[]> => {
  const [first, ...others] = sources.map((source) => db.select('*').from(source(db, key).as('hits')));
  return first?.unionAll(others) as unknown as Promise<Hit[]>;
};

const named: Source = (db, key) =>
  db('accounts')
    .where(beginningWith(db, 'name_key', key))
    .orderBy('name_key')
    .limit(MOST_FOUND)
    .select('id as account_id', db.raw('null as found'));

const personsNamed: Source = (db, key) =>
  db('people')
    .where(beginningWith(db, 'name_key', key))
    .whereNotNull('account_id')
    .orderBy('name_key')
    .limit(MOST_FOUND)
    .select('account_id', 'name as found');

const addresses: Source = (db, key) =>
  db('people')
    .where(beginningWith(db, 'email', key))
    .whereNotNull('account_id')
    .orderBy(inByteOrder(db, 'email'))
    .limit(MOST_FOUND)
    .select('account_id', 'email as found');

const domains: Source = (db, key) =>
  db('domains')
    .whereNull('removed_at')
    .where(beginningWith(db, 'name', asDomain(key)))
    .orderBy(inByteOrder(db, 'name'))
    .limit(MOST_FOUND)
    .select('account_id', 'name as found');

/** The conditions on status are literal: SQLite takes a partial index only where it can see that it fits. */
const ips: Source = (db, key) => {
  const held = db('ips')
    .whereRaw("status = 'allocated'")
    .where(beginningWith(db, 'address', asAddress(key)))
    .orderBy(inByteOrder(db, 'address'))
    .limit(MOST_FOUND)
    .select('id', 'address');
  return db
    .from(held.as('held'))
    .join('allocations as a', (join) => join.on('a.ip_id', 'held.id').andOn(db.raw("a.status <> 'released'")))
    .select('a.account_id', 'held.address as found');
};

/** Where several sources find an account, the first says by what. */
const SOURCES: readonly Source[] = [named, personsNamed, addresses, domains, ips];

export type Listing = { readonly status: AccountStatus | null; readonly after: number | null; readonly limit: number };

/** Customers by name: `limit` of them after the one with the id `after`. */
export async function listCustomers(db: Db, { status, after, limit }: Listing): Promise<CustomerRow[]> {
  const query = db('accounts').orderBy('name_key').orderBy('id').limit(limit);
  if (status !== null) query.where({ status });
  const last = after === null ? undefined : await db('accounts').where({ id: after }).first('name_key');
  if (last) query.whereRaw('(name_key, id) > (?, ?)', [last.name_key, after]);
  return rowsOf(db, await query.pluck('id'));
}

async function rowsOf(db: Db, ids: readonly number[]): Promise<CustomerRow[]> {
  const rows = await db('accounts')
    .whereIn('id', [...ids])
    .orderBy('name_key')
    .orderBy('id');
  const countsIn = async (query: ReturnType<Db>): Promise<Map<number, number>> => {
    const counted = await query
      .whereIn('account_id', [...ids])
      .groupBy('account_id')
      .select('account_id', db.raw('count(*) as n'));
    return new Map(counted.map((row: { account_id: number; n: number }) => [row.account_id, Number(row.n)]));
  };
  const people = await countsIn(db('people'));
  const own = await countsIn(db('domains').whereNull('removed_at'));
  const held = await countsIn(db('allocations').whereNot('status', 'released'));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    plan: row.plan,
    region: row.region,
    status: row.status,
    people: people.get(row.id) ?? 0,
    domains: own.get(row.id) ?? 0,
    ips: held.get(row.id) ?? 0,
    found: null,
  }));
}

/** An account or a person with the id that they get. */
export type GivenAccount = Pick<Account, 'id' | 'name' | 'plan' | 'region' | 'parentId'>;
export type GivenPerson = Pick<Person, 'id' | 'email' | 'name' | 'timeZone'> & {
  readonly accountId: number;
  readonly accountRole: AccountRole;
};

const ACCOUNT = {
  id: 'integer',
  name: 'text',
  name_key: 'text',
  plan: 'text',
  region: 'text',
  parent_id: 'integer',
  created_at: 'bigint',
} as const;
const PERSON = {
  id: 'integer',
  account_id: 'integer',
  account_role: 'text',
  email: 'text',
  name: 'text',
  name_key: 'text',
  time_zone: 'text',
  password_hash: 'text',
  created_at: 'bigint',
} as const;

/** Adds accounts by the thousand; a parent before its subusers. */
export async function insertAccounts(trx: Db, accounts: readonly GivenAccount[], at: number): Promise<void> {
  const rows = accounts.map(({ id, name, plan, region, parentId }) => [
    ...[id, name, nameKey(name), plan, region, parentId, at],
  ]);
  await insertListed(trx, 'accounts', ACCOUNT, rows);
}

/** Adds people without a password by the thousand. */
export async function insertPeople(trx: Db, people: readonly GivenPerson[], at: number): Promise<void> {
  const rows = people.map(({ id, accountId, accountRole, email, name, timeZone }) => [
    ...[id, accountId, accountRole, email, name, nameKey(name), timeZone, NO_PASSWORD, at],
  ]);
  await insertListed(trx, 'people', PERSON, rows);
}

/** Those of these addresses (in lower case) that somebody has. */
export const listKnownEmails = (db: Db, emails: readonly string[]): Promise<string[]> =>
  db('people')
    .whereIn('email', [...emails])
    .pluck('email');

/** Those of these names, by their keys, that a customer has. */
export const listKnownKeys = (db: Db, keys: readonly string[]): Promise<string[]> =>
  db('accounts')
    .whereIn('name_key', [...keys])
    .pluck('name_key');
