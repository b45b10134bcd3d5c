import type { Knex } from 'knex';

/** A check of a table that gets one more value. */
type Check = {
  readonly table: string;
  readonly name: string;
  readonly before: readonly string[];
  readonly more: string;
  /** How SQLite's schema has the values apart. */
  readonly comma: string;
};

const IPS: Check = {
  table: 'ips',
  name: 'ips_status_check',
  before: ['free', 'allocated', 'quarantined'],
  more: 'withdrawn',
  comma: ',',
};
const WARMUPS: Check = {
  table: 'warmups',
  name: 'warmups_status',
  before: ['planned', 'running', 'paused', 'complete'],
  more: 'ended',
  comma: ', ',
};

const LIVE = "('releasing', 'released')";

/** A plan that ended may have been complete before. */
const COMPLETE = {
  before: "(status = 'complete') = (completed_at is not null)",
  after: "status = 'ended' or (status = 'complete') = (completed_at is not null)",
};

export async function up(db: Knex): Promise<void> {
  await allow(db, IPS);
  await allow(db, WARMUPS);
  await replaceEnd(db, COMPLETE.before, COMPLETE.after);
  // The UTC day on which it was given back, which is the last that is charged; and when its drain ends.
  await db.raw('alter table allocations add column released_on integer');
  await db.raw('alter table allocations add column drains_until bigint');
  // Since when no domain uses it; null: one does, or it is not live.
  await db.raw('alter table allocations add column unused_since bigint');
  await db.raw('alter table ips add column quarantined_until bigint');
  // Nobody knows when these would be free: staff look at them and put them back.
  await db('ips').where({ status: 'quarantined' }).update({ status: 'withdrawn' });
  await db.raw("create index allocations_draining on allocations (drains_until) where status = 'releasing'");
  await db.raw("create index ips_resting on ips (quarantined_until) where status = 'quarantined'");
  await db.raw(`update allocations set unused_since = changed_at where status not in ${LIVE}
    and not exists (select 1 from allocation_domains l where l.allocation_id = allocations.id)`);
}

/**
 * Lets a column have one more value. SQLite has no statement that changes a check, and the table cannot be remade while
 * others refer to it, so the check's text is changed in the schema, as SQLite's manual says.
 */
const allow = (db: Knex, check: Check): Promise<void> => change(db, check, check.before, [...check.before, check.more]);

const forbid = (db: Knex, check: Check): Promise<void> =>
  change(db, check, [...check.before, check.more], check.before);

async function change(db: Knex, check: Check, from: readonly string[], to: readonly string[]): Promise<void> {
  const { table, name, comma } = check;
  const list = (values: readonly string[]): string => `in (${values.map((one) => `'${one}'`).join(comma)})`;
  if (db.client.config.client !== 'pg') return rewrite(db, table, [list(from), list(to)]);
  await db.raw('alter table ?? drop constraint ??', [table, name]);
  await db.raw(`alter table ?? add constraint ?? check (status ${list(to)})`, [table, name]);
}

async function replaceEnd(db: Knex, from: string, to: string): Promise<void> {
  if (db.client.config.client !== 'pg') return rewrite(db, 'warmups', [`check (${from})`, `check (${to})`]);
  await db.raw('alter table warmups drop constraint warmups_complete_has_end');
  await db.raw(`alter table warmups add constraint warmups_complete_has_end check (${to})`);
}

async function rewrite(db: Knex, table: string, [from, to]: readonly [string, string]): Promise<void> {
  const [{ schema_version: version }] = await db.raw('PRAGMA schema_version');
  await db.raw('PRAGMA writable_schema=ON');
  const changed = await db('sqlite_master')
    .where({ type: 'table', name: table })
    .where('sql', 'like', `%${from}%`)
    .update({ sql: db.raw('replace(sql, ?, ?)', [from, to]) });
  await db.raw(`PRAGMA schema_version=${Number(version) + 1}`);
  await db.raw('PRAGMA writable_schema=OFF');
  if (changed !== 1) throw new Error(`the check of ${table} was not found`);
}

export async function down(db: Knex): Promise<void> {
  await db('ips').where({ status: 'withdrawn' }).update({ status: 'quarantined' });
  await db('warmups')
    .where({ status: 'ended' })
    .update({ status: 'complete', completed_at: db.raw('coalesce(completed_at, changed_at)') });
  await db.raw('drop index ips_resting');
  await db.raw('drop index allocations_draining');
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  for (const column of ['released_on', 'drains_until', 'unused_since'])
    await db.raw('alter table allocations drop column ??', [column]);
  await db.raw('alter table ips drop column quarantined_until');
  await replaceEnd(db, COMPLETE.after, COMPLETE.before);
  await forbid(db, WARMUPS);
  await forbid(db, IPS);
}
