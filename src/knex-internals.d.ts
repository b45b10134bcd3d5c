declare module 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js' {
  const SqliteTransaction: new (
    client: unknown,
    ...args: unknown[]
  ) => {
    readOnly: boolean | undefined;
    query(connection: unknown, sql: string): Promise<unknown>;
    begin(connection: unknown): Promise<unknown>;
  };
  export default SqliteTransaction;
}
