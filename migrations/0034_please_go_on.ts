import type { Knex } from 'knex';

/** When a customer asked to let a paused warm-up go on; and what was measured when a request was served from the waitlist. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('warmups', (t) => {
    t.bigInteger('go_on_asked_at');
  });
  await db.schema.alterTable('requests', (t) => {
    // Messages a week, and what the gate asked for; null where it was not served from the waitlist, or never measured.
    t.bigInteger('served_weekly');
    t.bigInteger('served_gate');
  });
}

export async function down(db: Knex): Promise<void> {
  // Knex would rebuild the tables, which others point to.
  await db.raw('alter table requests drop column served_gate');
  await db.raw('alter table requests drop column served_weekly');
  await db.raw('alter table warmups drop column go_on_asked_at');
}
