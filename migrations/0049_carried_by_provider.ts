import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // What a warming IP carried on a day by mailbox provider, as all routers told of themselves.
  await db.schema.createTable('route_carried', (t) => {
    t.integer('ip_id').notNullable().references('ips.id');
    t.integer('day').notNullable();
    t.text('provider').notNullable();
    t.integer('carried').notNullable();
    t.primary(['ip_id', 'day', 'provider']);
    t.index('day');
    t.check('carried >= 0', [], 'route_carried_not_negative');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('route_carried');
}
