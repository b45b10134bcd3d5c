import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('sessions', (t) => {
    t.text('id').primary();
    t.integer('person_id').references('people.id').index();
    t.text('data').notNullable();
    t.bigInteger('expires_at').notNullable().index();
  });
  await db.schema.createTable('password_resets', (t) => {
    t.increments('id');
    t.integer('person_id').notNullable().references('people.id');
    t.text('token_hash').notNullable().unique();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('expires_at').notNullable();
    t.bigInteger('used_at');
    t.check('expires_at > created_at', [], 'password_resets_expire');
  });
  // At most one open reset link per person: a newer one replaces the older.
  await db.raw('create unique index password_resets_one_open on password_resets (person_id) where used_at is null');
  // The columns are those that rate-limiter-flexible reads and writes.
  await db.schema.createTable('rate_limits', (t) => {
    t.string('key', 255).primary();
    t.integer('points').notNullable().defaultTo(0);
    t.bigInteger('expire');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('rate_limits');
  await db.schema.dropTable('password_resets');
  await db.schema.dropTable('sessions');
}
