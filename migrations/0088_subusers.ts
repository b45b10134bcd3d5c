import type { Knex } from 'knex';

/** Accounts below another account: subusers, each with a region of its own that is fixed when it is created. */
export async function up(db: Knex): Promise<void> {
  // By hand: knex would rebuild the table on SQLite, which other tables point to.
  await db.raw(
    `alter table accounts add column parent_id integer references accounts (id)
      check (parent_id is null or (parent_id <> id and region is not null and region in ('us', 'eu')))`,
  );
  await db.raw('create index accounts_subusers on accounts (parent_id, name_key, id) where parent_id is not null');
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index accounts_subusers');
  await db.raw('alter table accounts drop column parent_id');
}
