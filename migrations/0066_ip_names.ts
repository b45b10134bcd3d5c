import type { Knex } from 'knex';

/** S-19: the host names that customers link to their dedicated IPs, and what DNS says of the names of IPs. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('ip_links', (t) => {
    t.increments('id');
    t.integer('allocation_id').notNullable().references('allocations.id').index();
    t.integer('ip_id').notNullable().references('ips.id').index();
    // The host name is this domain's, or lies below it.
    t.integer('domain_id').notNullable().references('domains.id').index();
    t.text('name').notNullable();
    t.text('status').notNullable().checkIn(['waiting', 'linked', 'broken', 'ended']);
    t.bigInteger('changed_at').notNullable();
    // When staff were told that its PTR record is theirs to set, and when people were warned last.
    t.bigInteger('told_at');
    t.bigInteger('warned_at');
  });
  await db.raw("create unique index ip_links_one_live on ip_links (allocation_id) where status <> 'ended'");
  await db.schema.createTable('ip_names', (t) => {
    t.integer('ip_id').primary().references('ips.id');
    // Whether PTR and address records agree; null: not known yet.
    t.boolean('is_sound');
    t.text('ptr');
    t.text('forward');
    t.bigInteger('seen_at');
    t.bigInteger('tried_at').notNullable();
    t.integer('tries').notNullable();
    t.text('trouble');
  });
  await db.schema.alterTable('ips', (t) => {
    t.bigInteger('names_due_at').notNullable().defaultTo(0).index();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('ip_names');
  await db.schema.dropTable('ip_links');
  await db.raw('drop index ips_names_due_at_index');
  await db.raw('alter table ips drop column names_due_at');
}
