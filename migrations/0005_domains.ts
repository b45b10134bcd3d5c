import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('domains', (t) => {
    t.increments('id');
    t.integer('account_id').notNullable().references('accounts.id').index();
    t.text('name').notNullable().unique();
    t.text('usage').notNullable().checkIn(['marketing', 'transactional', 'both']);
    // C-01: a new domain is on the shared default pool without anybody asking for it.
    t.text('route').notNullable().defaultTo('default').checkIn(['default', 'transactional', 'dedicated']);
    t.boolean('spf').notNullable().defaultTo(false);
    t.boolean('dkim').notNullable().defaultTo(false);
    t.boolean('dmarc').notNullable().defaultTo(false);
    t.bigInteger('checked_at');
    t.bigInteger('created_at').notNullable();
    t.check("route <> 'transactional' or usage = 'transactional'", [], 'domains_pool_is_transactional');
  });
  await db.schema.createTable('sending_counts', (t) => {
    t.integer('domain_id').notNullable().references('domains.id');
    t.integer('day').notNullable();
    t.integer('sent').notNullable();
    t.integer('bounced').notNullable();
    t.integer('complained').notNullable();
    t.bigInteger('recorded_at').notNullable();
    t.primary(['domain_id', 'day']);
    t.check('sent >= 0 and bounced between 0 and sent and complained between 0 and sent', [], 'sending_counts_add_up');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('sending_counts');
  await db.schema.dropTable('domains');
}
