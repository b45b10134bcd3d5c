import type { Knex } from 'knex';

const KINDS = ['marketing', 'transactional'] as const;

/** S-07: customers' own pools of their dedicated IPs, and the domains that point to them, apart for each kind of mail. */
export async function up(db: Knex): Promise<void> {
  await db.raw('create unique index domains_with_account on domains (id, account_id)');
  // By hand: knex would rebuild the table on SQLite. 0: it does not carry this kind of the domain's mail.
  for (const kind of KINDS)
    await db.raw(
      `alter table allocation_domains add column ${kind}_weight integer not null default 1
        check (${kind}_weight between 0 and 100)`,
    );
  await db.schema.createTable('own_pools', (t) => {
    t.increments('id');
    t.integer('account_id').notNullable().references('accounts.id');
    t.text('name').notNullable();
    t.text('name_key').notNullable();
    t.integer('version').notNullable().defaultTo(1);
    t.bigInteger('made_at').notNullable();
    t.unique(['account_id', 'name_key']);
    t.unique(['id', 'account_id']);
  });
  await db.schema.createTable('own_pool_members', (t) => {
    t.integer('pool_id').notNullable();
    t.integer('allocation_id').notNullable();
    t.integer('account_id').notNullable();
    t.integer('ip_id').notNullable();
    t.integer('weight').notNullable();
    t.primary(['pool_id', 'allocation_id']);
    t.index(['allocation_id']);
    t.check('weight between 1 and 100', [], 'own_pool_members_weight');
    // C-07: an account's pool has IPs of that account alone.
    t.foreign(['pool_id', 'account_id'], 'own_pool_members_pool').references(['id', 'account_id']).inTable('own_pools');
    t.foreign(['allocation_id', 'account_id', 'ip_id'], 'own_pool_members_ip')
      .references(['id', 'account_id', 'ip_id'])
      .inTable('allocations');
  });
  await db.schema.createTable('domain_pools', (t) => {
    t.integer('domain_id').notNullable();
    t.text('kind').notNullable();
    t.integer('pool_id').notNullable().index();
    t.integer('account_id').notNullable().index();
    t.primary(['domain_id', 'kind']);
    t.check("kind in ('marketing', 'transactional')", [], 'domain_pools_kind');
    // A domain points to pools of its own account.
    t.foreign(['domain_id', 'account_id'], 'domain_pools_domain').references(['id', 'account_id']).inTable('domains');
    t.foreign(['pool_id', 'account_id'], 'domain_pools_pool').references(['id', 'account_id']).inTable('own_pools');
  });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['domain_pools', 'own_pool_members', 'own_pools']) await db.schema.dropTable(table);
  for (const kind of KINDS) await db.raw(`alter table allocation_domains drop column ${kind}_weight`);
  await db.raw('drop index domains_with_account');
}
