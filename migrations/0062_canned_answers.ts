import type { Knex } from 'knex';

/** Texts that reviewers use again and again, each for one form. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('canned_answers', (t) => {
    t.increments('id');
    t.text('purpose').notNullable().checkIn(['ask', 'decline', 'offer', 'approve', 'send-back']);
    t.text('name').notNullable();
    t.text('name_key').notNullable();
    t.text('body').notNullable();
    t.integer('changed_by').notNullable().references('people.id');
    t.bigInteger('changed_at').notNullable();
    t.unique(['purpose', 'name_key']);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('canned_answers');
}
