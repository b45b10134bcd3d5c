// Short reads are answered on the thread that asks: the way to one of the driver's threads and back takes several times as long
// as most statements themselves. What turns out to be long is given up after a millisecond or two, and left to a thread.
import sqlite3 from 'sqlite3';

export type Database = InstanceType<typeof sqlite3.Database>;

export type AtOnce = {
  /** The rows of a select; undefined where it is not short, or fails: then a thread answers, or says why not. */
  rowsOf(sql: string, bindings: unknown): unknown[] | undefined;
  close(): Promise<void>;
};

/** Instructions of SQLite's virtual machine, which takes 20 to 40 ns for one. */
const MOST_STEPS = 50_000;

/** Runs that are left to a thread after one that was too long: with other values it may be short again. */
const RUNS_APART = 50;

/** One instruction of a full-text search reads all that has a word. */
const HAS_LONG_INSTRUCTIONS = /\bmatch \?/;

/** Statements with lists of many lengths are many; the oldest make room. */
const MOST_KEPT = 300;

type Kept = { readonly statement: ReturnType<Database['prepareSync']>; runsApart: number };

/** Makes a connection answer short reads at once. Nothing else may use it: it has to be idle. */
export function answeringAtOnce(connection: Database): AtOnce {
  const kept = new Map<string, Kept>();
  // Cancelled from the start, it ends each statement when it is first looked at: after that many instructions.
  connection.cancellationToken({ period: MOST_STEPS }).cancel();
  const keep = (sql: string): Kept => {
    const made = {
      statement: connection.prepareSync(sql),
      runsApart: HAS_LONG_INSTRUCTIONS.test(sql) ? Number.POSITIVE_INFINITY : 0,
    };
    kept.set(sql, made);
    const [oldest] = kept;
    if (kept.size > MOST_KEPT && oldest) {
      kept.delete(oldest[0]);
      oldest[1].statement.finalize();
    }
    return made;
  };
  return {
    rowsOf(sql, bindings) {
      let one: Kept | undefined;
      try {
        one = kept.get(sql) ?? keep(sql);
        if (one.runsApart > 0) {
          one.runsApart -= 1;
          return undefined;
        }
        // Instructions are counted on from run to run.
        one.statement.status(sqlite3.STMTSTATUS_VM_STEP, true);
        return one.statement.allSync(bindings as never);
      } catch {
        if (one) one.runsApart = RUNS_APART;
        return undefined;
      }
    },
    close: async () => {
      for (const { statement } of kept.values()) statement.finalize();
      kept.clear();
      await new Promise<void>((resolve, reject) =>
        connection.close((error: Error | null) => (error ? reject(error) : resolve())),
      );
    },
  };
}
