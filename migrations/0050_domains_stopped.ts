import type { Knex } from 'knex';

/** C-02: when staff stopped a domain; and when its customer asked to leave the transactional pool. Null: they did not. */
export async function up(db: Knex): Promise<void> {
  await db.raw('alter table domains add column stopped_at bigint');
  await db.raw('alter table domains add column leave_asked_at bigint');
}

export async function down(db: Knex): Promise<void> {
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  for (const column of ['stopped_at', 'leave_asked_at']) await db.raw('alter table domains drop column ??', [column]);
}
