import type { Knex } from 'knex';

// C-04: beside dedicated IPs, a domain that sends more than transactional mail has the default pool, whatever pool it came from.
export async function up(db: Knex): Promise<void> {
  await db.raw(`update domains set shared_pool = 'default'
    where shared_pool = 'transactional' and route <> 'transactional' and usage <> 'transactional'`);
}

export async function down(): Promise<void> {
  // Which pool such a domain came from does not hold for it any more.
}
