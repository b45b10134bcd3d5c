import type { Knex } from 'knex';

/** Whose servers take the mail of recipients' domains: what DNS said of their MX, for as long as that is to be believed. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('receivers', (t) => {
    t.text('name').primary();
    // The best server; null: the domain has none, or it was not looked up yet.
    t.text('mx');
    t.bigInteger('due_at').notNullable().index();
    // Questions in a row that DNS did not answer.
    t.integer('failed').notNullable().defaultTo(0);
    t.bigInteger('added_at').notNullable().index();
    t.bigInteger('changed_at').notNullable().index();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('receivers');
}
