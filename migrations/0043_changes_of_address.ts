import type { Knex } from 'knex';

/** Somebody's new mail address, until it is theirs: one at a time. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('email_changes', (t) => {
    t.integer('person_id').primary().references('people.id');
    t.text('email').notNullable();
    // Hashes of the tokens that were mailed to the new address and to the old one.
    t.text('new_hash').notNullable().unique();
    t.text('old_hash').notNullable().unique();
    t.bigInteger('asked_at').notNullable();
    t.bigInteger('expires_at').notNullable().index();
    // When the new address was proven, and when the old one agreed.
    t.bigInteger('proven_at').nullable();
    t.bigInteger('agreed_at').nullable();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('email_changes');
}
