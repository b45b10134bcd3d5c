import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // What an administrator sets on pages, by name; each value is JSON.
  await db.schema.createTable('settings', (t) => {
    t.text('name').primary();
    t.text('value').notNullable();
    t.bigInteger('changed_at').notNullable();
  });
  // The addresses of shared pools, by the pool's key in the policy.
  await db.schema.createTable('pool_addresses', (t) => {
    t.text('address').primary();
    t.text('pool').notNullable().index();
    t.integer('place').notNullable();
    t.bigInteger('added_at').notNullable();
  });
  await movePools(db);
}

/** The newest version of each policy may list addresses; a pool has them from the policy that was adopted last. */
async function movePools(db: Knex): Promise<void> {
  const versions = await db('policy_versions')
    .orderBy('effective_from', 'desc')
    .orderBy('id', 'desc')
    .select('document');
  const moved = new Set<string>();
  const addresses = new Set<string>();
  for (const { document } of versions) {
    for (const { key, addresses: of = [] } of JSON.parse(document).pools ?? []) {
      if (moved.has(key)) continue;
      moved.add(key);
      for (const [place, address] of of.entries()) {
        if (addresses.has(address)) continue;
        addresses.add(address);
        await db('pool_addresses').insert({ address, pool: key, place, added_at: Date.now() });
      }
    }
  }
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('pool_addresses');
  await db.schema.dropTable('settings');
}
