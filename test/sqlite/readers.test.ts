import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ava, { type ExecutionContext } from 'ava';
import { openDatabase } from '../../src/database.ts';
import { openReaders } from '../../src/sqlite/readers.ts';
import type { Connection } from '../../src/sqlite/statements.ts';

async function withNames(t: ExecutionContext) {
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-readers-'));
  const file = join(folder, 'names.sqlite');
  const db = await openDatabase(file);
  await db.raw('create table names (id integer primary key, name text unique)');
  t.teardown(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true });
  });
  return { db, file };
}

const run = (connection: Pick<Connection, 'all'>, sql: string): Promise<unknown> =>
  new Promise((resolve, reject) => connection.all(sql, [], (error, rows) => (error ? reject(error) : resolve(rows))));

ava('a read does not wait for a transaction that is open, and does not see what that wrote', async (t) => {
  const { db } = await withNames(t);
  const names = () => db('names').pluck('name');
  await db.transaction(async (trx) => {
    await trx('names').insert({ name: 'Ash' });
    t.deepEqual(await names(), []);
    t.deepEqual(await db('names').first(), undefined);
    t.deepEqual(await trx('names').pluck('name'), ['Ash'], 'the transaction reads what it wrote');
  });
  t.deepEqual(await names(), ['Ash']);
});

ava('a read sees what was written just before it, whichever connection it gets', async (t) => {
  const { db } = await withNames(t);
  for (let id = 1; id <= 20; id += 1) {
    await db('names').insert({ id, name: `name ${id}` });
    t.deepEqual(await db('names').where({ id }).pluck('name'), [`name ${id}`]);
  }
});

ava('many reads at once are all answered', async (t) => {
  const { db } = await withNames(t);
  await db('names').insert({ id: 1, name: 'Ash' });
  const asked = Array.from({ length: 500 }, () => db('names').where({ id: 1 }).first('name'));
  const answers = await Promise.all(asked);
  t.true(answers.every((row) => row.name === 'Ash'));
});

ava('one who reads on and on lets others have their turn', async (t) => {
  const { db } = await withNames(t);
  let [isDone, turns] = [false, 0];
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  for (let n = 0; n < 2_000; n += 1) await db('names').first('id');
  isDone = true;
  t.true(turns > 10, String(turns));
});

ava('a reading connection refuses to write', async (t) => {
  const { db, file } = await withNames(t);
  const readers = await openReaders(file);
  const refused = await t.throwsAsync(run(readers.connection, "insert into names (name) values ('Ash')"));
  t.regex(String(refused), /readonly/);
  t.deepEqual(await db('names'), []);
  await readers.close();
});

ava('an error of a read is told to those who listen for errors of the database', async (t) => {
  const { db } = await withNames(t);
  const heard: string[] = [];
  db.on('query-error', (error: Error) => heard.push(error.message));
  await t.throwsAsync(async () => db('nowhere').select());
  t.is(heard.length, 1);
  t.regex(heard[0] ?? '', /no such table: nowhere/);
});

ava('closing answers what was asked, and leaves one file', async (t) => {
  const { db, file } = await withNames(t);
  await db('names').insert({ name: 'Ash' });
  t.true(existsSync(`${file}-wal`));
  const asked = db('names').pluck('name').then();
  await db.destroy();
  t.deepEqual(await asked, ['Ash']);
  t.false(existsSync(`${file}-wal`), 'what the log held is in the file');
});
