import type { Knex } from 'knex';

/** Who declined a request, and when its customer appealed: once, to somebody else. */
export async function up(db: Knex): Promise<void> {
  // By hand: knex would rebuild the table on SQLite, which other tables point to.
  await db.raw('alter table requests add column declined_by integer references people (id)');
  await db.raw('alter table requests add column appealed_at bigint');
  await db.raw(`update requests set declined_by = (select d.reviewer_id from decisions d
    where d.request_id = requests.id and d.verdict = 'decline' order by d.id desc limit 1) where status = 'declined'`);
}

export async function down(db: Knex): Promise<void> {
  for (const column of ['appealed_at', 'declined_by']) await db.raw(`alter table requests drop column ${column}`);
}
