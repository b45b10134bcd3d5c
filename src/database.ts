// The only file, with the SQL of dialect.ts, that knows that two engines exist.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { openSqlite, readApart } from './sqlite/client.ts';

export type Db = Knex;

const MIGRATIONS = fileURLToPath(new URL('../migrations/', import.meta.url));

/** True where `url` names a PostgreSQL server; anything else is a SQLite file. */
const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:/.test(url);

/** True where `db` speaks to PostgreSQL. */
export const isPostgres = (db: Db): boolean => db.client.config.client === 'pg';

/** How long a page waits for a connection to PostgreSQL. */
const CONNECT_MS = 5_000;

/**
 * Opens a database: `postgres://…`, or a path to a SQLite file (its folder is made). `connectMs`: how long PostgreSQL may
 * take to accept a connection. Throws with one clear sentence where it cannot be reached or would lose acknowledged writes.
 */
export async function openDatabase(url: string, connectMs = CONNECT_MS): Promise<Db> {
  let db: Db | undefined;
  try {
    const file = sqliteFile(url);
    db = file === null ? openPostgres(url, connectMs) : openSqlite(file, TELLING);
    await refuseForgetful(db);
    if (file !== null) await readApart(db, file);
    return db;
  } catch (error) {
    await db?.destroy();
    throw new Error(`The database ${withoutPassword(url)} cannot be used: ${(error as Error).message}`);
  }
}

const quiet = (): void => {};

/** Errors are thrown, and logged by the caller that catches them: without the values, which may be secrets, and in one line. */
const TELLING = {
  compileSqlOnError: false,
  log: { warn: quiet, error: quiet, deprecate: quiet, debug: quiet },
} as const;

/** The path of a SQLite database; null where `url` names a PostgreSQL server. */
export const sqliteFile = (url: string): string | null =>
  isPostgresUrl(url) ? null : resolve(url.replace(/^(sqlite|file):(\/\/)?/, ''));

/** Whether `url` can name a database: another server's address would become the name of a new, empty SQLite file. */
export const isDatabaseUrl = (url: string): boolean =>
  isPostgresUrl(url) ? URL.canParse(url) : /^(sqlite|file):/.test(url) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(url);

function openPostgres(url: string, connectMs: number): Db {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
  return knex({
    ...TELLING,
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: 'warmdesk',
      connectionTimeoutMillis: connectMs,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 15_000,
    },
    pool: { min: 0, max: 10 },
    acquireConnectionTimeout: 2 * connectMs,
  });
}

/** Refuses a database that acknowledges a commit before it is on disk. */
async function refuseForgetful(db: Db): Promise<void> {
  if (isPostgres(db)) {
    const { rows } = await db.raw('show synchronous_commit');
    if (rows[0].synchronous_commit === 'off') throw new Error('synchronous_commit is off; switch it on');
    return;
  }
  const [row] = await db.raw('PRAGMA synchronous');
  if (row.synchronous !== 2) throw new Error(`synchronous is ${row.synchronous}; it must be FULL (2)`);
}

/** A connection's address for people and logs, without the password in it. */
export function withoutPassword(url: string): string {
  if (!isPostgresUrl(url)) return url;
  if (!URL.canParse(url)) return 'postgres://…';
  const parsed = new URL(url);
  return `postgres://${parsed.username ? `${parsed.username}@` : ''}${parsed.host}${parsed.pathname}`;
}

const MIGRATION_SETTINGS = { directory: MIGRATIONS, loadExtensions: ['.ts'] };

/**
 * Brings the tables up to date. Returns the names of the migrations that it ran.
 * Of processes that start at once on one PostgreSQL database, one migrates and the others wait for it.
 */
export async function migrate(db: Db): Promise<string[]> {
  if (!isPostgres(db)) return migrateAlone(db);
  return db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    await lockSubject(trx, 'migrations', 0);
    // In this transaction: another connection would give up each statement after 15 seconds.
    return migrateAlone(trx);
  });
}

