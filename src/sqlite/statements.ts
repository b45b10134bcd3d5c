// Keeps SQLite's statements prepared. Preparing a page's statements again each time took as long as running them.

export type Done = (this: unknown, error: Error | null, rows?: unknown) => void;
type Call = (bindings: unknown, done: Done) => void;
type Statement = { readonly all: Call; readonly run: Call; finalize(): void };
export type Way = 'all' | 'run';

/** The part of the driver's connection that statements go through. */
export type Connection = Record<Way, (sql: string, bindings: unknown, done: Done) => void> & {
  prepare(sql: string, done: (error: Error | null) => void): Statement;
  close(done: (error: Error | null) => void): void;
};

/** Statements with lists of many lengths are many; the oldest make room. */
const MOST = 300;
const COMES_AGAIN = /^(select|insert|update|delete|begin|commit|rollback)\b/i;

/** Makes `connection` prepare each statement once, for as long as it is open, and answer what it was asked before it closes. */
export function keepStatements(connection: Connection): void {
  const kept = new Map<string, Statement>();
  let asked = 0;
  let whenIdle: (() => void) | undefined;
  for (const way of ['all', 'run'] as const) {
    const once = connection[way].bind(connection);
    connection[way] = (sql, bindings, answer) => {
      asked += 1;
      const done: Done = function (error, rows) {
        asked -= 1;
        answer.call(this, error, rows);
        if (asked === 0) whenIdle?.();
      };
      const found = kept.get(sql);
      if (found) return found[way](bindings, done);
      if (!COMES_AGAIN.test(sql)) return once(sql, bindings, done);
      const made = connection.prepare(sql, (error) => {
        if (error) return done.call(made, error);
        keep(kept, sql, made);
        made[way](bindings, done);
      });
    };
  }
  const close = connection.close.bind(connection);
  connection.close = (done) => {
    whenIdle = () => {
      whenIdle = undefined;
      for (const statement of kept.values()) statement.finalize();
      kept.clear();
      close(done);
    };
    if (asked === 0) whenIdle();
  };
}

function keep(kept: Map<string, Statement>, sql: string, made: Statement): void {
  kept.get(sql)?.finalize();
  kept.set(sql, made);
  const [oldest] = kept;
  if (kept.size <= MOST || !oldest) return;
  kept.delete(oldest[0]);
  oldest[1].finalize();
}
