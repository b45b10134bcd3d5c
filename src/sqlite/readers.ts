// SQLite has one writer, and its readers need not wait for it: selects outside a transaction have connections of their own.
import sqlite3 from 'sqlite3';
import { answeringAtOnce, type Database } from './at-once.ts';
import { type Connection, keepStatements } from './statements.ts';
import { mayAnswerAtOnce } from './turns.ts';

/** Connections that selects go over, without the pool, which has but the one that writes. */
export type Readers = {
  /** The first of them answers what is short at once; the others take turns with what is not. */
  readonly connection: Pick<Connection, 'all'>;
  /** Closes them when what they were asked is answered. */
  close(): Promise<void>;
};

/** Those with a thread: as many as a small machine has cores. */
const READERS = 2;

/** Refuses to write: a statement that was taken for a read fails instead of passing the writer. */
const PRAGMAS = ['PRAGMA query_only=ON', 'PRAGMA busy_timeout=5000', 'PRAGMA trusted_schema=OFF'].join(';');

/** Opens connections that read `filename`, a database in WAL mode. Throws the driver's error where one cannot be opened. */
export async function openReaders(filename: string): Promise<Readers> {
  const [first, ...threads] = await Promise.all(Array.from({ length: 1 + READERS }, () => open(filename)));
  const atOnce = answeringAtOnce(first as Database);
  for (const one of threads) keepStatements(asConnection(one));
  let turn = 0;
  return {
    connection: {
      all(sql, bindings, done) {
        if (mayAnswerAtOnce() && atOnce.read(sql, bindings, done)) return;
        turn = (turn + 1) % threads.length;
        asConnection(threads[turn] as Database).all(sql, bindings, done);
      },
    },
    close: async () => {
      atOnce.forget();
      await Promise.all([first as Database, ...threads].map((one) => closed(asConnection(one))));
    },
  };
}

const asConnection = (database: Database) => database as unknown as Connection;

/** Not opened as read-only: the last connection to close moves what the log holds into the file. */
async function open(filename: string): Promise<Database> {
  const database = await new Promise<Database>((resolve, reject) => {
    const opened = new sqlite3.Database(filename, (error: Error | null) => (error ? reject(error) : resolve(opened)));
  });
  await done((answer) => database.exec(PRAGMAS, answer));
  return database;
}

const closed = (connection: Connection): Promise<void> => done((answer) => connection.close(answer));

const done = (ask: (answer: (error: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => ask((error) => (error ? reject(error) : resolve())));
