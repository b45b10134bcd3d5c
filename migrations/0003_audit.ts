import type { Knex } from 'knex';

const REFUSAL = 'the audit history is only ever added to';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('audit_events', (t) => {
    t.increments('id');
    t.text('subject_type').notNullable();
    t.integer('subject_id').notNullable();
    t.integer('seq').notNullable();
    t.text('name').notNullable();
    t.text('from_status');
    t.text('to_status');
    t.integer('account_id').references('accounts.id');
    t.integer('actor_id').references('people.id');
    t.bigInteger('at').notNullable();
    t.text('facts').notNullable();
    t.unique(['subject_type', 'subject_id', 'seq']);
    t.index(['account_id', 'id']);
  });
  await (db.client.config.client === 'pg' ? refuseOnPostgres(db) : refuseOnSqlite(db));
}

async function refuseOnSqlite(db: Knex): Promise<void> {
  for (const act of ['update', 'delete']) {
    await db.raw(
      `create trigger audit_events_no_${act} before ${act} on audit_events begin select raise(abort, '${REFUSAL}'); end`,
    );
  }
}

async function refuseOnPostgres(db: Knex): Promise<void> {
  await db.raw(
    `create function audit_events_refuse() returns trigger language plpgsql as $$ begin raise exception '${REFUSAL}'; end $$`,
  );
  await db.raw(
    'create trigger audit_events_no_change before update or delete or truncate on audit_events for each statement execute function audit_events_refuse()',
  );
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('audit_events');
  if (db.client.config.client === 'pg') await db.raw('drop function audit_events_refuse');
}
