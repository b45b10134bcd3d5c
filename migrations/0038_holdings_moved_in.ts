import type { Knex } from 'knex';

const REQUIRED = '`request_id` integer not null';
const OPTIONAL = '`request_id` integer';

/** An IP that its account had before Warmdesk came has no request, and is charged from a day of its own. */
export async function up(db: Knex): Promise<void> {
  if (isPostgres(db)) await db.raw('alter table allocations alter column request_id drop not null');
  else await changeColumn(db, REQUIRED, OPTIONAL);
  await db.schema.alterTable('allocations', (t) => {
    // null: from the beginning of its warm-up on, as every IP that was allocated here.
    t.integer('charged_from');
  });
}

const isPostgres = (db: Knex): boolean => db.client.config.client === 'pg';

/** SQLite has no statement for it, and the table cannot be remade while others refer to it: its text is changed, as SQLite's manual says. */
async function changeColumn(db: Knex, from: string, to: string): Promise<void> {
  const [{ schema_version: version }] = await db.raw('PRAGMA schema_version');
  await db.raw('PRAGMA writable_schema=ON');
  const changed = await db('sqlite_master')
    .where({ type: 'table', name: 'allocations' })
    .where('sql', 'like', `%${from},%`)
    .update({ sql: db.raw('replace(sql, ?, ?)', [`${from},`, `${to},`]) });
  await db.raw(`PRAGMA schema_version=${Number(version) + 1}`);
  await db.raw('PRAGMA writable_schema=OFF');
  if (changed !== 1) throw new Error('the column of requests was not found');
}

export async function down(db: Knex): Promise<void> {
  if (await db('allocations').whereNull('request_id').first('id'))
    throw new Error('IPs that were moved in have no request: without this change they could not be kept');
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  await db.raw('alter table allocations drop column charged_from');
  if (isPostgres(db)) await db.raw('alter table allocations alter column request_id set not null');
  else await changeColumn(db, OPTIONAL, REQUIRED);
}
