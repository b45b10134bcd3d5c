import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.renameTable('warmups', 'old_warmups');
  await db.schema.createTable('warmups', (t) => {
    t.increments('id');
    t.integer('allocation_id').notNullable();
    t.text('status').notNullable();
    t.text('schedule').notNullable();
    t.text('clock').notNullable();
    t.integer('target_per_day').notNullable();
    t.integer('starts_on').notNullable();
    t.text('caps').notNullable();
    // The stage in force, from 1; before the start it is the first to come.
    t.integer('stage').notNullable().defaultTo(1);
    // What is left of the stage's cap while weak signals or a hold last, in hundredths.
    t.integer('cap_percent').notNullable().defaultTo(100);
    // Messages a day to providers that put mail off: {"gmail": 600}.
    t.text('slowed').notNullable().defaultTo('{}');
    t.integer('idle_days').notNullable().defaultTo(0);
    // The first day that is not judged yet.
    t.integer('next_day').notNullable();
    // Rates are of days from here on: what was sent before a pause, a step back or a cold start is judged.
    t.integer('judged_from').notNullable();
    // The verdict of the last judged day, and why, for the lists.
    t.text('verdict');
    t.text('why');
    // Completing early: who proposed it, when; the reason is the event's message. A second person agrees.
    t.integer('early_by');
    t.bigInteger('early_at');
    t.bigInteger('completed_at');
    // For whoever keeps a copy of what goes where.
    t.bigInteger('changed_at').notNullable().index();
    t.foreign('allocation_id', 'warmups_of_allocation').references('allocations.id');
    t.foreign('early_by', 'warmups_early_by').references('people.id');
    t.unique(['allocation_id'], { indexName: 'warmups_one_for_each' });
    t.index(['status', 'next_day', 'id'], 'warmups_due');
    t.check("status in ('planned', 'running', 'paused', 'complete')", [], 'warmups_status');
    t.check("clock in ('progress', 'calendar')", [], 'warmups_clock');
    t.check("(status = 'complete') = (completed_at is not null)", [], 'warmups_complete_has_end');
    t.check('stage >= 1 and cap_percent between 1 and 100 and idle_days >= 0', [], 'warmups_in_range');
    t.check('(early_by is null) = (early_at is null)', [], 'warmups_early_by_somebody');
  });
  // A plan that ran by the calendar stands where the calendar had it.
  await db.raw(`insert into warmups (id, allocation_id, status, schedule, clock, target_per_day, starts_on, caps,
      stage, next_day, judged_from, completed_at, changed_at)
    select w.id, w.allocation_id,
      case when w.status = 'complete' then 'complete' when w.starts_on > t.day then 'planned' else 'running' end,
      w.schedule, 'progress', w.target_per_day, w.starts_on, w.caps,
      case when w.status = 'complete' or t.day - w.starts_on >= w.stages then w.stages
        when t.day < w.starts_on then 1 else t.day - w.starts_on + 1 end,
      case when t.day < w.starts_on then w.starts_on else t.day end,
      case when t.day < w.starts_on then w.starts_on else t.day end,
      w.completed_at, ${Date.now()}
    from (select o.*, length(o.caps) - length(replace(o.caps, ',', '')) + 1 as stages from old_warmups o) as w
    cross join (select ${Math.floor(Date.now() / 86_400_000)} as day) as t`);
  if (db.client.config.client === 'pg') {
    await db.raw(
      "select setval(pg_get_serial_sequence('warmups', 'id'), (select coalesce(max(id), 1) from warmups), (select count(*) > 0 from warmups))",
    );
  }
  await db.schema.dropTable('old_warmups');
  // What each day came to: what the IP was allowed, what was counted, and what the plan made of it.
  await db.schema.createTable('warmup_days', (t) => {
    t.integer('warmup_id').notNullable().references('warmups.id');
    t.integer('day').notNullable();
    t.integer('stage').notNullable();
    t.integer('cap').notNullable();
    t.integer('sent').notNullable();
    t.integer('delivered').notNullable();
    t.text('verdict').notNullable();
    t.text('why').notNullable();
    t.primary(['warmup_id', 'day']);
    t.check("verdict in ('advance', 'hold', 'step-back', 'pause', 'complete')", [], 'warmup_days_verdict');
    t.check('cap >= 0 and sent >= 0 and delivered between 0 and sent', [], 'warmup_days_in_range');
  });
  await db.schema.alterTable('people', (t) => {
    // Whether they get the weekly mail about warm-ups, and for which week (its Monday) they got the last.
    t.boolean('weekly_progress').notNullable().defaultTo(true);
    t.integer('progress_told').notNullable().defaultTo(0);
  });
}

export async function down(db: Knex): Promise<void> {
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  for (const column of ['weekly_progress', 'progress_told'])
    await db.raw('alter table people drop column ??', [column]);
  await db.schema.dropTable('warmup_days');
  await db.schema.renameTable('warmups', 'new_warmups');
  await db.schema.createTable('warmups', (t) => {
    t.increments('id');
    t.integer('allocation_id').notNullable().unique().references('allocations.id');
    t.text('status').notNullable().checkIn(['running', 'complete']);
    t.text('schedule').notNullable();
    t.integer('target_per_day').notNullable();
    t.integer('starts_on').notNullable();
    t.text('caps').notNullable();
    t.bigInteger('completed_at');
    t.check("(status = 'complete') = (completed_at is not null)", [], 'warmups_complete_has_time');
  });
  await db.raw(`insert into warmups (id, allocation_id, status, schedule, target_per_day, starts_on, caps, completed_at)
    select id, allocation_id, case when status = 'complete' then 'complete' else 'running' end, schedule,
      target_per_day, starts_on, caps, completed_at from new_warmups`);
  await db.schema.dropTable('new_warmups');
}
