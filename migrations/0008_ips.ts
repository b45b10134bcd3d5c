import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('ips', (t) => {
    t.increments('id');
    t.text('address').notNullable().unique();
    t.text('region').notNullable();
    t.text('status').notNullable().checkIn(['free', 'allocated', 'quarantined']);
    t.bigInteger('created_at').notNullable();
    t.index(['region', 'status', 'id']);
  });
  await db.schema.createTable('allocations', (t) => {
    t.increments('id');
    t.integer('ip_id').notNullable().references('ips.id');
    t.integer('account_id').notNullable().references('accounts.id').index();
    t.integer('request_id').notNullable().references('requests.id').index();
    t.text('status').notNullable().checkIn(['reserved', 'warming', 'paused', 'active', 'releasing', 'released']);
    t.integer('monthly_cents').notNullable();
    t.text('currency').notNullable();
    t.bigInteger('allocated_at').notNullable();
    t.bigInteger('released_at');
  });
  // C-07: an IP has one live owner, whoever decides at the same moment.
  await db.raw("create unique index allocations_one_live on allocations (ip_id) where status <> 'released'");
  await db.schema.createTable('allocation_domains', (t) => {
    t.integer('allocation_id').notNullable().references('allocations.id');
    t.integer('domain_id').notNullable().references('domains.id').index();
    t.primary(['allocation_id', 'domain_id']);
  });
  await db.schema.createTable('warmups', (t) => {
    t.increments('id');
    t.integer('allocation_id').notNullable().unique().references('allocations.id');
    t.text('status').notNullable().checkIn(['running', 'complete']);
    t.text('schedule').notNullable();
    t.integer('target_per_day').notNullable();
    t.integer('starts_on').notNullable();
    t.text('caps').notNullable();
    t.bigInteger('completed_at');
    t.check("(status = 'complete') = (completed_at is not null)", [], 'warmups_complete_has_time');
  });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['warmups', 'allocation_domains', 'allocations', 'ips']) await db.schema.dropTable(table);
}
