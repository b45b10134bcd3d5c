import type { Knex } from 'knex';

const FIGURES = ['sent', 'delivered', 'deferred', 'bounced', 'complained'];

export async function up(db: Knex): Promise<void> {
  // What each domain sent over each shared pool in the 28 days before the day `before`. Worked out from sending_counts alone.
  await db.schema.createTable('pool_windows', (t) => {
    t.text('pool').notNullable();
    t.integer('domain_id').notNullable().references('domains.id');
    t.integer('before').notNullable();
    for (const figure of FIGURES) t.bigInteger(figure).notNullable();
    t.primary(['pool', 'domain_id']);
  });
  // How far work is that is done for each domain once a day: for which day, up to and with which domain.
  await db.schema.createTable('daily_progress', (t) => {
    t.text('job').primary();
    t.integer('day').notNullable();
    t.integer('through_id').notNullable();
  });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['daily_progress', 'pool_windows']) await db.schema.dropTable(table);
}
