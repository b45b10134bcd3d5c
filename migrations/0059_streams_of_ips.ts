import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  // Which of its domains' mail an IP carries: all, or one kind alone where another IP of theirs carries the rest (S-05).
  await db.raw(
    "alter table allocations add column stream text not null default 'both' check (stream in ('marketing', 'transactional', 'both'))",
  );
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table allocations drop column stream');
}
