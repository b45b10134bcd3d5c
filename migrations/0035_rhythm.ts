import type { Knex } from 'knex';

/** The day for which a plan's stages were last made again; 0: they never were. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('warmups', (t) => {
    t.integer('remade_on').notNullable().defaultTo(0);
  });
}

export async function down(db: Knex): Promise<void> {
  // Knex would rebuild the table, which others point to.
  await db.raw('alter table warmups drop column remade_on');
}
