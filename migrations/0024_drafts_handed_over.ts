import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // A request that somebody prepared and handed to a colleague who may commit to its cost. It is done when a request
  // has its form's token.
  await db.schema.createTable('request_drafts', (t) => {
    t.increments('id');
    t.integer('account_id').notNullable().references('accounts.id').index();
    t.text('kind').notNullable();
    t.text('form_token').notNullable().unique();
    // The form as it was typed, as JSON.
    t.text('typed').notNullable();
    t.integer('made_by').notNullable().references('people.id');
    t.integer('handed_to').notNullable().references('people.id').index();
    t.bigInteger('made_at').notNullable();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('request_drafts');
}
