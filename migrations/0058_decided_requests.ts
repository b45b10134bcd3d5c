import type { Knex } from 'knex';

/** How long decisions took lately is read for a customer's page: without this it would read every request of its kind. */
export async function up(db: Knex): Promise<void> {
  await db.raw('create index requests_decided on requests (kind, decided_at) where decided_at is not null');
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index requests_decided');
}
