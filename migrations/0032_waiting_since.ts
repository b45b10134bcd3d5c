import type { Knex } from 'knex';

/** Since when an approved request waits for IPs. It keeps its place while a reviewer looks at it again. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('requests', (t) => {
    t.bigInteger('waits_since');
  });
  await db('requests')
    .where({ status: 'waitlisted' })
    .update({ waits_since: db.ref('decided_at') });
}

export async function down(db: Knex): Promise<void> {
  // Knex would rebuild the table, which other tables point to.
  await db.raw('alter table requests drop column waits_since');
}
