import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // The order of the queue: only what reviewers have is due, so the index stays small whatever was closed.
  await db.raw('create index requests_due on requests (due_at, id, kind) where due_at is not null');
  // How many IPs are free, without looking at those that are not.
  await db.schema.alterTable('ips', (t) => t.index(['status', 'region']));
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('ips', (t) => t.dropIndex(['status', 'region']));
  await db.raw('drop index requests_due');
}
