import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('sending_logs', (t) => {
    // How many lines lie before `read_to`; null: not counted yet.
    t.bigInteger('lines');
    // Size and time of change of a compressed file that was read to its end, so that it need not be unpacked again.
    t.text('packed_as');
  });
  // Lines that say what became of mail and could not be read. The log counts as unread for as long as one is here.
  await db.schema.createTable('sending_unread_lines', (t) => {
    t.integer('log_id').notNullable().references('sending_logs.id').onDelete('CASCADE');
    // The byte at which the line begins, and its number as people count.
    t.bigInteger('at').notNullable();
    t.bigInteger('line').notNullable();
    t.bigInteger('seen_at').notNullable();
    t.primary(['log_id', 'at']);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('sending_unread_lines');
  await db.schema.alterTable('sending_logs', (t) => t.dropColumns('lines', 'packed_as'));
}
