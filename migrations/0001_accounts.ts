import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('accounts', (t) => {
    t.increments('id');
    t.text('name').notNullable();
    t.text('plan').notNullable();
    t.text('region');
    t.bigInteger('created_at').notNullable();
  });
  await db.schema.createTable('people', (t) => {
    t.increments('id');
    t.integer('account_id').references('accounts.id').index();
    t.text('account_role').checkIn(['admin', 'billing', 'member']);
    t.text('staff_role').checkIn(['reviewer', 'admin']).index();
    t.text('email').notNullable().unique();
    t.text('name').notNullable();
    t.text('password_hash').notNullable();
    t.text('time_zone').notNullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('disabled_at');
    t.check('(account_id is null) = (account_role is null)', [], 'people_account_has_role');
    t.check('account_id is not null or staff_role is not null', [], 'people_belong_somewhere');
    t.check('email = lower(email)', [], 'people_email_lower');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('people');
  await db.schema.dropTable('accounts');
}
