import type { Knex } from 'knex';

/** Sign-in over an OpenID provider: who is who there, and the sign-ins on their way. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('identities', (t) => {
    t.text('issuer').notNullable();
    t.text('subject').notNullable();
    t.integer('person_id').notNullable().references('people.id');
    t.bigInteger('linked_at').notNullable();
    t.primary(['issuer', 'subject']);
    // A provider knows a person once.
    t.unique(['person_id', 'issuer']);
  });
  await db.schema.createTable('openid_flows', (t) => {
    // Hashes of the state and of the cookie of the browser that began.
    t.text('state_hash').primary();
    t.text('browser_hash').notNullable();
    t.text('nonce').notNullable();
    t.text('verifier').notNullable();
    t.boolean('is_again').notNullable();
    t.text('next').notNullable();
    // A form that was sent after the session had ended, as JSON.
    t.text('kept').nullable();
    t.bigInteger('expires_at').notNullable().index();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('openid_flows');
  await db.schema.dropTable('identities');
}
