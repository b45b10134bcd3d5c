import type { Knex } from 'knex';

/** A plan by a table of hourly limits spends its cap hour by hour. Until now only SendGrid's table was one of these. */
export async function up(db: Knex): Promise<void> {
  await db.raw('alter table warmups add column by_hour boolean not null default false');
  await db('warmups').where({ schedule: 'sendgrid' }).update({ by_hour: true });
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table warmups drop column by_hour');
}
