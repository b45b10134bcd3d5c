import type { Knex } from 'knex';

/** What the keys of an assignment point to: an IP with its account, a subuser with its parent and region, an IP with its region. */
const KEYS = [
  ['allocations_with_owner', 'allocations', 'id, account_id, ip_id'],
  ['accounts_with_parent', 'accounts', 'id, parent_id, region'],
  ['ips_with_region', 'ips', 'id, region'],
] as const;

/** Which subusers may send over a dedicated IP (S-18), and whether the account that has it does so itself (S-17). */
export async function up(db: Knex): Promise<void> {
  for (const [name, table, columns] of KEYS) await db.raw(`create unique index ${name} on ${table} (${columns})`);
  await db.raw('alter table allocations add column owner_sends boolean not null default true');
  await db.schema.createTable('ip_assignments', (t) => {
    t.integer('allocation_id').notNullable();
    // The subuser.
    t.integer('account_id').notNullable();
    t.integer('parent_id').notNullable().index();
    t.integer('ip_id').notNullable();
    t.text('region').notNullable();
    t.bigInteger('assigned_at').notNullable();
    t.primary(['account_id', 'allocation_id']);
    t.index(['allocation_id']);
    // S-22: the IP is that of the subuser's parent. S-23, S-04: one region is that of the IP and of the subuser.
    t.foreign(['allocation_id', 'parent_id', 'ip_id'], 'ip_assignments_ip')
      .references(['id', 'account_id', 'ip_id'])
      .inTable('allocations');
    t.foreign(['account_id', 'parent_id', 'region'], 'ip_assignments_subuser')
      .references(['id', 'parent_id', 'region'])
      .inTable('accounts');
    t.foreign(['ip_id', 'region'], 'ip_assignments_region').references(['id', 'region']).inTable('ips');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('ip_assignments');
  await db.raw('alter table allocations drop column owner_sends');
  for (const [name] of KEYS) await db.raw(`drop index ${name}`);
}
