import type { Knex } from 'knex';

/** For which day of the desk somebody got the last daily summary: of two processes one claims it. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('summaries', (t) => {
    t.integer('person_id').primary().references('people.id');
    t.integer('told_on').notNullable();
  });
  await db.raw("create index mail_preferences_digest on mail_preferences (person_id) where choice = 'digest'");
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index mail_preferences_digest');
  await db.schema.dropTable('summaries');
}
