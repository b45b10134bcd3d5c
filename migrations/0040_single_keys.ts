import type { Knex } from 'knex';

/** Whether keys act on pages by themselves for somebody; they can be switched off (WCAG 2.1.4). */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('people', (t) => {
    t.boolean('single_keys').notNullable().defaultTo(true);
  });
}

export async function down(db: Knex): Promise<void> {
  // Knex would rebuild the table, which other tables point to.
  await db.raw('alter table people drop column single_keys');
}
