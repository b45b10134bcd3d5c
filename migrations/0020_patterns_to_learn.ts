import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // Whoever learns patterns asks each half a minute whether one is left for today.
  await db.raw('create index warmups_to_learn on warmups (learned_on, id)');
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index warmups_to_learn');
}
