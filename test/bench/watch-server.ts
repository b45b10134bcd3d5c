// Loaded into a server before it starts (`node --import`), of whichever build: keeps how long its longest transaction was, from
// its begin to its end, and the longest block of its event loop. Asked by SIGUSR2, it writes them to the file WATCHED and starts again.
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

type Query = (this: object, connection: object, sql: string, ...more: unknown[]) => Promise<unknown>;

const file = process.env['WATCHED'] ?? '';
const begun = new WeakMap<object, number>();
let longest = 0;

// The class that knex itself loads, in the build that runs here.
const Transaction = createRequire(join(process.cwd(), 'package.json'))('knex/lib/execution/transaction.js');
const query: Query = Transaction.prototype.query;
Transaction.prototype.query = function (this: object, connection: object, sql: string, ...more: unknown[]) {
  const answer = query.call(this, connection, sql, ...more);
  const note = () => {
    if (/^begin/i.test(sql)) begun.set(this, performance.now());
    else if (/^(commit|rollback);?$/i.test(sql))
      longest = Math.max(longest, performance.now() - (begun.get(this) ?? Infinity));
  };
  answer.then(note, note);
  return answer;
};

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
process.on('SIGUSR2', () => {
  writeFileSync(`${file}.new`, JSON.stringify({ transactionMs: longest, blockMs: delay.max / 1e6 }));
  renameSync(`${file}.new`, file);
  longest = 0;
  delay.reset();
});
