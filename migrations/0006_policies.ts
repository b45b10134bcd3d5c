import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('policy_versions', (t) => {
    t.increments('id');
    t.text('name').notNullable();
    t.integer('number').notNullable();
    t.text('document').notNullable();
    t.bigInteger('effective_from').notNullable();
    t.unique(['name', 'number']);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('policy_versions');
}
