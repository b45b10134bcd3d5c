import type { Knex } from 'knex';

/** What somebody typed into a form and has not sent, so that its pages have addresses of their own to go back to. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('drafts', (t) => {
    t.text('token').primary();
    t.integer('person_id').notNullable().references('people.id').index();
    t.text('kind').notNullable();
    // What was typed, field by field, as JSON.
    t.text('typed').notNullable();
    t.bigInteger('at').notNullable().index();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('drafts');
}
