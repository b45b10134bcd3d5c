import type { Knex } from 'knex';

/** A domain is an account's once a record in DNS proves it. Until then it waits here, and any account may try. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('pending_domains', (t) => {
    t.increments('id');
    t.integer('account_id').notNullable().references('accounts.id');
    t.integer('person_id').references('people.id');
    t.text('name').notNullable().index();
    t.text('usage').notNullable().checkIn(['marketing', 'transactional', 'both']);
    t.text('token').notNullable().unique();
    t.text('state').notNullable().defaultTo('unseen').checkIn(['unseen', 'missing', 'wrong', 'alias', 'held']);
    // What DNS had instead, as a JSON list of texts.
    t.text('found').notNullable().defaultTo('[]');
    // When DNS last said something certain, when it was last asked, and what went wrong then.
    t.bigInteger('seen_at');
    t.bigInteger('tried_at');
    t.text('trouble');
    t.bigInteger('due_at').index();
    t.integer('tries').notNullable().defaultTo(0);
    t.bigInteger('created_at').notNullable();
    t.unique(['account_id', 'name']);
  });
  await db.raw('alter table domains add column removed_at bigint');
  await db.raw('alter table domains add column due_at bigint');
  await db.raw('alter table domains add column tries integer not null default 0');
  await db.schema.alterTable('domains', (t) => t.dropUnique(['name']));
  // A domain that was removed keeps its history, and its name is free.
  await db.raw('create unique index domains_in_use on domains (name) where removed_at is null');
  await db.raw('create index domains_due on domains (due_at) where due_at is not null');
  // Names that are reserved for documentation are never looked up: the demo's.
  await db('domains').whereNot('name', 'like', '%.example').update({ due_at: 0 });
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index domains_due');
  await db.raw('drop index domains_in_use');
  await db.schema.alterTable('domains', (t) => t.unique(['name']));
  for (const column of ['removed_at', 'due_at', 'tries']) await db.raw('alter table domains drop column ??', [column]);
  await db.schema.dropTable('pending_domains');
}
