import type { Knex } from 'knex';

/**
 * Which words texts have, each once: a beginning that somebody looks for is searched as the words that begin so. PostgreSQL
 * needs none.
 */
export async function up(db: Knex): Promise<void> {
  if (isPostgres(db)) return;
  await db.raw('create table event_words_vocabulary (word text not null primary key) without rowid');
  await db.raw("create virtual table temp.words_read using fts5vocab('main', 'event_words', 'row')");
  await db.raw('insert into event_words_vocabulary (word) select term from temp.words_read');
  await db.raw('drop table temp.words_read');
}

const isPostgres = (db: Knex): boolean => db.client.config.client === 'pg';

export async function down(db: Knex): Promise<void> {
  if (!isPostgres(db)) await db.raw('drop table event_words_vocabulary');
}
