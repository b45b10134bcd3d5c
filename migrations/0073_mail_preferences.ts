import type { Knex } from 'knex';

/** Which optional mails somebody gets at once (without a row), in the daily summary, or not at all; and those that did not go out. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('mail_preferences', (t) => {
    t.integer('person_id').notNullable().references('people.id');
    t.text('event').notNullable();
    t.text('choice').notNullable();
    t.bigInteger('chosen_at').notNullable();
    t.primary(['person_id', 'event']);
    t.check("choice in ('digest', 'off')", [], 'mail_preferences_choice');
  });
  await db.schema.createTable('withheld_mails', (t) => {
    t.increments('id');
    t.integer('event_id').notNullable().references('audit_events.id');
    t.integer('recipient_id').notNullable().references('people.id');
    t.text('template').notNullable();
    t.text('facts').notNullable();
    t.text('choice').notNullable();
    t.bigInteger('created_at').notNullable();
    // When it was in a summary.
    t.bigInteger('told_at');
    t.unique(['event_id', 'recipient_id']);
    t.check("choice in ('digest', 'off')", [], 'withheld_mails_choice');
    t.check("told_at is null or choice = 'digest'", [], 'withheld_mails_told');
  });
  await db.raw(
    "create index withheld_mails_waiting on withheld_mails (recipient_id, id) where choice = 'digest' and told_at is null",
  );
  await db.raw(
    "insert into mail_preferences (person_id, event, choice, chosen_at) select id, 'weekly-progress', 'off', 0 from people where not weekly_progress",
  );
  await db.raw('alter table people drop column weekly_progress');
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('people', (t) => {
    t.boolean('weekly_progress').notNullable().defaultTo(true);
  });
  await db('people')
    .whereIn('id', db('mail_preferences').where({ event: 'weekly-progress' }).select('person_id'))
    .update({ weekly_progress: false });
  await db.schema.dropTable('withheld_mails');
  await db.schema.dropTable('mail_preferences');
}
