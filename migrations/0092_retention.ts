import type { Knex } from 'knex';

const FIGURES = ['sent', 'delivered', 'deferred', 'bounced', 'complained'];

/** Things that are removed by age: how far that is, and the sums that are kept in their place. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('retention', (t) => {
    t.text('subject').primary();
    // What is older than this goes in the last sweep, or is gone (UTC milliseconds), whatever the setting says today.
    t.bigInteger('gone_before').notNullable();
    // The id up to which that sweep is through; null: it is finished.
    t.integer('through_id');
    t.bigInteger('removed').notNullable().defaultTo(0);
    t.check('removed >= 0', [], 'retention_in_range');
  });
  // Counts that were removed, summed up by domain, month (its first day) and stream.
  await db.schema.createTable('sending_months', (t) => {
    t.integer('domain_id').notNullable().references('domains.id');
    t.integer('month').notNullable();
    t.text('stream').notNullable();
    for (const figure of FIGURES) t.bigInteger(figure).notNullable();
    t.primary(['domain_id', 'month', 'stream']);
    t.check(FIGURES.map((figure) => `${figure} >= 0`).join(' and '), [], 'sending_months_in_range');
  });
  // Days of warm-ups that were removed, summed up by warm-up.
  await db.schema.createTable('warmup_totals', (t) => {
    t.integer('warmup_id').primary().references('warmups.id');
    t.integer('first_day').notNullable();
    t.integer('last_day').notNullable();
    t.integer('days').notNullable();
    t.bigInteger('sent').notNullable();
    t.bigInteger('delivered').notNullable();
    // How many of these days completed it.
    t.integer('completions').notNullable();
    t.check('days > 0 and first_day <= last_day and delivered between 0 and sent', [], 'warmup_totals_in_range');
  });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['warmup_totals', 'sending_months', 'retention']) await db.schema.dropTable(table);
}
