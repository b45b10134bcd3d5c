import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // A file of counts that was checked whole and is stored piece by piece.
  await db.schema.createTable('sending_uploads', (t) => {
    t.increments('id');
    t.text('file').notNullable();
    t.text('content_hash').notNullable();
    t.integer('counts').notNullable();
    t.integer('stored').notNullable().defaultTo(0);
    // Of those stored: how many had no row before, and how many had one with other figures.
    t.integer('fresh').notNullable().defaultTo(0);
    t.integer('replaced').notNullable().defaultTo(0);
    // null: Warmdesk itself.
    t.integer('made_by').references('people.id');
    t.bigInteger('made_at').notNullable();
    // When all of its pieces were there; until then nothing of it is stored.
    t.bigInteger('kept_at');
    t.bigInteger('finished_at');
    t.check('stored between 0 and counts', [], 'sending_uploads_stored_in_range');
    t.check('fresh >= 0 and replaced >= 0 and fresh + replaced <= stored', [], 'sending_uploads_add_up');
    t.check('finished_at is null or (kept_at is not null and stored = counts)', [], 'sending_uploads_finish_whole');
  });
  await db.raw('create index sending_uploads_open on sending_uploads (id) where finished_at is null');
  // What is not stored yet, as packed JSON lists; a piece goes with the transaction that stored it.
  await db.schema.createTable('sending_upload_parts', (t) => {
    t.integer('upload_id').notNullable().references('sending_uploads.id');
    t.integer('part').notNullable();
    t.integer('counts').notNullable();
    t.binary('list').notNullable();
    t.primary(['upload_id', 'part']);
  });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['sending_upload_parts', 'sending_uploads']) await db.schema.dropTable(table);
}
