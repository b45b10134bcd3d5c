declare module 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js' {
  import type { Knex } from 'knex';

  const SqliteTransaction: new (
    client: unknown,
    ...args: unknown[]
  ) => Knex.Transaction & {
    readOnly: boolean | undefined;
    query(connection: unknown, sql: string): Promise<unknown>;
    begin(connection: unknown): Promise<unknown>;
  };
  export default SqliteTransaction;
}

declare module 'knex/lib/dialects/sqlite3/index.js' {
  import type { Knex } from 'knex';

  /** Runs what a builder says on its connection; on one of the pool where it has none. */
  export type SqliteRunner = { connection: unknown };

  /** The parts of knex's SQLite client that ours replaces. */
  export default class SqliteClient extends Knex.Client {
    _driver(): unknown;
    override transaction(...args: unknown[]): Knex.Transaction;
    override runner(builder: unknown): SqliteRunner;
    destroy(done?: () => void): Promise<void>;
  }
}
