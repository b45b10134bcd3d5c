import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // The authenticator app of a person.
  await db.schema.createTable('totp_apps', (t) => {
    t.integer('person_id').primary().references('people.id');
    // Encrypted by the server's secret.
    t.text('secret').notNullable();
    // The time step of the last code that was taken: that one and those before it are worth nothing any more.
    t.bigInteger('last_step').notNullable();
    t.bigInteger('added_at').notNullable();
  });
  await db.schema.createTable('recovery_codes', (t) => {
    t.increments('id');
    t.integer('person_id').notNullable().references('people.id');
    t.text('code_hash').notNullable();
    t.bigInteger('made_at').notNullable();
    t.bigInteger('used_at');
    t.unique(['person_id', 'code_hash']);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('recovery_codes');
  await db.schema.dropTable('totp_apps');
}
