import type { Knex } from 'knex';

/** On which days somebody said that they mail, and how much on the busiest, as JSON: asked where too little was measured. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('requests', (t) => {
    t.text('mailing');
  });
}

export async function down(db: Knex): Promise<void> {
  // Knex would rebuild the table, which other tables point to.
  await db.raw('alter table requests drop column mailing');
}
