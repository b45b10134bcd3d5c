import type { Knex } from 'knex';

const TABLES = ['route_spending', 'route_hours'];

export async function up(db: Knex): Promise<void> {
  // What is old is deleted by its day.
  for (const table of TABLES) await db.schema.alterTable(table, (t) => t.index('day'));
}

export async function down(db: Knex): Promise<void> {
  for (const table of TABLES) await db.schema.alterTable(table, (t) => t.dropIndex('day'));
}
