import type { Knex } from 'knex';

/** What is to be said in the staff's chat: queued with what happened, sent afterwards. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('chat_posts', (t) => {
    t.increments('id');
    t.integer('event_id').notNullable().unique().references('audit_events.id');
    t.text('text').notNullable();
    t.text('path').notNullable();
    t.text('status').notNullable().defaultTo('waiting');
    t.integer('tries').notNullable().defaultTo(0);
    // When it is tried next; null: never again.
    t.bigInteger('next_at');
    t.text('complaint');
    t.bigInteger('ended_at');
    t.check("status in ('waiting', 'sent', 'failed')", [], 'chat_posts_status');
    t.check("(status = 'waiting') = (next_at is not null)", [], 'chat_posts_waiting_has_time');
  });
  await db.raw("create index chat_posts_due on chat_posts (next_at, id) where status = 'waiting'");
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('chat_posts');
}
