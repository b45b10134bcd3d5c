import type { Knex } from 'knex';

/** The queue finds what was approved automatically. */
export async function up(db: Knex): Promise<void> {
  await db.raw('create index decisions_automatically on decisions (request_id) where reviewer_id is null');
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index decisions_automatically');
}
