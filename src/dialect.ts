// SQL that the two engines write differently, each as one function: with database.ts the only file that asks which it is.
import type { Knex } from 'knex';
import { type Db, isPostgres } from './database.ts';

/** The rows of a statement. `bindings`: by position, or by name. */
export async function listRows<R>(
  db: Db,
  sql: string,
  bindings: readonly (string | number)[] | Readonly<Record<string, string | number>>,
): Promise<R[]> {
  const answer = await db.raw(sql, bindings as never);
  return isPostgres(db) ? answer.rows : answer;
}

/** Runs an update. Returns how many rows it changed. */
export async function countChanged(trx: Db, update: string, bindings: readonly (string | number)[]): Promise<number> {
  if (isPostgres(trx)) return (await trx.raw(update, [...bindings])).rowCount;
  await trx.raw(update, [...bindings]);
  const [row] = await trx.raw('select changes() as n');
  return row.n;
}

/**
 * The elements of a JSON list (one binding) as rows `e` with a column `value`: thousands of rows go in with one statement.
 * `e.value ->> 0` is the first of an element that is a list.
 */
export const eachInJson = (db: Db): string =>
  isPostgres(db) ? 'json_array_elements(cast(? as json)) as e(value)' : 'json_each(?) as e';

/** The whole numbers of a JSON list (one binding), as a subquery for `in` or `from`, with a column `id`. */
export const numbersInJson = (db: Db): string =>
  `(select cast(cast(e.value as text) as integer) as id from ${eachInJson(db)})`;

/** A select that returns the rows of a JSON list of lists, which is its one binding, under these names. */
export function rowsInJson(db: Db, columns: Readonly<Record<string, 'integer' | 'bigint' | 'text'>>): string {
  const fields = Object.entries(columns).map(([name, type], index) =>
    isPostgres(db)
      ? `cast(e.value ->> ${index} as ${type}) as ${name}`
      : `json_extract(e.value, '$[${index}]') as ${name}`,
  );
  return `select ${fields.join(', ')} from ${eachInJson(db)}`;
}

/** An aggregate: the rows as a JSON list of lists of these columns. */
export const asJsonList = (db: Db, columns: string): string =>
  isPostgres(db) ? `json_agg(json_build_array(${columns}))` : `json_group_array(json_array(${columns}))`;

/** An aggregate: the texts one after the other, with spaces between. */
export const asWords = (db: Db, text: string): string =>
  isPostgres(db) ? `string_agg(${text}, ' ')` : `group_concat(${text}, ' ')`;

/** The value at a path of names in a JSON document. */
export const atInJson = (db: Db, json: string, path: readonly string[]): string =>
  isPostgres(db) ? `(cast(${json} as json)#>>'{${path.join(',')}}')` : `json_extract(${json}, '$.${path.join('.')}')`;

/** The members of an object in a JSON document, as rows with `key` and `value`; the object has a name at the document's top. */
export const namedInJson = (db: Db, json: string, name: string): string =>
  isPostgres(db) ? `json_each(cast(${json} as json) -> '${name}')` : `json_each(${json}, '$.${name}')`;

/** The number of this name in a JSON document; null where the document is empty. */
export const numberInJson = (db: Db, json: string, name: string): string =>
  `cast(${atInJson(db, `nullif(${json}, '')`, [name])} as real)`;

/** The last number of a JSON list. */
export const lastInJson = (db: Db, json: string): string =>
  isPostgres(db) ? `cast(cast(${json} as json) ->> -1 as integer)` : `json_extract(${json}, '$[#-1]')`;

/**
 * How long the oldest transaction runs that has written something (milliseconds): others see its rows only once it
 * commits. 0 where none does. On SQLite it waits for the one that this process writes, as what reads does not.
 */
export async function oldestWriteMs(db: Db): Promise<number> {
  if (!isPostgres(db)) {
    await db.raw('select 1');
    return 0;
  }
  const running = `select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) * 1000 as ms
    from pg_stat_activity
    where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()`;
  const { rows } = await db.raw(running);
  return Math.ceil(Number(rows[0].ms));
}

/** Ids for `count` rows that the running transaction adds to a table. */
export async function nextIds(trx: Db, table: string, count: number): Promise<number[]> {
  if (isPostgres(trx)) {
    const sql = "select nextval(pg_get_serial_sequence(?, 'id')) as id from generate_series(1, ?)";
    const { rows } = await trx.raw(sql, [table, count]);
    return rows.map((row: { id: number }) => Number(row.id));
  }
  const [row] = await trx.raw('select seq from sqlite_sequence where name = ?', [table]);
  return Array.from({ length: count }, (_, index) => Number(row?.seq ?? 0) + 1 + index);
}

/** Adds rows by the thousand in one statement: `columns` says what type each has, `rows` their values in that order. */
export async function insertListed(
  trx: Db,
  table: string,
  columns: Readonly<Record<string, 'integer' | 'bigint' | 'text'>>,
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  const values = Object.values(columns).map((type, index) => `cast(e.value ->> ${index} as ${type})`);
  const into = `insert into ${table} (${Object.keys(columns).join(', ')})`;
  await trx.raw(`${into} select ${values.join(', ')} from ${eachInJson(trx)} where true`, [JSON.stringify(rows)]);
}

/**
 * Adds rows by the thousand in one statement, each in place of the one with the same `key`, which is the first of the
 * `columns`; `rows` have their values in that order. Columns that are not named stay as they are.
 */
