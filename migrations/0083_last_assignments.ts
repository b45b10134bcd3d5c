import type { Knex } from 'knex';

/** When somebody was last assigned a request: claims are gone once their requests are decided. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('last_assignments', (t) => {
    t.integer('person_id').primary().references('people.id');
    t.bigInteger('assigned_at').notNullable();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('last_assignments');
}
