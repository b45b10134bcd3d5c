import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // What the owner of a session is shown of it. Sessions of before have none of it.
  await db.schema.alterTable('sessions', (t) => {
    t.bigInteger('begun_at');
    t.bigInteger('seen_at');
    t.text('address');
    t.text('device');
    // A sign-in that still needs its second step.
    t.boolean('is_half').notNullable().defaultTo(false);
  });
  // From where people signed in before: who comes from elsewhere is told by mail.
  await db.schema.createTable('known_devices', (t) => {
    t.increments('id');
    t.integer('person_id').notNullable().references('people.id').index();
    // Of the cookie that the browser keeps.
    t.text('mark_hash').notNullable();
    t.text('device').notNullable();
    t.text('address').notNullable();
    t.bigInteger('seen_at').notNullable().index();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('known_devices');
  // In plain SQL: the builder would drop and remake the whole table.
  for (const column of ['begun_at', 'seen_at', 'address', 'device', 'is_half'])
    await db.raw('alter table sessions drop column ??', [column]);
}
