import type { Knex } from 'knex';

/** S-15: whether the IPs of a request are warmed up by Warmdesk. All that were asked for so far are. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('requests', (t) => {
    t.boolean('automated_warmup').notNullable().defaultTo(true);
  });
}

export async function down(db: Knex): Promise<void> {
  // Knex would rebuild the table, which other tables point to.
  await db.raw('alter table requests drop column automated_warmup');
}
