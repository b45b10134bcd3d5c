import type { Knex } from 'knex';

/** What DNS last said about each record of a domain. */
export async function up(db: Knex): Promise<void> {
  // The DKIM selectors that the customer gave, between spaces; null: those of the provider.
  await db.raw('alter table domains add column selectors text');
  await db.schema.createTable('domain_records', (t) => {
    t.integer('domain_id').notNullable().references('domains.id');
    t.text('kind').notNullable().checkIn(['spf', 'dkim', 'dmarc', 'return-path', 'mx']);
    // Its name in DNS.
    t.text('at').notNullable();
    // null: DNS never said anything certain about it.
    t.text('state').checkIn(['found', 'wrong', 'missing']);
    t.text('found').notNullable().defaultTo('[]');
    t.text('says').notNullable().defaultTo('');
    t.bigInteger('seen_at');
    t.bigInteger('tried_at').notNullable();
    t.text('trouble');
    t.primary(['domain_id', 'kind', 'at']);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('domain_records');
  await db.raw('alter table domains drop column selectors');
}