export async function putListed(
  trx: Db,
  table: string,
  columns: Readonly<Record<string, 'integer' | 'bigint' | 'text'>>,
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const [key = '', ...others] = Object.keys(columns);
  const set = others.map((name) => `${name} = excluded.${name}`).join(', ');
  await trx.raw(
    `insert into ${table} (${Object.keys(columns).join(', ')}) ${rowsInJson(trx, columns)} where true
      on conflict (${key}) do update set ${set}`,
    [JSON.stringify(rows)],
  );
}

/** Narrows a query to rows whose column begins so: two comparisons byte by byte, which an index serves. */
export function beginningWith(db: Db, column: string, prefix: string): Knex.Raw {
  const compared = isPostgres(db) ? '?? collate "C"' : '??';
  return db.raw(`(${compared} >= ? and ${compared} < ?)`, [column, prefix, column, `${prefix}\u{10ffff}`]);
}

/** Orders by a column byte by byte, as the index does that serves `beginningWith`. */
export const inByteOrder = (db: Db, column: string): Knex.Raw =>
  db.raw(isPostgres(db) ? '?? collate "C"' : '??', [column]);

/** The largest of several values of a row. */
export const largestOf = (db: Db, ...values: readonly string[]): string =>
  `${isPostgres(db) ? 'greatest' : 'max'}(${values.join(', ')})`;

/** The smallest of several values of a row. */
export const smallestOf = (db: Db, ...values: readonly string[]): string =>
  `${isPostgres(db) ? 'least' : 'min'}(${values.join(', ')})`;

/**
 * Joins to each row before it the rows of a table that fit it, found by an index each time, whatever the planner thinks of
 * either's size. Ends in a `where` to which conditions can be added.
 */
export const rowsForEach = (db: Db, table: string, alias: string, fit: string): string =>
  isPostgres(db)
    ? `cross join lateral (select * from ${table} ${alias} where ${fit} offset 0) as ${alias} where true`
    : `cross join ${table} ${alias} where ${fit}`;

/** Keeps PostgreSQL from compiling the running transaction's statements, which can take longer than to run them. */
export async function uncompiled(trx: Db): Promise<void> {
  if (isPostgres(trx)) await trx.raw('set local jit = off');
}

/**
 * Runs a statement of the running transaction that passes over many rows. PostgreSQL would look up each row by itself where it
 * thinks that tables which are new to it are small.
 */
export async function inBulk(trx: Db, statement: string, bindings: Readonly<Record<string, number>>): Promise<void> {
  if (isPostgres(trx)) await trx.raw('set local enable_nestloop = off');
  await trx.raw(statement, bindings);
  if (isPostgres(trx)) await trx.raw('set local enable_nestloop = on');
}

/** Keeps which words a record's text has, for `idsOfWords`. */
export async function insertWords(trx: Db, eventId: number, words: readonly string[]): Promise<void> {
  if (isPostgres(trx)) {
    const sql = 'insert into event_words (rowid, words) values (?, array_to_tsvector(cast(? as text[])))';
    await trx.raw(sql, [eventId, words as string[]]);
  } else {
    await trx('event_words').insert({ rowid: eventId, words: words.join(' ') });
    const known = `insert or ignore into event_words_vocabulary (word) select value from ${eachInJson(trx)}`;
    await trx.raw(known, [JSON.stringify(words)]);
  }
}

type Searched = { readonly word: string; readonly isBeginning: boolean };
type Condition = { readonly sql: string; readonly bindings: (string | number)[] };

function havingOnPostgres(words: readonly Searched[]): Condition {
  const query = words.map(({ word, isBeginning }) => `'${word}'${isBeginning ? ':*' : ''}`).join(' & ');
  return { sql: 'words @@ cast(? as tsquery)', bindings: [query] };
}

/** A beginning that more words have is left to the full-text search. */
const MOST_FORMS = 100;

/** The full-text search for what begins as `?` does: for each of these words by itself, where they are not too many. */
const FORMS = `(select iif(count(*) > ${MOST_FORMS}, ?, '(' || group_concat('"' || word || '"', ' OR ') || ')') from
  (select ? as word union select word from
    (select word from event_words_vocabulary where word >= ? and word < ? order by word limit ${MOST_FORMS + 1})))`;

// Of a beginning FTS5 reads all that has it before it returns the first, also where another word leaves only a few of them or
// only the newest are wanted; of a word it reads no more than it returns.
function havingOnSqlite(words: readonly Searched[]): Condition {
  return {
    sql: `event_words match ${words.map(({ isBeginning }) => (isBeginning ? FORMS : '?')).join(" || ' AND ' || ")}`,
    bindings: words.flatMap(({ word, isBeginning }) =>
      isBeginning ? [`"${word}"*`, word, word, `${word}\u{10ffff}`] : [`"${word}"`],
    ),
  };
}

/**
 * The ids of the newest `limit` records whose text has all of these words, as a subquery with a column `event_id`. Words are
 * of letters, digits and what joins them, so that neither engine's search takes them for its signs.
 */
export function idsOfWords(db: Db, words: readonly Searched[], limit: number): Knex.QueryBuilder {
  const { sql, bindings } = isPostgres(db) ? havingOnPostgres(words) : havingOnSqlite(words);
  return db('event_words').whereRaw(sql, bindings).orderBy('rowid', 'desc').limit(limit).select('rowid as event_id');
}
