import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // Messages that are in a mail server's queue, as far as its log is read: who sent them, and who was tried already.
  // A log says the sender once, and what became of each recipient later, maybe in another file.
  await db.schema.createTable('sending_queue', (t) => {
    t.text('reader').notNullable();
    // The mail server's name and its id of the message.
    t.text('message').notNullable();
    // The sender's domain; '' where it is empty.
    t.text('sender').notNullable();
    // Recipients that were put off, as a JSON list: a hash, and what is known of each but the address.
    t.text('tried').notNullable();
    t.bigInteger('seen_at').notNullable();
    t.primary(['reader', 'message']);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('sending_queue');
}
