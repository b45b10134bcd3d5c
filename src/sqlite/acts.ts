// The short statements of a transaction are answered at once, as short reads outside of one are. What begins and ends it goes
// over a thread: it waits for other processes and for the disk.
import { answeringAtOnce, type Database } from './at-once.ts';
import type { Connection, Done } from './statements.ts';
import { mayAnswerAtOnce } from './turns.ts';

const BEGINS = /^begin immediate\b/i;
const ENDS = /^(commit|rollback)\b/i;
const READS = /^select\b/i;

const BY_ID = '`id` (?:= \\?|in \\(\\?(?:, \\?){0,99}\\))';
const COLUMN_IS = '`\\w+` (?:= \\?|is null)';
/**
 * Writes that take no longer where more is stored, as nothing may give them up: of rows that the statement itself carries, and of
 * rows that it names by their ids. Others may change many rows.
 */
const BOUNDED = [
  /^insert into `\w+` \([^()]*\) values \(/,
  /^insert into `\w+` \([^()]*\) select \? as (?!.*\bfrom\b)/s,
  /^insert into \w+ \([^()]*\) select (?!.*\bselect\b).* from json_each\(\?\) as e where true$/s,
  new RegExp(
    `^update \`\\w+\` set (?!.*\\bselect\\b).* where (?:${COLUMN_IS} and )*${BY_ID}(?: and ${COLUMN_IS})*(?: returning [^()]+)?$`,
    's',
  ),
];
/** Characters of a statement with its longest value: many rows take more. */
const LONGEST = 5_000;

/** Whether a write may be answered at once. */
export const isBounded = (sql: string, bindings: unknown): boolean =>
  sql.length < LONGEST && BOUNDED.some((form) => form.test(sql)) && !isLong(bindings);

const isLong = (bindings: unknown): boolean =>
  Array.isArray(bindings) && bindings.some((value) => typeof value === 'string' && value.length > LONGEST);

/** Makes a connection answer what is short inside its transactions at once. */
export function answerActsAtOnce(connection: Connection, database: Database): void {
  const atOnce = answeringAtOnce(database);
  let [isOpen, underWay] = [false, 0];
  for (const way of ['all', 'run'] as const) {
    const onThread = connection[way].bind(connection);
    connection[way] = (sql, bindings, done) => {
      const answer: Done = function (error, rows) {
        // SQLite may have ended the transaction by itself, and a write outside of one waits for others.
        if (error) isOpen = false;
        done.call(this, error, rows);
      };
      if (isOpen && underWay === 0 && mayAnswerAtOnce()) {
        if (READS.test(sql) && atOnce.read(sql, bindings, answer)) return;
        if (isBounded(sql, bindings) && atOnce.write(way, sql, bindings, answer)) return;
      }
      if (ENDS.test(sql)) isOpen = false;
      underWay += 1;
      onThread(sql, bindings, function (error, rows) {
        underWay -= 1;
        if (BEGINS.test(sql)) isOpen = !error;
        answer.call(this, error, rows);
      });
    };
  }
  const close = connection.close.bind(connection);
  connection.close = (done) => {
    atOnce.forget();
    close(done);
  };
}
