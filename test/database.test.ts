import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ava from 'ava';
import { readConfig } from '../src/config.ts';
import { type Db, migrate, openDatabase } from '../src/database.ts';
import { keptSecret } from '../src/secret.ts';
import { onBothEngines } from './support/world.ts';

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

ava('the secret that is made stands beside the database, however its file is named', (t) => {
  const file = join(folderOf(t), 'warmdesk.sqlite');
  t.is(keptSecret(`sqlite://${file}`), keptSecret(file));
});
