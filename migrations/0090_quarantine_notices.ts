import type { Knex } from 'knex';

/** When staff were told of a mail in quarantine. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('inbound_mails', (t) => t.bigInteger('told_at'));
  await db.raw('create index inbound_mails_told on inbound_mails (told_at) where told_at is not null');
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index inbound_mails_told');
  // In SQL, as knex would rebuild the table on SQLite, with its checks written differently.
  await db.raw('alter table inbound_mails drop column told_at');
}
