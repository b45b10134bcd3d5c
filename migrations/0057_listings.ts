import type { Knex } from 'knex';

/** What DNS blocklists say of the addresses in stock, and when they were asked. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('ip_listings', (t) => {
    t.increments('id');
    t.integer('ip_id').notNullable().references('ips.id').index();
    // The blocklist's zone, and its name as the policy has it.
    t.text('zone').notNullable();
    t.text('name').notNullable();
    // The answers, like `127.0.0.2 127.0.0.4`: each list has its own meanings for them.
    t.text('codes').notNullable();
    t.bigInteger('found_at').notNullable();
    t.bigInteger('seen_at').notNullable();
    t.bigInteger('gone_at');
  });
  await db.raw('create unique index ip_listings_one_open on ip_listings (ip_id, zone) where gone_at is null');
  await db.schema.alterTable('ips', (t) => {
    t.bigInteger('lists_due_at').notNullable().defaultTo(0).index();
    // When every list last answered; and what kept one from answering since.
    t.bigInteger('lists_asked_at');
    t.text('lists_trouble');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('ip_listings');
  await db.raw('drop index ips_lists_due_at_index');
  // By the database itself: knex would make the table again, which others refer to.
  for (const column of ['lists_due_at', 'lists_asked_at', 'lists_trouble'])
    await db.raw(`alter table ips drop column ${column}`);
}
