import type { Knex } from 'knex';

/** Mails that came in, as they were and what became of each. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('inbound_mails', (t) => {
    t.increments('id');
    // The mail that it answers; not a reference, as old mails are deleted before what came of them.
    t.integer('mail_id').notNullable();
    t.integer('request_id').references('requests.id');
    t.integer('person_id').notNullable().references('people.id');
    t.text('purpose').notNullable().checkIn(['reply', 'bounce']);
    t.text('envelope_from').notNullable();
    t.binary('raw');
    t.text('raw_hash').notNullable();
    t.bigInteger('received_at').notNullable();
    t.text('status')
      .notNullable()
      .checkIn(['received', 'filed', 'quarantined', 'ignored', 'refused', 'noted', 'accepted', 'deleted']);
    t.text('from_address').notNullable().defaultTo('');
    t.text('subject').notNullable().defaultTo('');
    t.text('body').notNullable().defaultTo('');
    t.text('quoted').notNullable().defaultTo('');
    t.integer('files').notNullable().defaultTo(0);
    t.text('why');
    t.text('filed_as').unique();
    t.integer('event_id').unique().references('audit_events.id');
    t.integer('decided_by').references('people.id');
    t.bigInteger('decided_at');
    t.unique(['raw_hash', 'mail_id']);
    t.index(['status', 'id']);
    t.index(['request_id', 'person_id', 'received_at']);
    t.check("(status in ('filed', 'accepted')) = (event_id is not null)", [], 'inbound_mails_filed_has_event');
    t.check("(status in ('accepted', 'deleted')) = (decided_at is not null)", [], 'inbound_mails_decided_has_time');
  });
  await db.raw('create index inbound_mails_kept on inbound_mails (received_at) where raw is not null');
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('inbound_mails');
}
