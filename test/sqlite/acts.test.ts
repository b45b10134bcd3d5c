import { setImmediate as nextTurn } from 'node:timers/promises';
import ava, { type ExecutionContext } from 'ava';
import { type Db, isDuplicate, openDatabase } from '../../src/database.ts';
import { isBounded } from '../../src/sqlite/acts.ts';
import { folder } from '../support/process.ts';

const LONG =
  'with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000000) select count(*) as n from n';

async function withNames(t: ExecutionContext) {
  const file = `${folder(t)}/names.sqlite`;
  const db = await openDatabase(file);
  t.teardown(() => db.destroy());
  await db.raw('create table names (id integer primary key, name text unique, age integer)');
  return { db, file };
}

/** How often other work had its turn while `work` was done. */
async function turnsDuring(work: () => Promise<void>): Promise<number> {
  let [isDone, turns] = [false, 0];
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}

async function readAndWrite(trx: Db, count: number): Promise<void> {
  for (let id = 1; id <= count; id += 1) {
    await trx('names').insert({ id, name: `name ${id}` });
    await trx('names').where({ id }).update({ age: id });
    await trx('names').where({ id }).first();
  }
}

// The turn is the process's: others that answer at once would use it up.
ava.serial('what is short in a transaction is answered before other work has its turn', async (t) => {
  const { db } = await withNames(t);
  await db.transaction(async (trx) => {
    const turns = await turnsDuring(() => readAndWrite(trx, 20));
    t.true(turns <= 1, String(turns));
  });
  t.is((await db('names').where({ age: 20 })).length, 1);
});

ava('a transaction that reads and writes on and on lets others have their turn', async (t) => {
  const { db } = await withNames(t);
  await db.transaction(async (trx) => {
    const turns = await turnsDuring(() => readAndWrite(trx, 1_000));
    t.true(turns > 10, String(turns));
  });
  t.is((await db('names')).length, 1_000);
});

ava('a long read in a transaction lets others have their turn, and what was written before it stays', async (t) => {
  const { db } = await withNames(t);
  await db.transaction(async (trx) => {
    await trx('names').insert({ id: 1, name: 'Ash' });
    const turns = await turnsDuring(async () => {
      const rows = await trx.select('n').from(trx.raw(`(${LONG})`));
      t.deepEqual(rows, [{ n: 2_000_000 }]);
    });
    t.true(turns > 10, String(turns));
    t.is(await trx('names').where({ id: 1 }).update({ age: 7 }), 1);
  });
  t.deepEqual(await db('names'), [{ id: 1, name: 'Ash', age: 7 }]);
});

ava('each of several statements that are asked together is told of its own rows', async (t) => {
  const { db } = await withNames(t);
  await db.transaction(async (trx) => {
    const ids = await Promise.all(['Ash', 'Birch', 'Elm'].map((name) => trx('names').insert({ name }).returning('id')));
    t.deepEqual(new Set(ids.flat().map(({ id }) => id)), new Set([1, 2, 3]));
    const changed = await Promise.all([1, 9, 2].map((id) => trx('names').where({ id }).update({ age: id })));
    t.deepEqual(changed, [1, 0, 1]);
    const inserted = await Promise.all(['Fir', 'Yew'].map((name) => trx('names').insert({ name })));
    t.deepEqual(new Set(inserted.flat()), new Set([4, 5]));
    const [long, short] = await Promise.all([trx.raw(LONG), trx('names').pluck('name')]);
    t.deepEqual([long[0].n, short.length], [2_000_000, 5]);
  });
});

ava('a write that is refused says why, and takes its transaction with it and nothing else', async (t) => {
  const { db } = await withNames(t);
  await db('names').insert({ name: 'Ash' });
  const refused = await t.throwsAsync(
    db.transaction(async (trx) => {
      await trx('names').insert({ name: 'Birch' });
      await trx('names').insert({ name: 'Ash' });
    }),
  );
  t.true(isDuplicate(refused));
  t.deepEqual(await db('names').pluck('name'), ['Ash']);
  await db.transaction((trx) => trx('names').insert({ name: 'Birch' }));
  t.deepEqual(await db('names').pluck('name'), ['Ash', 'Birch']);
});

