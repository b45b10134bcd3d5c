import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // Programs that may ask and report: each has a token, of which only the hash is kept.
  await db.schema.createTable('mail_systems', (t) => {
    t.increments('id');
    t.text('name').notNullable().unique();
    t.text('token_hash').notNullable().unique();
    t.text('token_start').notNullable();
    t.integer('made_by').references('people.id');
    t.bigInteger('made_at').notNullable();
    t.bigInteger('used_at');
    t.bigInteger('revoked_at');
  });
  // A batch of counts is taken in once: its name, and the hash of what was in it.
  await db.schema.createTable('sending_batches', (t) => {
    t.increments('id');
    // `system:3` for a mail system, `log:7` for a log that is read.
    t.text('source').notNullable();
    t.text('name').notNullable();
    t.text('content_hash').notNullable();
    t.integer('counts').notNullable();
    t.bigInteger('taken_at').notNullable();
    t.unique(['source', 'name']);
  });
  // How far a mail server's log is read. A log is known by its first line, whatever it is called after rotation.
  await db.schema.createTable('sending_logs', (t) => {
    t.increments('id');
    t.text('reader').notNullable();
    t.text('first_line_hash').notNullable();
    t.bigInteger('read_to').notNullable();
    t.bigInteger('read_at').notNullable();
    t.unique(['reader', 'first_line_hash']);
  });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['sending_logs', 'sending_batches', 'mail_systems']) await db.schema.dropTable(table);
}
