import type { Db } from '../database.ts';
import { readPolicy } from './document/policy.ts';
import type { PolicyVersion } from './document/version.ts';

type Row = { id: number; name: string; number: number; document: string };

function fromRow(row: Row): PolicyVersion {
  const read = readPolicy(JSON.parse(row.document));
  if (!read.ok) throw new Error(`policy version ${row.id} cannot be read: ${read.problem.join('; ')}`);
  return { id: row.id, name: row.name, number: row.number, document: read.value };
}

// A version never changes once it is adopted, so what was read stays right. By the settings of the connection, which
// a transaction shares with its database: each transaction has a client of its own.
const known = new WeakMap<object, Map<number, PolicyVersion>>();

/** The version under which a request was sent. Throws where there is none: requests point at existing versions. */
export async function findPolicyVersion(db: Db, id: number): Promise<PolicyVersion> {
  const read = known.get(db.client.config) ?? new Map<number, PolicyVersion>();
  known.set(db.client.config, read);
  const found = read.get(id) ?? fromRow(await db('policy_versions').where({ id }).first());
  read.set(id, found);
  return found;
}

/** The newest version with this name. */
export async function findNewestPolicy(db: Db, name: string): Promise<PolicyVersion | undefined> {
  const row = await db('policy_versions').where({ name }).orderBy('number', 'desc').first();
  return row && fromRow(row);
}

/** Adds a version. Returns its id. */
export async function insertPolicyVersion(
  trx: Db,
  version: { name: string; number: number; document: string; effectiveFrom: number },
): Promise<number> {
  const { effectiveFrom, ...columns } = version;
  const [row] = await trx('policy_versions')
    .insert({ ...columns, effective_from: effectiveFrom })
    .returning('id');
  return row.id;
}

/** Since when a version is in force (UTC milliseconds). */
export async function findAdoptedAt(db: Db, id: number): Promise<number> {
  const { effective_from: at } = await db('policy_versions').where({ id }).first('effective_from');
  return at;
}
