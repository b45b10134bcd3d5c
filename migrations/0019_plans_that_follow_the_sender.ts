import type { Knex } from 'knex';

const isPg = (db: Knex): boolean => db.client.config.client === 'pg';

/** What a stage allows, of a plan's list: `stage` from 1. */
const capAt = (db: Knex, caps: string, stage: string): string =>
  isPg(db)
    ? `cast(cast(${caps} as json) ->> (${stage} - 1) as integer)`
    : `json_extract(${caps}, '$[' || (${stage} - 1) || ']')`;

const VERDICTS = ['advance', 'hold', 'not-yet', 'step-back', 'pause', 'complete'];

const COUNTS_FROM = { value: 0.1, rule: 'own choice' };

/** A day counts from any mail on: what stored policies say of that is taken out, or put back. */
async function changePolicies(db: Knex, change: (warmup: Record<string, unknown>) => unknown): Promise<void> {
  for (const { id, document } of await db('policy_versions').select('id', 'document')) {
    const policy = JSON.parse(document);
    if (policy.warmup === undefined) continue;
    await db('policy_versions')
      .where({ id })
      .update({ document: JSON.stringify({ ...policy, warmup: change(policy.warmup) }) });
  }
}

export async function up(db: Knex): Promise<void> {
  await changePolicies(db, ({ countsFrom: _, ...warmup }) => warmup);
  await db.schema.alterTable('warmups', (t) => {
    // The day on which the plan was forecast to be complete.
    t.integer('finishes_on').notNullable().defaultTo(0);
    // How the domains that use the IP usually mail, this IP's part, as JSON; empty: every day alike.
    t.text('pattern').notNullable().defaultTo('');
    // The day for which the pattern was learned.
    t.integer('learned_on').notNullable().defaultTo(0);
    // Messages delivered at the stage in force, and the largest volume of one day of this plan.
    t.integer('progress').notNullable().defaultTo(0);
    t.integer('carried').notNullable().defaultTo(0);
    t.integer('stage_since').notNullable().defaultTo(0);
    // The last day on which the IP carried all that it might.
    t.integer('limited_on').notNullable().defaultTo(0);
    // Of a completed IP: what its busiest day carried lately.
    t.integer('warmed_to');
    // Whether it was warm before, so that there are no least days.
    t.boolean('is_again').notNullable().defaultTo(false);
    // The day on which people were told that it stands still, or that a warm IP wants a look.
    t.integer('told_on');
  });
  const today = Math.floor(Date.now() / 86_400_000);
  // A plan keeps its level: what its stage allows today it goes on to allow.
  await db.raw(`update warmups set
    finishes_on = starts_on + length(caps) - length(replace(caps, ',', '')),
    carried = (${capAt(db, 'caps', 'stage')} * 9 + 19) / 20,
    stage_since = case when next_day > starts_on then next_day else starts_on end,
    limited_on = case when next_day > starts_on then next_day - 1 else starts_on - 1 end`);
  // What carried mail for a while is warmed to that, and to no less than its plan's target.
  await db.raw(`update warmups set next_day = ${today}, warmed_to = target_per_day where status = 'complete'`);
  await db.raw(`update warmups set warmed_to = x.most from (
      select w.id, max(d.sent) as most from warmups w join allocations a on a.id = w.allocation_id
      join (select ip_id, day, sum(delivered) as sent from sending_counts
        where ip_id > 0 and day >= ${today - 30} group by ip_id, day) as d on d.ip_id = a.ip_id
      where w.status = 'complete' group by w.id) as x
    where x.id = warmups.id and x.most > warmups.warmed_to`);
  await remakeDays(db, VERDICTS, (t) => {
    // What the stage allowed before anything was cut.
    t.integer('stage_cap').notNullable();
  });
  await db.raw(`insert into warmup_days (warmup_id, day, stage, stage_cap, cap, sent, delivered, verdict, why)
    select d.warmup_id, d.day, d.stage, ${capAt(db, 'w.caps', 'd.stage')}, d.cap, d.sent, d.delivered, d.verdict, d.why
    from old_warmup_days d join warmups w on w.id = d.warmup_id`);
  await db.schema.dropTable('old_warmup_days');
}

const DROPPED = [
  'finishes_on',
  'pattern',
  'learned_on',
  'progress',
  'carried',
  'stage_since',
  'limited_on',
  'warmed_to',
  'is_again',
  'told_on',
];

export async function down(db: Knex): Promise<void> {
  await changePolicies(db, ({ warm: _, ...warmup }) => ({ ...warmup, countsFrom: COUNTS_FROM }));
  await remakeDays(
    db,
    VERDICTS.filter((verdict) => verdict !== 'not-yet'),
    () => {},
  );
  await db.raw(`insert into warmup_days (warmup_id, day, stage, cap, sent, delivered, verdict, why)
    select warmup_id, day, stage, cap, sent, delivered, case when verdict = 'not-yet' then 'hold' else verdict end, why
    from old_warmup_days`);
  await db.schema.dropTable('old_warmup_days');
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  for (const column of DROPPED) await db.raw('alter table warmups drop column ??', [column]);
}

/** Puts the days aside as `old_warmup_days` and makes their table again. */
async function remakeDays(
  db: Knex,
  verdicts: readonly string[],
  more: (t: Knex.CreateTableBuilder) => void,
): Promise<void> {
  await db.schema.renameTable('warmup_days', 'old_warmup_days');
  // The names of what is put aside would be in the way.
  if (isPg(db))
    for (const name of [
      'warmup_days_pkey',
      'warmup_days_verdict',
      'warmup_days_in_range',
      'warmup_days_warmup_id_foreign',
    ])
      await db.raw(`alter table old_warmup_days rename constraint ${name} to old_${name}`);
  await db.schema.createTable('warmup_days', (t) => {
    t.integer('warmup_id').notNullable().references('warmups.id');
    t.integer('day').notNullable();
    t.integer('stage').notNullable();
    more(t);
    t.integer('cap').notNullable();
    t.integer('sent').notNullable();
    t.integer('delivered').notNullable();
    t.text('verdict').notNullable();
    t.text('why').notNullable();
    t.primary(['warmup_id', 'day']);
    t.check(`verdict in (${verdicts.map((one) => `'${one}'`).join(', ')})`, [], 'warmup_days_verdict');
    t.check('cap >= 0 and sent >= 0 and delivered between 0 and sent', [], 'warmup_days_in_range');
  });
}
