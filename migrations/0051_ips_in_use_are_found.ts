import type { Knex } from 'knex';

// A search by address looks for IPs in use only: free ones, which may be most of a block, are no longer in its index.
export async function up(db: Knex): Promise<void> {
  const bytewise = bytewiseIn(db);
  await db.raw('drop index ips_by_address');
  await db.raw(`create index ips_in_use on ips (address ${bytewise}) where status = 'allocated'`);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index ips_in_use');
  await db.raw(`create index ips_by_address on ips (address ${bytewiseIn(db)})`);
}

const bytewiseIn = (db: Knex): string => (db.client.config.client === 'pg' ? 'collate "C"' : '');
