import ava, { type ExecutionContext } from 'ava';
import sqlite3 from 'sqlite3';
import { openDatabase } from '../../src/database.ts';
import { answeringAtOnce, type Database } from '../../src/sqlite/at-once.ts';
import { folder } from '../support/process.ts';

const LONG =
  'with recursive n (i) as (select 1 union all select i + 1 from n where i < ?) select count(*) as count from n';

async function atOnce(t: ExecutionContext) {
  const connection = await new Promise<Database>((resolve, reject) => {
    const opened = new sqlite3.Database(':memory:', (error: Error | null) => (error ? reject(error) : resolve(opened)));
  });
  const reads = answeringAtOnce(connection);
  t.teardown(async () => {
    reads.forget();
    await connection.close();
  });
  return {
    connection,
    /** The rows that were answered at once; undefined where they were not. */
    rowsOf(sql: string, bindings: unknown[]): unknown[] | undefined {
      let found: unknown[] | undefined;
      reads.read(sql, bindings, (error, rows) => {
        if (error) throw error;
        found = rows as unknown[];
      });
      return found;
    },
  };
}

ava('a short read is answered at once, as often as it is asked', async (t) => {
  const reads = await atOnce(t);
  for (let run = 0; run < 2_000; run += 1) t.deepEqual(reads.rowsOf(LONG, [100]), [{ count: 100 }]);
});

ava('a read that takes long is given up, and left to a thread for a while', async (t) => {
  const reads = await atOnce(t);
  t.is(reads.rowsOf(LONG, [1_000_000_000]), undefined);
  t.is(reads.rowsOf(LONG, [100]), undefined, 'it may be long again');
  t.deepEqual(reads.rowsOf(LONG.replace('count(*)', 'max(i)'), [100]), [{ count: 100 }], 'others are not concerned');
  let runs = 1;
  while (reads.rowsOf(LONG, [100]) === undefined) runs += 1;
  t.is(runs, 50);
});

ava('a read that fails says why, and others are answered after it', async (t) => {
  const reads = await atOnce(t);
  const error = t.throws(() => reads.rowsOf('select * from nowhere', []));
  t.like(error, { message: 'SQLITE_ERROR: no such table: nowhere', code: 'SQLITE_ERROR' });
  t.deepEqual(reads.rowsOf('select ? as one', ['x']), [{ one: 'x' }]);
});

ava('a read that is given up inside a transaction takes nothing with it', async (t) => {
  const { connection, rowsOf } = await atOnce(t);
  await connection.exec('create table names (name text); begin immediate');
  await connection.run("insert into names values ('Ash')");
  const crossed =
    'select count(*) as count from names as a, (with recursive n (i) as (select 1 union all select i + 1 from n where i < ?) select i from n)';
  t.is(rowsOf(crossed, [1_000_000_000]), undefined);
  t.deepEqual(rowsOf('select name from names', []), [{ name: 'Ash' }]);
  await connection.exec('commit');
  t.deepEqual(await connection.all('select name from names'), [{ name: 'Ash' }]);
});

ava('more statements than are kept do no harm', async (t) => {
  const reads = await atOnce(t);
  for (let n = 0; n < 1_000; n += 1) t.deepEqual(reads.rowsOf(`select ${n % 400} as n`, []), [{ n: n % 400 }]);
});

ava('while a long read runs, others are answered', async (t) => {
  const db = await openDatabase(`${folder(t)}/long.sqlite`);
  t.teardown(() => db.destroy());
  await db.schema.createTable('names', (table) => table.integer('id'));
  await db('names').insert({ id: 7 });
  const order: string[] = [];
  const long = db
    .withRecursive('n', ['i'], db.raw('select 1 union all select i + 1 from n where i < 3000000'))
    .from('n')
    .count({ count: '*' })
    .then((rows) => order.push(`long ${rows[0]?.count}`));
  for (let n = 0; n < 20; n += 1) order.push(`short ${(await db('names').first('id')).id}`);
  await long;
  t.deepEqual(order, [...Array<string>(20).fill('short 7'), 'long 3000000']);
});
