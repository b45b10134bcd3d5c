import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('passkeys', (t) => {
    t.increments('id');
    t.integer('person_id').notNullable().references('people.id').index();
    // As the authenticator made them (base64url): what is public of the key.
    t.text('credential_id').notNullable().unique();
    t.text('public_key').notNullable();
    t.bigInteger('counter').notNullable();
    t.text('name').notNullable();
    t.bigInteger('added_at').notNullable();
    t.bigInteger('used_at');
  });
  // A challenge that was answered is worth nothing any more.
  await db.schema.createTable('answered_challenges', (t) => {
    t.text('hash').primary();
    t.bigInteger('expires_at').notNullable().index();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('answered_challenges');
  await db.schema.dropTable('passkeys');
}
