// Short statements are answered on the thread that asks: the way to one of the driver's threads and back takes several times as
// long as most statements themselves. A read that turns out to be long is given up after a millisecond or two, and left to a thread.
import sqlite3 from 'sqlite3';
import type { Done, Way } from './statements.ts';

export type Database = InstanceType<typeof sqlite3.Database>;

/** A connection that answers at once; false: it did not, so a thread has to. */
export type AtOnce = {
  /** Answers a select. False where it is not short, or has to wait. */
  read(sql: string, bindings: unknown, done: Done): boolean;
  /** Writes, however long that takes: a write that is given up takes its whole transaction with it. */
  write(way: Way, sql: string, bindings: unknown, done: Done): boolean;
  /** Lets go of its statements, so that the connection can be closed. */
  forget(): void;
};

/** Instructions of SQLite's virtual machine, which takes 20 to 40 ns for one. */
const MOST_STEPS = 50_000;

/** Runs that are left to a thread after one that was too long: with other values it may be short again. */
const RUNS_APART = 50;

/** One instruction of a full-text search reads all that has a word. */
const HAS_LONG_INSTRUCTIONS = /\bmatch [?(]/;

/** Statements with lists of many lengths are many; the oldest make room. */
const MOST_KEPT = 300;

type Statement = ReturnType<Database['prepareSync']>;
type Kept = { readonly statement: Statement; runsApart: number };

/** Makes a connection answer at once, whenever nothing else is under way on it. */
export function answeringAtOnce(connection: Database): AtOnce {
  const kept = new Map<string, Kept>();
  // While it is 1, each statement ends when it is first looked at: after that many instructions.
  const isGivenUp = new Int32Array(connection.cancellationToken({ period: MOST_STEPS }).buffer);
  const shortRows = (statement: Statement, bindings: unknown): unknown[] => {
    // Instructions are counted on from run to run.
    statement.status(sqlite3.STMTSTATUS_VM_STEP, true);
    isGivenUp[0] = 1;
    try {
      return statement.allSync(bindings as never);
    } finally {
      isGivenUp[0] = 0;
    }
  };
  return {
    read(sql, bindings, done) {
      let one: Kept | undefined;
      let rows: unknown[];
      try {
        one = keptIn(kept, sql, connection);
        if (one.runsApart > 0) {
          one.runsApart -= 1;
          return false;
        }
        rows = shortRows(one.statement, bindings);
      } catch (error) {
        if (!didNotBegin(error) && !isLeft(error)) return told(done, error);
        if (one) one.runsApart = RUNS_APART;
        return false;
      }
      done.call(undefined, null, rows);
      return true;
    },
    write(way, sql, bindings, done) {
      let rows: unknown[] | undefined;
      let changed: Pick<Statement, 'lastID' | 'changes'>;
      try {
        const { statement } = keptIn(kept, sql, connection);
        if (way === 'all') rows = statement.allSync(bindings as never);
        else statement.runSync(bindings as never);
        // Before its next run, which may come before anybody looks.
        changed = { lastID: statement.lastID, changes: statement.changes };
      } catch (error) {
        return didNotBegin(error) ? false : told(done, error);
      }
      done.call(changed, null, rows);
      return true;
    },
    forget() {
      for (const { statement } of kept.values()) statement.finalize();
      kept.clear();
    },
  };
}

function keptIn(kept: Map<string, Kept>, sql: string, connection: Database): Kept {
  const found = kept.get(sql);
  if (found) return found;
  const statement = connection.prepareSync(sql);
  const made = { statement, runsApart: HAS_LONG_INSTRUCTIONS.test(sql) ? Number.POSITIVE_INFINITY : 0 };
  kept.set(sql, made);
  const [oldest] = kept;
  if (kept.size > MOST_KEPT && oldest) {
    kept.delete(oldest[0]);
    oldest[1].statement.finalize();
  }
  return made;
}

const codeOf = (error: unknown): unknown => (error as { primaryCode?: unknown }).primaryCode;

/** Whether something else is under way, or a value cannot be bound: SQLite had no part in it. */
const didNotBegin = (error: unknown): boolean => codeOf(error) === undefined && !(error instanceof RangeError);

/** Whether a read was given up, or has to wait for another process. */
const isLeft = (error: unknown): boolean => ['SQLITE_INTERRUPT', 'SQLITE_BUSY'].includes(String(codeOf(error)));

function told(done: Done, error: unknown): true {
  done.call(undefined, error as Error);
  return true;
}
