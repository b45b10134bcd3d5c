import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ava from 'ava';
import { act } from '../src/act.ts';
import { readConfig } from '../src/config.ts';
import { type Db, migrate, openDatabase, overtaken } from '../src/database.ts';
import { keptSecret } from '../src/secret.ts';
import { createWorld, onBothEngines, type World } from './support/world.ts';

const folderOf = (t: { teardown(done: () => void): void }): string => {
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-database-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

ava('of processes that start at once on an empty PostgreSQL database one migrates, the others wait', async (t) => {
  const server = new URL(process.env.TEST_POSTGRES_URL ?? '');
  const admin = await openDatabase(server.href);
  await admin.raw('create database started_at_once');
  server.pathname = '/started_at_once';
  const processes = await Promise.all(Array.from({ length: 4 }, () => openDatabase(server.href)));
  const ran = await Promise.all(processes.map((db) => migrate(db)));
  t.deepEqual(
    ran.map((names) => names.length > 0).toSorted(),
    [false, false, false, true],
    'all of them once, by one of them',
  );
  for (const db of processes) await db.destroy();
  await admin.raw('drop database started_at_once');
  await admin.destroy();
});

onBothEngines('a process that was killed while it migrated does not keep the next from starting', async (t, world) => {
  await world.db('knex_migrations_lock').update({ is_locked: 1 });
  t.deepEqual(await migrate(world.db), []);
  t.like(await world.db('knex_migrations_lock').first(), { is_locked: 0 });
});

onBothEngines('a fault of the database is told without the values, which may be secrets', async (t, world) => {
  const fault = await t.throwsAsync(world.db('people').insert({ email: 'a@b.example', password_hash: 'opens-it-all' }));
  t.regex(fault?.message ?? '', /people/);
  world.deps.log.error({ err: fault }, 'a fault');
  t.true(world.logLines.join('').includes('a fault'));
  t.false(world.logLines.join('').includes('opens-it-all'));
});

/** Lets go once two have arrived, the first time; later ones pass at once. */
function meeting(): () => Promise<void> {
  const both = Promise.withResolvers<void>();
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === 2) both.resolve();
    return both.promise;
  };
}

const twoAccounts = async (world: World): Promise<[number, number]> => {
  const rows = ['One', 'Two'].map((name) => ({ name, plan: 'premium', created_at: 0 }));
  const [one, two] = await world.db('accounts').insert(rows).returning('id');
  return [one.id, two.id];
};

const nobody = { person: null, at: 0 };

ava('of two acts that lock each other out on PostgreSQL both are carried out', async (t) => {
  const world = await createWorld(t, 'PostgreSQL');
  const [one, two] = await twoAccounts(world);
  const met = meeting();
  let begun = 0;
  const rename = (first: number, second: number, name: string) =>
    act<void, never>(world.db, nobody, async ({ trx }) => {
      begun += 1;
      await trx('accounts').where({ id: first }).update({ name });
      await met();
      await trx('accounts').where({ id: second }).update({ name });
    });
  t.deepEqual(await Promise.all([rename(one, two, 'A'), rename(two, one, 'B')]), [
    { ok: true, value: undefined },
    { ok: true, value: undefined },
  ]);
  t.is(begun, 3, 'PostgreSQL ended one of them (40P01), and it was run again');
  t.is(new Set(await world.db('accounts').pluck('name')).size, 1);
});

ava('of two acts that PostgreSQL cannot put into an order both are carried out', async (t) => {
  const world = await createWorld(t, 'PostgreSQL');
  const [id] = await twoAccounts(world);
  await world.db('accounts').where({ id }).update({ created_at: 0 });
  const met = meeting();
  let begun = 0;
  const addOne = () =>
    act<void, never>(world.db, nobody, async ({ trx }) => {
      begun += 1;
      await trx.raw('set transaction isolation level serializable');
      const { created_at } = await trx('accounts').where({ id }).first();
      await met();
      await trx('accounts')
        .where({ id })
        .update({ created_at: created_at + 1 });
    });
  await Promise.all([addOne(), addOne()]);
  t.is(begun, 3, 'one of them failed (40001) and was run again');
  t.is((await world.db('accounts').where({ id }).first()).created_at, 2);
});

