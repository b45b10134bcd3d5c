import type { Knex } from 'knex';

/** The page that answers a rejected form, sealed: it gets an address of its own, so that a browser can go back to it. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('rejected_pages', (t) => {
    // The hash of the key in the address, which alone opens the page.
    t.text('id').primary();
    t.integer('person_id').notNullable().references('people.id').index();
    t.integer('status').notNullable();
    t.binary('sealed').notNullable();
    t.bigInteger('at').notNullable().index();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('rejected_pages');
}
