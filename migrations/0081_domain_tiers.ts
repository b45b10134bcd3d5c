import type { Knex } from 'knex';

/** S-01, C-02: in which tier of the shared pools a domain is, what the nights did with it, and what staff decided. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('domain_tiers', (t) => {
    t.integer('domain_id').primary().references('domains.id');
    t.integer('tier').notNullable();
    // The pool that carries its shared mail, as the last night found it.
    t.text('pool').notNullable().index();
    // UTC days: its last move, since when it is warned, up to when staff keep it where it is.
    t.integer('moved_on');
    t.integer('warned_on');
    t.integer('kept_until');
    // What was done with it last: the UTC day, the pool that it came from, what and why.
    t.integer('last_on').index();
    t.text('last_from');
    t.text('last_move');
    t.text('last_why');
    // When a night stopped it, while staff have not looked at it.
    t.bigInteger('stopped_at').index();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('domain_tiers');
}
