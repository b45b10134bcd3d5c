import type { Knex } from 'knex';

const WITH_REVIEWER = '`reviewer_id` integer not null';
/** Without a reviewer: nothing but an approval as it was asked, against no check. */
const RULE = "reviewer_id is not null or (verdict = 'approve' and rank = 1 and failed_checks = 0)";
const OR_AUTOMATIC = `\`reviewer_id\` integer check (${RULE})`;

/** When Warmdesk looks whether it approves a request by itself (UTC milliseconds); and decisions that no reviewer made. */
export async function up(db: Knex): Promise<void> {
  await db.raw('alter table requests add column automatic_at bigint');
  await db.raw('create index requests_automatic on requests (automatic_at) where automatic_at is not null');
  if (!isPostgres(db)) return rewrite(db, WITH_REVIEWER, OR_AUTOMATIC);
  await db.raw('alter table decisions alter column reviewer_id drop not null');
  await db.raw(`alter table decisions add constraint decisions_automatic check (${RULE})`);
}

const isPostgres = (db: Knex): boolean => db.client.config.client === 'pg';

/**
 * Changes a column of the decisions. SQLite has no statement that takes a constraint away, and the table need not be remade
 * for it: its text is changed in the schema, as SQLite's manual says.
 */
async function rewrite(db: Knex, before: string, after: string): Promise<void> {
  const [{ schema_version: version }] = await db.raw('PRAGMA schema_version');
  await db.raw('PRAGMA writable_schema=ON');
  const changed = await db('sqlite_master')
    .where({ type: 'table', name: 'decisions' })
    .where('sql', 'like', `%${before}%`)
    .update({ sql: db.raw('replace(sql, ?, ?)', [before, after]) });
  await db.raw(`PRAGMA schema_version=${Number(version) + 1}`);
  await db.raw('PRAGMA writable_schema=OFF');
  if (changed !== 1) throw new Error('the column decisions.reviewer_id was not found');
}

export async function down(db: Knex): Promise<void> {
  await db('decisions').whereNull('reviewer_id').delete();
  if (isPostgres(db)) {
    await db.raw('alter table decisions drop constraint decisions_automatic');
    await db.raw('alter table decisions alter column reviewer_id set not null');
  } else await rewrite(db, OR_AUTOMATIC, WITH_REVIEWER);
  await db.raw('drop index requests_automatic');
  await db.raw('alter table requests drop column automatic_at');
}
