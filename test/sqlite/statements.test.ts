import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ava, { type ExecutionContext } from 'ava';
import { isDuplicate, openDatabase } from '../../src/database.ts';

async function withNames(t: ExecutionContext) {
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-statements-'));
  const db = await openDatabase(join(folder, 'names.sqlite'));
  await db.raw('create table names (id integer primary key, name text unique)');
  t.teardown(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true });
  });
  return db;
}

ava('the same statement reads what is stored now', async (t) => {
  const db = await withNames(t);
  const names = () => db('names').orderBy('id').pluck('name');
  t.deepEqual(await names(), []);
  t.deepEqual(await db('names').insert({ name: 'Ash' }).returning('id'), [{ id: 1 }]);
  t.deepEqual(await db('names').insert({ name: 'Birch' }).returning('id'), [{ id: 2 }]);
  t.deepEqual(await names(), ['Ash', 'Birch']);
  t.is(await db('names').where({ name: 'Ash' }).update({ name: 'Elm' }), 1);
  t.is(await db('names').where({ name: 'Ash' }).update({ name: 'Elm' }), 0);
  await db.raw('alter table names add column age integer');
  t.deepEqual(await db('names').where({ id: 1 }).first(), { id: 1, name: 'Elm', age: null });
  await db.raw('alter table names drop column age');
  t.deepEqual(await db('names').where({ id: 1 }).first(), { id: 1, name: 'Elm' });
});

ava('a statement that was refused once works again', async (t) => {
  const db = await withNames(t);
  await db('names').insert({ name: 'Ash' });
  const duplicate = await t.throwsAsync(() => db.transaction((trx) => trx('names').insert({ name: 'Ash' })));
  t.true(isDuplicate(duplicate));
  await db.transaction((trx) => trx('names').insert({ name: 'Birch' }));
  t.is((await db('names')).length, 2);
});

ava('what cannot be prepared says why, each time', async (t) => {
  const db = await withNames(t);
  for (let time = 0; time < 2; time += 1) {
    await t.throwsAsync(() => db('nowhere').first(), { message: /no such table: nowhere/ });
  }
  await db.raw('create table nowhere (id integer)');
  t.is(await db('nowhere').first(), undefined);
});

ava('more statements than are kept do no harm, and the database closes', async (t) => {
  const db = await withNames(t);
  const lists = Array.from({ length: 400 }, (_, length) => Array.from({ length: length + 1 }, (_, id) => id));
  const found = await Promise.all(lists.map((ids) => db('names').whereIn('id', ids)));
  t.true(found.every((rows) => rows.length === 0));
  await t.notThrowsAsync(() => db.destroy());
});
