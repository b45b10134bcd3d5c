import type { Knex } from 'knex';

/** Which IPs their names hold back is asked with each count of free ones. */
export async function up(db: Knex): Promise<void> {
  await db.raw('create index ip_names_unsound on ip_names (ip_id) where not is_sound');
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index ip_names_unsound');
}
