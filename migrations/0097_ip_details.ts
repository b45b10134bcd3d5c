import type { Knex } from 'knex';

const COLUMNS = {
  host_name: 'text',
  mta: 'text',
  // A month, in the currency of the policy.
  cost_cents: 'integer check (coalesce(cost_cents, 0) >= 0)',
  earlier_use: 'text',
};

/** What staff know of an address when they add it; null: nothing. */
export async function up(db: Knex): Promise<void> {
  for (const [name, type] of Object.entries(COLUMNS)) await db.raw(`alter table ips add column ${name} ${type}`);
}

export async function down(db: Knex): Promise<void> {
  for (const name of Object.keys(COLUMNS).reverse()) await db.raw(`alter table ips drop column ${name}`);
}
