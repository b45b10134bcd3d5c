import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // C-15: beside a new IP, mail goes over the shared pool that it had.
  await db.schema.alterTable('domains', (t) => {
    t.text('shared_pool').notNullable().defaultTo('default');
  });
  // The last move to dedicated IPs says where the domain was before.
  await db.raw(`update domains set shared_pool = 'transactional' where route = 'transactional' or (route = 'dedicated' and
    'transactional' = (select e.from_status from audit_events e where e.subject_type = 'domain' and e.subject_id = domains.id
      and e.name = 'domain.moved' and e.to_status = 'dedicated' order by e.seq desc limit 1))`);
}

export async function down(db: Knex): Promise<void> {
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  await db.raw('alter table domains drop column shared_pool');
}
