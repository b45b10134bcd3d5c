import type { Knex } from 'knex';

const AT_ONCE = 1_000;

/** The words of what was written about requests, by the record that it belongs to: messages are found by them. */
export async function up(db: Knex): Promise<void> {
  await (isPostgres(db) ? onPostgres(db) : onSqlite(db));
  await fill(db);
}

const isPostgres = (db: Knex): boolean => db.client.config.client === 'pg';

async function onPostgres(db: Knex): Promise<void> {
  // Called as SQLite calls it.
  await db.raw(
    'create table event_words (rowid integer primary key references audit_events (id), words tsvector not null)',
  );
  await db.raw('create index event_words_words on event_words using gin (words)');
}

/** Words come ready for comparing, so the tokenizer only has to part them at spaces. Texts are kept elsewhere. */
const onSqlite = (db: Knex) =>
  db.raw(
    `create virtual table event_words using fts5(words, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '.@-_:'")`,
  );

async function fill(db: Knex): Promise<void> {
  for (let after = 0; ; ) {
    const texts: { id: number; text: string }[] = await db('audit_events as e')
      .leftJoin('messages as m', 'm.event_id', 'e.id')
      .leftJoin('requests as r', (join) =>
        join.on('r.id', 'e.subject_id').andOn('e.name', db.raw('?', ['request.submitted'])),
      )
      .where('e.subject_type', 'request')
      .where('e.id', '>', after)
      .whereRaw('(m.body is not null or r.id is not null)')
      .orderBy('e.id')
      .limit(AT_ONCE)
      .select(
        'e.id',
        db.raw(
          "coalesce(m.body, '') || ' ' || coalesce(r.sends, '') || ' ' || coalesce(r.signup, '') || ' ' || coalesce(r.samples, '') as text",
        ),
      );
    const last = texts.at(-1);
    if (!last) return;
    await insert(
      db,
      texts.map(({ id, text }) => [id, wordsOf(text)]),
    );
    after = last.id;
  }
}

async function insert(db: Knex, rows: readonly (readonly [number, string[]])[]): Promise<void> {
  if (isPostgres(db)) {
    await db.raw(
      `insert into event_words (rowid, words)
        select cast(e.value ->> 0 as integer), array_to_tsvector(array(select json_array_elements_text(e.value -> 1)))
        from json_array_elements(cast(? as json)) as e(value)`,
      [JSON.stringify(rows)],
    );
    return;
  }
  const spaced = rows.map(([id, words]) => [id, words.join(' ')]);
  await db.raw(
    "insert into event_words (rowid, words) select json_extract(e.value, '$[0]'), json_extract(e.value, '$[1]') from json_each(?) as e",
    [JSON.stringify(spaced)],
  );
}

// As the program has it now (src/audit/words.ts).
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/gu;
const RUN = /[\p{L}\p{N}]+(?:[.@_:-][\p{L}\p{N}]+)*/gu;
const PARTS = 8;
const LENGTH = 64;

const folded = (text: string): string =>
  text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase();

const joined = (parts: readonly string[]): string =>
  Array.from(parts.join('').replace(/[.@_:-]$/u, ''))
    .slice(0, LENGTH)
    .join('');

function wordsOf(text: string): string[] {
  const runs = (folded(text).replace(UNSPACED, ' $& ').match(RUN) ?? []).flatMap((run) => {
    const parts = run.split(/(?<=[.@_:-])/u);
    return Array.from({ length: Math.ceil(parts.length / PARTS) }, (_, nth) =>
      parts.slice(nth * PARTS, (nth + 1) * PARTS),
    );
  });
  return [
    ...new Set(runs.flatMap((parts) => parts.flatMap((part, index) => [joined(parts.slice(index)), joined([part])]))),
  ];
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table event_words');
}
