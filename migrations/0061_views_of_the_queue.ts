import type { Knex } from 'knex';

/** Filters, sorts and searches of the queue that reviewers keep under a name, for themselves or for all. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('queue_views', (t) => {
    t.increments('id');
    t.integer('person_id').notNullable().references('people.id');
    t.text('name').notNullable();
    t.text('name_key').notNullable();
    // As the queue's address has it.
    t.text('query').notNullable();
    t.boolean('is_shared').notNullable().index();
    t.bigInteger('created_at').notNullable();
    t.unique(['person_id', 'name_key']);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('queue_views');
}
