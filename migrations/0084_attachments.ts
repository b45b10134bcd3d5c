import type { Knex } from 'knex';

const REFUSAL = 'attachments are never changed';

export async function up(db: Knex): Promise<void> {
  // Files that came with what somebody wrote. Their bytes are in a folder, each under its key.
  await db.schema.createTable('attachments', (t) => {
    t.increments('id');
    t.integer('event_id').notNullable().references('audit_events.id').index();
    t.integer('account_id').notNullable().references('accounts.id');
    t.text('name').notNullable();
    t.text('type').notNullable();
    t.integer('bytes').notNullable();
    t.text('sha256').notNullable();
    t.text('file_key').notNullable().unique();
    t.bigInteger('attached_at').notNullable();
    t.check('bytes > 0', [], 'attachments_not_empty');
    t.check("type in ('png', 'jpeg', 'gif', 'webp', 'text')", [], 'attachments_of_safe_types');
    t.check('length(sha256) = 64', [], 'attachments_hashed');
    t.check('length(file_key) = 36', [], 'attachments_keyed');
    t.index(['account_id', 'attached_at']);
  });
  await (db.client.config.client === 'pg' ? refuseOnPostgres(db) : refuseOnSqlite(db));
  // Names of the files of a mail that were not kept, as a JSON list; null: only their number was counted.
  await db.schema.alterTable('inbound_mails', (t) => t.text('left_out'));
}

async function refuseOnSqlite(db: Knex): Promise<void> {
  for (const act of ['update', 'delete'])
    await db.raw(
      `create trigger attachments_no_${act} before ${act} on attachments begin select raise(abort, '${REFUSAL}'); end`,
    );
}

async function refuseOnPostgres(db: Knex): Promise<void> {
  await db.raw(
    `create function attachments_refuse() returns trigger language plpgsql as $$ begin raise exception '${REFUSAL}'; end $$`,
  );
  await db.raw(
    'create trigger attachments_no_change before update or delete or truncate on attachments for each statement execute function attachments_refuse()',
  );
}

export async function down(db: Knex): Promise<void> {
  // In SQL, as knex would rebuild the table on SQLite, with its checks written differently.
  await db.raw('alter table inbound_mails drop column left_out');
  await db.schema.dropTable('attachments');
  if (db.client.config.client === 'pg') await db.raw('drop function attachments_refuse');
}
