import type { Knex } from 'knex';

/** Which reviewer has a request on the desk, and who opened it lately. */
export async function up(db: Knex): Promise<void> {
  // By hand: knex would rebuild the table on SQLite, which other tables point to.
  await db.raw('alter table requests add column claimed_by integer references people (id)');
  await db.raw('alter table requests add column claimed_at bigint');
  await db.raw('alter table requests add column claimed_until bigint');
  await db.raw('create index requests_claimed on requests (claimed_by, due_at, id) where claimed_by is not null');
  await db.schema.createTable('request_openings', (t) => {
    t.integer('request_id').notNullable().references('requests.id');
    t.integer('person_id').notNullable().references('people.id');
    t.bigInteger('opened_at').notNullable().index();
    t.primary(['request_id', 'person_id']);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('request_openings');
  await db.raw('drop index requests_claimed');
  for (const column of ['claimed_until', 'claimed_at', 'claimed_by']) {
    await db.raw(`alter table requests drop column ${column}`);
  }
}