ava('an act that goes on after a write was refused can do so', async (t) => {
  const { db } = await withNames(t);
  await db.transaction(async (trx) => {
    await trx('names').insert({ id: 1, name: 'Ash' });
    await t.throwsAsync(trx('names').insert({ id: 2, name: 'Ash' }));
    await trx('names').insert({ id: 3, name: 'Birch' });
  });
  t.deepEqual(await db('names').pluck('id'), [1, 3]);
});

ava('while another process holds the write lock, other work has its turn', async (t) => {
  const { db, file } = await withNames(t);
  const other = await openDatabase(file);
  t.teardown(() => other.destroy());
  for (const write of [
    () => db('names').insert({ name: 'Ash' }),
    () => db.transaction((trx) => trx('names').insert({ name: 'Birch' })),
  ]) {
    const held = await other.transaction();
    const waiting = Promise.resolve(write());
    for (let turns = 0; turns < 100; turns += 1) await nextTurn();
    await held.rollback();
    await waiting;
  }
  t.deepEqual(await db('names').pluck('name'), ['Ash', 'Birch']);
});

ava('writes of rows that they carry, or name by their ids, are bounded', async (t) => {
  const { db } = await withNames(t);
  const names = () => db('names');
  const listed = (list: string) =>
    db.raw('insert into names (name) select cast(e.value ->> 0 as text) from json_each(?) as e where true', [list]);
  for (const query of [
    names().insert({ name: 'Ash' }).returning('id'),
    names().insert([{ name: 'Ash' }, { name: 'Birch' }]),
    names().insert({ name: 'Ash', age: names().max('age') }),
    names().insert({ name: 'Ash' }).onConflict('name').merge(),
    names()
      .where({ id: 1 })
      .update({ age: db.raw('age + 1') }),
    names().where({ name: 'Ash', id: 1, age: null }).update({ age: 7 }).returning('id'),
    names().whereIn('id', [1, 2]).where({ age: 7 }).update({ age: 8 }),
    listed('[["Ash"]]'),
  ]) {
    const { sql, bindings } = query.toSQL();
    t.true(isBounded(sql, bindings), query.toString());
  }
});

ava('writes that may change many rows are not bounded', async (t) => {
  const { db } = await withNames(t);
  const names = () => db('names');
  const listed = (list: string) =>
    db.raw('insert into names (name) select cast(e.value ->> 0 as text) from json_each(?) as e where true', [list]);
  for (const query of [
    names().insert(Array.from({ length: 1_000 }, (_, id) => ({ id, name: `name ${id}` }))),
    names().insert(names().select('id')),
    names().where({ name: 'Ash' }).update({ age: 7 }),
    names().where({ id: 1 }).orWhere({ age: 7 }).update({ age: 8 }),
    names().whereNot({ id: 1 }).update({ age: 8 }),
    names().where('id', '>', 1).update({ age: 8 }),
    names()
      .whereIn(
        'id',
        Array.from({ length: 200 }, (_, id) => id),
      )
      .update({ age: 8 }),
    names().whereIn('id', names().select('age')).update({ age: 8 }),
    names()
      .where({ id: 1 })
      .update({ age: names().max('age') }),
    names().where({ id: 1 }).delete(),
    names().delete(),
    names().insert({ name: 'Ash'.repeat(2_000) }),
    db.raw('insert into names (name) select name from people'),
    db.raw('insert into names (name) select (select max(name) from people) from json_each(?) as e where true', ['[]']),
    listed(JSON.stringify(Array(1_000).fill(['Ash']))),
  ]) {
    const { sql, bindings } = query.toSQL();
    t.false(isBounded(sql, bindings), query.toString());
  }
});