onBothEngines('an act that is overtaken is run again from its start, three times at most', async (t, world) => {
  const addUntil = (last: number) => {
    let runs = 0;
    const done = act<number, never>(world.db, nobody, async ({ trx }) => {
      runs += 1;
      await trx('accounts').insert({ name: `Run ${runs}`, plan: 'premium', created_at: 0 });
      if (runs < last) throw overtaken('another was faster');
      return runs;
    });
    return { done, runs: () => runs };
  };
  t.deepEqual(await addUntil(3).done, { ok: true, value: 3 });
  t.deepEqual(await world.db('accounts').pluck('name'), ['Run 3'], 'nothing of the runs before is left');
  const tooOften = addUntil(4);
  await t.throwsAsync(tooOften.done, { message: 'another was faster' });
  t.is(tooOften.runs(), 3);
});

onBothEngines('an act that fails in another way is run once', async (t, world) => {
  let runs = 0;
  const failing = act<void, never>(world.db, nobody, async () => {
    runs += 1;
    throw new Error('no use');
  });
  await t.throwsAsync(failing, { message: 'no use' });
  t.is(runs, 1);
});

ava('on SQLite an act holds the write lock from its start, so that it cannot fail half-way for another', async (t) => {
  const world = await createWorld(t);
  const beside = await openDatabase(world.databaseUrl);
  t.teardown(() => beside.destroy());
  await beside.raw('PRAGMA busy_timeout=0');
  let hasRead = false;
  await act<void, never>(world.db, nobody, async ({ trx }) => {
    await trx('accounts').first();
    const other = act<void, never>(beside, nobody, async ({ trx: its }) => {
      await its('accounts').first();
      hasRead = true;
    });
    await t.throwsAsync(other, { code: 'SQLITE_BUSY' });
  });
  t.false(hasRead);
});

ava('R-08: on SQLite a record cannot be replaced either', async (t) => {
  const db: Db = await openDatabase(join(folderOf(t), 'warmdesk.sqlite'));
  await migrate(db);
  const row = { id: 1, subject_type: 'domain', subject_id: 1, seq: 1, name: 'domain.added', at: 1, facts: '{}' };
  await db('audit_events').insert(row);
  const replaced = db.raw(
    "insert or replace into audit_events (id, subject_type, subject_id, seq, name, at, facts) values (1, 'domain', 1, 1, 'forged', 1, '{}')",
  );
  await t.throwsAsync(replaced, { message: /only ever added to/ });
  t.is((await db('audit_events').first()).name, 'domain.added');
  await db.destroy();
});

ava('a database that cannot be opened is told in one sentence, without a password', async (t) => {
  const file = join(folderOf(t), 'a-file');
  writeFileSync(file, 'not a database');
  for (const url of [
    file,
    join(file, 'below.sqlite'),
    'postgres://me:pass#word@host/db',
    'postgres://me:word@127.0.0.1:1/x',
  ]) {
    const fault = await t.throwsAsync(openDatabase(url));
    t.regex(fault?.message ?? '', /^The database .* cannot be used: .+$/, url);
    t.notRegex(fault?.message ?? '', /word/);
  }
});

ava('the address of another kind of database is refused, not taken for the name of a file', (t) => {
  for (const url of ['mysql://me@host/db', 'postgress://host/db', 'http://host/']) {
    t.deepEqual(readConfig({ DATABASE_URL: url }), {
      ok: false,
      problem: ['DATABASE_URL: must be a file, or postgres://user:password@host/name'],
    });
  }
  for (const url of [
    'data/x.sqlite',
    './x',
    '/var/x.sqlite',
    'sqlite://x',
    'file:x',
    'postgres://h/d',
    'postgresql://h/d',
  ]) {
    t.true(readConfig({ DATABASE_URL: url }).ok, url);
  }
});

ava('the secret that is made lies beside the database, however its file is named', (t) => {
  const file = join(folderOf(t), 'warmdesk.sqlite');
  t.is(keptSecret(`sqlite://${file}`), keptSecret(file));
});
