import type { Knex } from 'knex';

/** What is looked for by how it begins, in a table that has it in one spelling. */
const FOUND_BY = [
  ['people', 'email'],
  ['domains', 'name'],
  ['ips', 'address'],
] as const;

export async function up(db: Knex): Promise<void> {
  const isPostgres = db.client.config.client === 'pg';
  // Compared byte by byte, as SQLite does, so that an index serves what begins so and the order.
  const bytewise = isPostgres ? 'collate "C"' : '';
  await db.raw(
    "alter table accounts add column status text not null default 'active' check (status in ('active', 'suspended', 'closed'))",
  );
  await db.raw('alter table accounts add column version integer not null default 1');
  for (const table of ['accounts', 'people']) {
    await db.raw(`alter table ?? add column name_key text ${bytewise} not null default ''`, [table]);
    await db.raw('update ?? set name_key = lower(name)', [table]);
    await correctKeys(db, table);
    await db.raw('create index ?? on ?? (name_key, id)', [`${table}_by_name`, table]);
  }
  await db.raw("create index accounts_stopped on accounts (status, name_key, id) where status <> 'active'");
  for (const [table, column] of FOUND_BY)
    await db.raw(`create index ?? on ?? (?? ${bytewise})`, [`${table}_by_${column}`, table, column]);
}

/** SQLite knows lower case of plain letters only. */
async function correctKeys(db: Knex, table: string): Promise<void> {
  const isOdd = db.client.config.client === 'pg' ? "name ~ '[^ -~]'" : "name glob '*[^ -~]*'";
  const rows: { id: number; name: string }[] = await db(table).whereRaw(isOdd).select('id', 'name');
  for (const { id, name } of rows) await db(table).where({ id }).update({ name_key: name.toLowerCase() });
}

export async function down(db: Knex): Promise<void> {
  for (const [table, column] of FOUND_BY) await db.raw('drop index ??', [`${table}_by_${column}`]);
  await db.raw('drop index accounts_stopped');
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  for (const table of ['accounts', 'people']) {
    await db.raw('drop index ??', [`${table}_by_name`]);
    await db.raw('alter table ?? drop column name_key', [table]);
  }
  for (const column of ['status', 'version']) await db.raw('alter table accounts drop column ??', [column]);
}
