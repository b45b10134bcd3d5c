import type { Knex } from 'knex';

/** Reputation: what mail of the last days came to, by domain and by account, and the daily limits that follow (S-02). */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('domain_reputations', (t) => {
    t.integer('domain_id').primary().references('domains.id');
    counted(t);
  });
  await db.schema.createTable('account_reputations', (t) => {
    t.integer('account_id').primary().references('accounts.id');
    counted(t);
    // Messages over shared pools on the busiest of the days.
    t.bigInteger('usual').notNullable();
    // The step of the policy that the score reaches, and messages a day over shared pools; null: not judged, no limit.
    t.integer('step');
    t.bigInteger('daily_limit');
  });
  // What accounts with a limit have sent over shared pools, by UTC day.
  await db.schema.createTable('account_mail', (t) => {
    t.integer('account_id').notNullable().references('accounts.id');
    t.integer('day').notNullable().index();
    t.bigInteger('sent').notNullable();
    // When people were told that the limit is near.
    t.bigInteger('told_at');
    t.primary(['account_id', 'day']);
  });
  await db.schema.createTable('reputation_runs', (t) => {
    t.integer('day').primary();
    t.bigInteger('claimed_until').notNullable();
    t.bigInteger('finished_at');
    t.integer('domains').notNullable().defaultTo(0);
  });
}

/** The score (null: too little mail), the first day after those that it is of, and what they came to. */
function counted(t: Knex.CreateTableBuilder): void {
  t.integer('day').notNullable();
  t.integer('score');
  for (const column of ['sent', 'delivered', 'deferred', 'bounced', 'complained']) t.bigInteger(column).notNullable();
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['reputation_runs', 'account_mail', 'account_reputations', 'domain_reputations'])
    await db.schema.dropTable(table);
}
