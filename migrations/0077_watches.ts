import type { Knex } from 'knex';

/** Who wants a mail once the checks of a request that they could send all pass. `domain_id`: for the transactional pool; else 0. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('watches', (t) => {
    t.increments('id');
    t.integer('person_id').notNullable().references('people.id');
    t.text('kind').notNullable();
    t.integer('domain_id').notNullable();
    t.bigInteger('made_at').notNullable();
    t.bigInteger('look_at').notNullable();
    t.unique(['person_id', 'kind', 'domain_id']);
    t.check("kind in ('dedicated_ip', 'transactional_pool')", [], 'watches_kind');
    t.check("(kind = 'dedicated_ip') = (domain_id = 0)", [], 'watches_domain_of_pool');
  });
  await db.raw('create index watches_due on watches (look_at, id)');
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('watches');
}
