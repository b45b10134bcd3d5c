import type { Knex } from 'knex';

/** Who of the staff is away until when, and who gets their notices meanwhile. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('absences', (t) => {
    t.integer('person_id').primary().references('people.id');
    t.bigInteger('away_until').notNullable();
    t.integer('stand_in_id').references('people.id');
    t.check('stand_in_id <> person_id', [], 'absences_of_somebody_else');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('absences');
}