async function migrateAlone(db: Db): Promise<string[]> {
  // Nobody else migrates now: a lock that is there was left by a process that was killed while it did.
  await db.migrate.forceFreeMigrationsLock(MIGRATION_SETTINGS);
  const [, ran] = await db.migrate.latest(MIGRATION_SETTINGS);
  return ran;
}

/** Names of migrations that this program has and the database has not. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const [, pending] = await db.migrate.list(MIGRATION_SETTINGS);
  return pending.map((one: { file: string }) => one.file);
}

/** PostgreSQL's SQLSTATE, or SQLite's primary result code: SQLITE_BUSY, also where `code` is SQLITE_BUSY_SNAPSHOT. */
function codeOf(error: unknown): string {
  const { primaryCode, code } = (error ?? {}) as { primaryCode?: unknown; code?: unknown };
  return String(primaryCode ?? code ?? '');
}

/** True where a transaction that failed may succeed when it is run again. */
export const isPassing = (error: unknown): boolean => ['40001', '40P01', 'SQLITE_BUSY'].includes(codeOf(error));

/** To be thrown inside an act that finds what it read changed by another: the act is run again from its start. */
export const overtaken = (what: string): Error => Object.assign(new Error(what), { code: '40001' });

/** True where `error` says that a unique index refused a row. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === '23505' || (codeOf(error) === 'SQLITE_CONSTRAINT' && /UNIQUE/.test(String(error)));
}

/** True where the disk under SQLite failed: what was acknowledged since may be lost, so the process must end. */
export const isDiskFault = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_IOERR');

/** True where the disk under the database, or under attached files, has no room for what was to be written; nothing of it is stored. */
export const isFull = (error: unknown): boolean => ['SQLITE_FULL', '53100', 'ENOSPC', 'EDQUOT'].includes(codeOf(error));

const AWAY =
  /^(ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|57014|57P0[1-5]|53300|25P03|08\w{3}|SQLITE_BUSY\w*)$/;

// The driver's own words for a connection that ended, which have no code.
const CUT =
  /not queryable|connection terminated|connection ended|timeout expired|timeout exceeded when trying to connect/i;

/** True where the database cannot be reached, is starting, is shutting down, or is too busy to answer in time. */
export function isAway(error: unknown): boolean {
  const { name, code, message } = (error ?? {}) as { name?: unknown; code?: unknown; message?: unknown };
  if (name === 'KnexTimeoutError' || AWAY.test(String(code))) return true;
  return code === undefined && CUT.test(String(message));
}

/**
 * Marks rows that a claim picks, so that claims made at the same time pick others; of a join the rows of `tables`.
 * On SQLite the claiming statement itself holds the only write lock.
 */
export const skippingLocked = (db: Db, rows: Knex.QueryBuilder, ...tables: string[]): Knex.QueryBuilder =>
  // Rows that only refer to a marked one may still be added.
  isPostgres(db) ? rows.forNoKeyUpdate(...tables).skipLocked() : rows;

/**
 * Makes acts on one subject wait for each other until the transaction ends.
 * On SQLite a transaction holds the only write lock already.
 */
export async function lockSubject(trx: Db, type: string, id: number): Promise<void> {
  if (isPostgres(trx)) await trx.raw('select pg_advisory_xact_lock(hashtext(?), ?)', [type, id]);
}

/** Makes acts on one row of a table wait for each other, as `lockSubject` does; what they read of it they read after it. */
export async function lockRow(trx: Db, table: string, id: number): Promise<void> {
  if (isPostgres(trx)) await trx(table).where({ id }).forUpdate().first('id');
}

/** Lets the running transaction take as long as it takes: for work whose length its user knows. */
export async function unhurried(trx: Db): Promise<void> {
  if (isPostgres(trx))
    await trx.raw('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
}

/**
 * Makes rows that a query reads wait for others who change them, and others for us; rows that only refer to them may still be
 * added. On SQLite nobody else writes meanwhile.
 */
export const lockingRows = (db: Db, rows: Knex.QueryBuilder, table: string): Knex.QueryBuilder =>
  isPostgres(db) ? rows.forNoKeyUpdate(table) : rows;
