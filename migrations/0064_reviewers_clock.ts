import type { Knex } from 'knex';

const COLUMNS = ['clock_since', 'clock_spent', 'soon_at', 'notice', 'notice_at'] as const;
const HOUR = 3_600_000;

/** How long reviewers had a request, when a decision is due soon, and what staff are told of that. Times were of the clock until now. */
export async function up(db: Knex): Promise<void> {
  // By hand: knex would rebuild the table on SQLite, which other tables point to.
  await db.raw('alter table requests add column clock_since bigint');
  await db.raw('alter table requests add column clock_spent bigint not null default 0');
  await db.raw('alter table requests add column soon_at bigint');
  await db.raw("alter table requests add column notice text check (notice in ('soon', 'overdue', 'escalated'))");
  await db.raw('alter table requests add column notice_at bigint');
  await db.raw(`update requests set clock_since = s.since, clock_spent = s.spent from (
      select id,
        sum(case when ends is null then 0 else ends - at end) as spent,
        max(case when ends is null then at end) as since
      from (select subject_id as id, to_status, at, lead(at) over (partition by subject_id order by seq) as ends
        from audit_events where subject_type = 'request' and to_status is not null) steps
      where to_status in ('submitted', 'second_review') group by id) s
    where s.id = requests.id`);
  // What is overdue already is not news: staff are told of what falls due from now on.
  await db.raw(`update requests set clock_since = coalesce(clock_since, submitted_at), soon_at = due_at - ${2 * HOUR}
    where due_at is not null`);
  await db.raw('update requests set clock_since = null where due_at is null');
  const now = Date.now();
  await db('requests')
    .whereNotNull('due_at')
    .where('due_at', '>', now)
    .update({ notice: 'overdue', notice_at: db.ref('due_at') });
  await db('requests')
    .where('soon_at', '>', now)
    .update({ notice: 'soon', notice_at: db.ref('soon_at') });
  await db.raw('create index requests_noticed on requests (notice_at, id) where notice_at is not null');
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index requests_noticed');
  for (const column of COLUMNS.toReversed()) await db.raw(`alter table requests drop column ${column}`);
}
