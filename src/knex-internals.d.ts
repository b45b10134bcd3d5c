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

  /** The parts of knex's SQLite client that ours replaces. */
  export default class SqliteClient extends Knex.Client {
    _driver(): unknown;
    override transaction(...args: unknown[]): Knex.Transaction;
  }
}
