import type { Knex } from 'knex';

// A warm-up that begins again moves its first day. Charges begin with the first day of the first one, which is kept from now on;
// null: the warm-up began once.
export async function up(db: Knex): Promise<void> {
  await db.raw('alter table warmups add column began_on integer');
  // Each day of a warm-up is on record from its first one on.
  await db.raw(`update warmups set began_on = (select min(d.day) from warmup_days d where d.warmup_id = warmups.id)
    where is_again`);
  // What was taken back of these by mistake is charged with the next month that is closed.
  await db.raw(
    `update allocations set changed_at = cast(? as bigint)
      where id in (select allocation_id from warmups where began_on < starts_on)`,
    [Date.now()],
  );
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table warmups drop column began_on');
}
