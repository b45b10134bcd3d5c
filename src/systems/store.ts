import type { Db } from '../database.ts';

/** A program that asks and reports: a mail server, a billing system. */
export type MailSystem = {
  readonly id: number;
  readonly name: string;
  /** The first characters of its token. */
  readonly tokenStart: string;
  readonly madeBy: string | null;
  readonly madeAt: number;
  /** null: never. Kept to the minute. */
  readonly usedAt: number | null;
  readonly revokedAt: number | null;
};

/** Adds a mail system. Returns its id. Throws a duplicate error (`isDuplicate`) where the name is taken. */
export async function insertSystem(
  trx: Db,
  system: { name: string; hash: string; start: string; madeBy: number | null; at: number },
): Promise<number> {
  const [row] = await trx('mail_systems')
    .insert({
      name: system.name,
      token_hash: system.hash,
      token_start: system.start,
      made_by: system.madeBy,
      made_at: system.at,
    })
    .returning('id');
  return row.id;
}

/** Ends a token. Returns its system's name; undefined where there is none that is good. */
export async function revokeToken(trx: Db, id: number, at: number): Promise<string | undefined> {
  const [row] = await trx('mail_systems').where({ id, revoked_at: null }).update({ revoked_at: at }).returning('name');
  return row?.name;
}

/** The system that holds the token of this hash, if it is not revoked. */
export async function findByTokenHash(
  db: Db,
  hash: string,
): Promise<{ readonly id: number; readonly name: string; readonly usedAt: number | null } | undefined> {
  const row = await db('mail_systems').where({ token_hash: hash, revoked_at: null }).first('id', 'name', 'used_at');
  return row && { id: row.id, name: row.name, usedAt: row.used_at };
}

/** The hashes of all tokens that are good. */
export const listTokenHashes = (db: Db): Promise<string[]> =>
  db('mail_systems').where({ revoked_at: null }).pluck('token_hash');

export async function markUsed(db: Db, id: number, at: number): Promise<void> {
  await db('mail_systems').where({ id }).update({ used_at: at });
}

/** The same by the token's hash. */
export async function markTokenUsed(db: Db, hash: string, at: number): Promise<void> {
  await db('mail_systems').where({ token_hash: hash }).update({ used_at: at });
}

/** All mail systems, those whose token is good first, each group by name. */
export async function listSystems(db: Db): Promise<MailSystem[]> {
  const rows = await db('mail_systems as s')
    .leftJoin('people as p', 'p.id', 's.made_by')
    .orderByRaw('case when s.revoked_at is null then 0 else 1 end')
    .orderBy('s.name')
    .select('s.*', 'p.name as maker');
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    tokenStart: row.token_start,
    madeBy: row.maker,
    madeAt: row.made_at,
    usedAt: row.used_at,
    revokedAt: row.revoked_at,
  }));
}
