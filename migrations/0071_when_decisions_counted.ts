import type { Knex } from 'knex';

/**
 * When a decision counted, and how long reviewers had had the request by then. It stays with the decision, so that the month
 * in which it was made keeps it when the request is appealed or looked at again.
 */
export async function up(db: Knex): Promise<void> {
  // By hand: knex would rebuild the table on SQLite.
  await db.raw('alter table decisions add column decided_at bigint');
  await db.raw('alter table decisions add column clock_spent bigint');
  await db.raw(`update decisions set decided_at = (select e.at from audit_events e where e.id = decisions.event_id
    and e.to_status in ('fulfilled', 'waitlisted', 'offered', 'declined'))`);
  await db.raw('create index decisions_void on decisions (request_id) where void_at is not null');
  // An approval that needed two counts from the second one on. In two statements, as each has an index.
  const second = `select min(s.decided_at) from decisions s
    where s.request_id = decisions.request_id and s.rank = 2 and s.id > decisions.id`;
  await db.raw(`update decisions set decided_at = (${second} and s.void_at is null)
    where decided_at is null and rank = 1 and void_at is null`);
  await db.raw(`update decisions set decided_at = (${second} and s.void_at = decisions.void_at)
    where decided_at is null and rank = 1 and void_at is not null`);
  // Of what is void, nobody knows how long it took.
  await db.raw(`update decisions set clock_spent = (select r.clock_spent from requests r where r.id = decisions.request_id)
    where decided_at is not null and void_at is null`);
  await db.raw('create index decisions_decided on decisions (decided_at) where decided_at is not null');
}

export async function down(db: Knex): Promise<void> {
  for (const index of ['decisions_void', 'decisions_decided']) await db.raw(`drop index ${index}`);
  for (const column of ['clock_spent', 'decided_at']) await db.raw(`alter table decisions drop column ${column}`);
}
