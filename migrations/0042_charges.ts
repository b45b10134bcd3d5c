import type { Knex } from 'knex';

const REFUSAL = 'the ledger of charges is only ever added to';

export async function up(db: Knex): Promise<void> {
  // What the approval fixed, once another price is in force; null: it still is the price.
  await db.raw('alter table allocations add column approved_cents integer');
  await keepFirstPrices(db);
  // Months of UTC, as years * 12 + months. One without an end is being closed, allocation by allocation.
  await db.schema.createTable('charge_months', (t) => {
    t.integer('month').primary();
    t.integer('first_day').notNullable();
    t.integer('last_day').notNullable();
    t.integer('through_id').notNullable().defaultTo(0);
    t.bigInteger('begun_at').notNullable();
    t.bigInteger('closed_at');
    t.integer('closed_by').references('people.id');
    t.check('first_day < last_day', [], 'charge_months_have_days');
  });
  await db.schema.createTable('charge_totals', (t) => {
    t.integer('month').notNullable().references('charge_months.month');
    t.text('currency').notNullable();
    t.integer('accounts').notNullable();
    t.integer('lines').notNullable();
    t.bigInteger('charged_cents').notNullable();
    t.bigInteger('credited_cents').notNullable();
    t.primary(['month', 'currency']);
  });
  await db.schema.createTable('charge_lines', (t) => {
    t.increments('id');
    // The month with which it was closed; the days may be of an earlier one.
    t.integer('month').notNullable().references('charge_months.month');
    t.integer('account_id').notNullable().references('accounts.id');
    t.integer('allocation_id').notNullable().references('allocations.id');
    t.integer('from_day').notNullable();
    t.integer('to_day').notNullable();
    t.integer('monthly_cents').notNullable();
    t.bigInteger('cents').notNullable();
    t.text('currency').notNullable();
    // The line that it takes back; one line is taken back once.
    t.integer('credits_id').references('charge_lines.id');
    t.bigInteger('written_at').notNullable();
    t.index(['month', 'account_id']);
    t.check('from_day <= to_day and monthly_cents >= 0', [], 'charge_lines_days');
    t.check('case when credits_id is null then cents >= 0 else cents <= 0 end', [], 'charge_lines_sign');
  });
  await db.raw(`create unique index charge_lines_once on charge_lines (allocation_id, month, from_day, monthly_cents)
    where credits_id is null`);
  await db.raw(
    'create unique index charge_lines_credited_once on charge_lines (credits_id) where credits_id is not null',
  );
  await (db.client.config.client === 'pg' ? refuseOnPostgres(db) : refuseOnSqlite(db));
}

/** Prices that changed before this kept no memory of the first one but in the record. */
async function keepFirstPrices(db: Knex): Promise<void> {
  const changed = await db('allocation_prices as p')
    .join('audit_events as e', 'e.id', 'p.event_id')
    .whereNotNull('p.applied_at')
    .orderBy('p.id', 'desc')
    .select('p.allocation_id', 'e.facts');
  for (const { allocation_id: id, facts } of changed)
    await db('allocations')
      .where({ id })
      .update({ approved_cents: JSON.parse(facts).beforeCents });
}

async function refuseOnSqlite(db: Knex): Promise<void> {
  for (const act of ['update', 'delete']) {
    await db.raw(
      `create trigger charge_lines_no_${act} before ${act} on charge_lines begin select raise(abort, '${REFUSAL}'); end`,
    );
  }
}

async function refuseOnPostgres(db: Knex): Promise<void> {
  await db.raw(
    `create function charge_lines_refuse() returns trigger language plpgsql as $$ begin raise exception '${REFUSAL}'; end $$`,
  );
  await db.raw(
    'create trigger charge_lines_no_change before update or delete or truncate on charge_lines for each statement execute function charge_lines_refuse()',
  );
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('charge_lines');
  if (db.client.config.client === 'pg') await db.raw('drop function charge_lines_refuse');
  await db.schema.dropTable('charge_totals');
  await db.schema.dropTable('charge_months');
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  await db.raw('alter table allocations drop column approved_cents');
}
