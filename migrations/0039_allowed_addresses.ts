import type { Knex } from 'knex';

/** S-27: from which addresses the console and the API may be reached. No row: from everywhere. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('address_limits', (t) => {
    // `staff`, `mail systems`, or `account` and its id.
    t.text('holder').primary();
    t.integer('account_id').nullable().unique().references('accounts.id');
    // Addresses and ranges, a space between them.
    t.text('ranges').notNullable();
    t.bigInteger('changed_at').notNullable();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('address_limits');
}
