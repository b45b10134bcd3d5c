// SQLite as knex's engine: one connection that writes, and others that read beside it.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import knex, { type Knex } from 'knex';
import SqliteTransaction from 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js';
import SqliteClient, { type SqliteRunner } from 'knex/lib/dialects/sqlite3/index.js';
import sqlite3 from 'sqlite3';
import { answerActsAtOnce } from './acts.ts';
import type { Database } from './at-once.ts';
import { openReaders, type Readers } from './readers.ts';
import { type Connection, keepStatements } from './statements.ts';

/** Settings of each connection; FULL because with NORMAL a power cut loses acknowledged requests. */
const PRAGMAS = [
  'PRAGMA journal_mode=WAL',
  'PRAGMA synchronous=FULL',
  'PRAGMA foreign_keys=ON',
  // Without it `insert or replace` removes a row of the history past the trigger that refuses that.
  'PRAGMA recursive_triggers=ON',
  'PRAGMA busy_timeout=5000',
  'PRAGMA trusted_schema=OFF',
].join(';');

/** Takes the write lock at the start, so that it can wait for it instead of failing half-way through. */
class ImmediateTransaction extends SqliteTransaction {
  override begin(connection: unknown): Promise<unknown> {
    return this.query(connection, this.readOnly ? 'BEGIN;' : 'BEGIN IMMEDIATE;');
  }
}

/** What knex's `select`, `first` and `pluck` call themselves. */
const READS: ReadonlySet<unknown> = new Set(['select', 'first', 'pluck']);

class Sqlite extends SqliteClient {
  readers: Readers | undefined;

  /** knex would load the driver with `require`, which returns an ES module's namespace instead of the driver. */
  override _driver(): unknown {
    return sqlite3;
  }

  override transaction(...args: unknown[]): Knex.Transaction {
    return new ImmediateTransaction(this, ...args);
  }

  /** A transaction has a client of its own, which knows no readers: it reads what it wrote. */
  override runner(builder: { readonly _method?: unknown }): SqliteRunner {
    const runner = super.runner(builder);
    if (this.readers && READS.has(builder._method)) runner.connection = this.readers.connection;
    return runner;
  }

  /** The writer first: what was asked until now has reached the readers when it is closed, and they close behind that. */
  override async destroy(done?: () => void): Promise<void> {
    await super.destroy();
    await this.readers?.close();
    this.readers = undefined;
    done?.();
  }
}

/** Opens a SQLite file; its folder is made. `settings`: knex's, of both engines. */
export function openSqlite(filename: string, settings: Knex.Config): Knex {
  mkdirSync(dirname(filename), { recursive: true });
  return knex({
    ...settings,
    client: Sqlite,
    connection: { filename },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate(database: Database, done: (error: Error | null, connection: unknown) => void) {
        const connection = database as unknown as Connection;
        keepStatements(connection);
        answerActsAtOnce(connection, database);
        database.exec(PRAGMAS, (error) => done(error, database));
      },
    },
  });
}

/** From now on what is read outside a transaction goes over connections of its own. Throws where none can be opened. */
export async function readApart(db: Knex, filename: string): Promise<void> {
  (db.client as Sqlite).readers = await openReaders(filename);
}
