// SQLite has one writer, and its readers need not wait for it: selects outside a transaction have connections of their own.
import sqlite3 from 'sqlite3';
import { type Connection, keepStatements } from './statements.ts';

/** Connections that selects take in turn, without the pool, which has but the one that writes. */
export type Readers = {
  next(): Connection;
  /** Closes them when what they were asked is answered. */
  close(): Promise<void>;
};

/** As many as a small machine has cores. */
const READERS = 2;

/** Refuses to write: a statement that was taken for a read fails instead of passing the writer. */
const PRAGMAS = ['PRAGMA query_only=ON', 'PRAGMA busy_timeout=5000', 'PRAGMA trusted_schema=OFF'].join(';');

/** Opens connections that read `filename`, a database in WAL mode. Throws the driver's error where one cannot be opened. */
export async function openReaders(filename: string): Promise<Readers> {
  const all = await Promise.all(Array.from({ length: READERS }, () => open(filename)));
  let turn = 0;
  return {
    next: () => {
      turn = (turn + 1) % all.length;
      return all[turn] as Connection;
    },
    close: async () => {
      await Promise.all(all.map(closed));
    },
  };
}

type Opened = Connection & { exec(sql: string, done: (error: Error | null) => void): void };

/** Not opened as read-only: the last connection to close moves what the log holds into the file. */
async function open(filename: string): Promise<Connection> {
  const connection = await new Promise<Opened>((resolve, reject) => {
    const opened = new sqlite3.Database(filename, (error: Error | null) =>
      error ? reject(error) : resolve(opened as unknown as Opened),
    );
  });
  await done((answer) => connection.exec(PRAGMAS, answer));
  keepStatements(connection);
  return connection;
}

const closed = (connection: Connection): Promise<void> => done((answer) => connection.close(answer));

const done = (ask: (answer: (error: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => ask((error) => (error ? reject(error) : resolve())));
