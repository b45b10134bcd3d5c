import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('outbox', (t) => {
    t.increments('id');
    t.integer('event_id').notNullable().references('audit_events.id');
    t.integer('recipient_id').notNullable().references('people.id');
    t.text('to_address').notNullable();
    t.text('template').notNullable();
    t.text('facts').notNullable();
    t.text('thread');
    t.text('message_id').notNullable().unique();
    t.text('status').notNullable().checkIn(['waiting', 'sending', 'sent', 'held']);
    t.integer('attempts').notNullable().defaultTo(0);
    t.bigInteger('next_at');
    t.text('claim_token');
    t.bigInteger('claimed_until');
    t.bigInteger('sent_at');
    t.text('smtp_reply');
    t.bigInteger('created_at').notNullable();
    // one mail per event and person.
    t.unique(['event_id', 'recipient_id']);
    t.index(['status', 'next_at']);
    t.check("(status = 'sent') = (sent_at is not null)", [], 'outbox_sent_has_time');
    t.check("(status = 'waiting') = (next_at is not null)", [], 'outbox_waiting_has_next');
    t.check(
      "(status = 'sending') = (claim_token is not null) and (claim_token is null) = (claimed_until is null)",
      [],
      'outbox_sending_is_claimed',
    );
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('outbox');
}
