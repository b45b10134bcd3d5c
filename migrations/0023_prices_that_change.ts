import type { Knex } from 'knex';

const NOTICE = { value: 30, rule: 'own choice' };

export async function up(db: Knex): Promise<void> {
  // What an IP costs from a day on, other than what was fixed when it was allocated: told first, then in force.
  await db.schema.createTable('allocation_prices', (t) => {
    t.increments('id');
    t.integer('allocation_id').notNullable().references('allocations.id').index();
    t.integer('monthly_cents').notNullable();
    t.text('currency').notNullable();
    t.integer('from_day').notNullable();
    t.integer('event_id').notNullable().references('audit_events.id');
    t.bigInteger('applied_at');
    t.bigInteger('cancelled_at');
    t.check('monthly_cents >= 0', [], 'allocation_prices_not_negative');
    t.check('applied_at is null or cancelled_at is null', [], 'allocation_prices_one_end');
  });
  await db.raw(
    'create unique index allocation_prices_one_ahead on allocation_prices (allocation_id) where applied_at is null and cancelled_at is null',
  );
  // Versions that are stored stay readable: they get what a policy says from here on.
  for (const { id, document } of await db('policy_versions').select('id', 'document')) {
    const whole = { priceNoticeDays: NOTICE, ...JSON.parse(document) };
    await db('policy_versions')
      .where({ id })
      .update({ document: JSON.stringify(whole) });
  }
}

export async function down(db: Knex): Promise<void> {
  for (const { id, document } of await db('policy_versions').select('id', 'document')) {
    const { priceNoticeDays: _, ...before } = JSON.parse(document);
    await db('policy_versions')
      .where({ id })
      .update({ document: JSON.stringify(before) });
  }
  await db.schema.dropTable('allocation_prices');
}
