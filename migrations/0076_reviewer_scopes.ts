import type { Knex } from 'knex';

/** Which requests a reviewer is assigned, as JSON lists; without a row all. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('reviewer_scopes', (t) => {
    t.integer('person_id').primary().references('people.id');
    t.text('kinds').notNullable();
    t.text('regions').notNullable();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('reviewer_scopes');
}
