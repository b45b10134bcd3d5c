import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // A file that was checked whole and is taken in, piece by piece.
  await db.schema.createTable('imports', (t) => {
    t.increments('id');
    t.text('kind').notNullable();
    t.text('file').notNullable();
    t.integer('items').notNullable();
    t.integer('done').notNullable().defaultTo(0);
    // Whether the people in it are mailed an invitation.
    t.boolean('invites').notNullable();
    t.integer('made_by').notNullable().references('people.id');
    t.bigInteger('made_at').notNullable();
    t.bigInteger('finished_at');
    // What was taken by somebody else between the check and its piece, as a JSON list of names.
    t.text('left_out').notNullable().defaultTo('[]');
    t.check('done between 0 and items', [], 'imports_done_in_range');
  });
  // What is not taken in yet, as JSON lists; a piece goes with the transaction that took it in.
  await db.schema.createTable('import_parts', (t) => {
    t.integer('import_id').notNullable().references('imports.id');
    t.integer('part').notNullable();
    t.integer('items').notNullable();
    t.text('list').notNullable();
    t.primary(['import_id', 'part']);
  });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['import_parts', 'imports']) await db.schema.dropTable(table);
}
