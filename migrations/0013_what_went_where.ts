import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // How much of a day's cap is handed out to those who route: all of it, and the part of slowed providers.
  await db.schema.createTable('route_spending', (t) => {
    t.integer('ip_id').notNullable().references('ips.id');
    t.integer('day').notNullable();
    // '': all providers together.
    t.text('provider').notNullable();
    t.integer('spent').notNullable();
    t.primary(['ip_id', 'day', 'provider']);
    t.check('spent >= 0', [], 'route_spending_not_negative');
  });
  // The same by hours of the day (UTC), to be drawn.
  await db.schema.createTable('route_hours', (t) => {
    t.integer('ip_id').notNullable().references('ips.id');
    t.integer('day').notNullable();
    t.integer('hour').notNullable();
    t.integer('spent').notNullable();
    t.primary(['ip_id', 'day', 'hour']);
    t.check('hour between 0 and 23 and spent >= 0', [], 'route_hours_in_range');
  });
  // For whoever keeps a copy of what goes where: what changed lately is read again.
  for (const table of ['domains', 'allocations']) {
    await db.schema.alterTable(table, (t) => {
      t.bigInteger('changed_at').notNullable().defaultTo(0).index();
    });
  }
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['allocations', 'domains']) {
    await db.schema.alterTable(table, (t) => t.dropIndex('changed_at'));
    // In plain SQL: the builder would drop and remake the whole table, which others refer to.
    await db.raw('alter table ?? drop column changed_at', [table]);
  }
  await db.schema.dropTable('route_hours');
  await db.schema.dropTable('route_spending');
}
