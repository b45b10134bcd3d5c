import type { Knex } from 'knex';

/** Decisions that have not taken effect yet: the one who made one can undo it until then. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('pending_decisions', (t) => {
    t.integer('request_id').primary().references('requests.id');
    t.integer('person_id').notNullable().references('people.id');
    t.text('decision').notNullable();
    // What the form said, as JSON.
    t.text('form').notNullable();
    t.integer('ips').notNullable().checkBetween([0, 1000]);
    t.bigInteger('decided_at').notNullable();
    t.bigInteger('settles_at').notNullable().index();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('pending_decisions');
}
