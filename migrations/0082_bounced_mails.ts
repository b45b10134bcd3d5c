import type { Knex } from 'knex';

/** Mails that a mail server took and that came back later. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('outbox', (t) => {
    t.bigInteger('bounced_at');
    t.text('bounce_reply');
  });
  await db.raw('create index outbox_bounced on outbox (bounced_at) where bounced_at is not null');
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index outbox_bounced');
  // In SQL, as knex would rebuild the table on SQLite, with its checks written differently.
  for (const column of ['bounced_at', 'bounce_reply']) await db.raw('alter table outbox drop column ??', [column]);
}
