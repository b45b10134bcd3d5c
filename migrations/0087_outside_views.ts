import type { Knex } from 'knex';

const RATES = ['spam_rate', 'spf', 'dkim', 'dmarc', 'tls', 'delivery_errors'];

/** S-25: what Google says of domains and Microsoft of IPs, by day, as it was imported. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('postmaster_days', (t) => {
    t.integer('domain_id').notNullable().references('domains.id');
    t.integer('day').notNullable();
    // Shares from 0 to 1; null: Google says nothing of it.
    for (const rate of RATES) t.double(rate);
    t.bigInteger('recorded_at').notNullable();
    t.primary(['domain_id', 'day']);
    t.check(RATES.map((rate) => `coalesce(${rate}, 0) between 0 and 1`).join(' and '), [], 'postmaster_days_shares');
  });
  await db.schema.createTable('snds_days', (t) => {
    t.integer('ip_id').notNullable().references('ips.id');
    // Of Pacific time.
    t.integer('day').notNullable();
    t.integer('recipients').notNullable();
    t.text('filter').notNullable();
    t.text('complaints').notNullable();
    t.integer('trap_hits').notNullable();
    t.bigInteger('recorded_at').notNullable();
    t.primary(['ip_id', 'day']);
    t.check("filter in ('GREEN', 'YELLOW', 'RED')", [], 'snds_days_filter');
    t.check('recipients >= 0 and trap_hits >= 0', [], 'snds_days_counts');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('snds_days');
  await db.schema.dropTable('postmaster_days');
}
