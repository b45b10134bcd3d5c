// The database has no room, or goes away and comes back: pages say so, nothing half done, and all is well again afterwards.
import { setTimeout as pause } from 'node:timers/promises';
import ava from 'ava';
import { isAway, isFull, openDatabase } from '../../src/database.ts';
import * as make from '../support/make.ts';
import { createWorld, MINUTE, type World } from '../support/world.ts';

const ready = async (world: World) => {
  const answer = await fetch(`${world.url}/readyz`);
  return { status: answer.status, ...((await answer.json()) as { ok: boolean; disk?: string }) };
};

ava('a full disk answers 507 with a sentence, is not ready for a while, and recovers by itself', async (t) => {
  const world = await createWorld(t);
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  t.like(await ready(world), { status: 200, ok: true, disk: 'ok' });
  const [{ page_count: pages }] = await world.db.raw('PRAGMA page_count');
  await world.db.raw(`PRAGMA max_page_count = ${pages}`);
  const name = 'Ada '.repeat(20).trim();
  const profile = () => visitor.post('/profile', { name, timeZone: 'UTC' });
  let answer = await profile();
  // What is free in pages that are there already goes first.
  for (let tries = 0; answer.status === 303 && tries < 2_000; tries += 1)
    answer = await visitor.post('/profile', { name: `${name} ${tries}`, timeZone: 'UTC' });
  t.is(answer.status, 507);
  t.regex(answer.text, /The disk on which we keep it is full, so what you sent was not stored/);
  t.like(await ready(world), { status: 503, ok: false, disk: 'full' });
  await world.db.raw('PRAGMA max_page_count = 1073741823');
  t.is((await profile()).status, 303);
  world.now += MINUTE;
  t.like(await ready(world), { status: 200, ok: true, disk: 'ok' });
});

ava('PostgreSQL that ends its connections, as at a restart, is told as 503 and never as a fault of ours', async (t) => {
  const world = await createWorld(t, 'PostgreSQL');
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  const admin = await openDatabase(world.databaseUrl);
  t.teardown(() => admin.destroy());
  const statuses: number[] = [];
  let over = false;
  const asking = Array.from({ length: 8 }, async () => {
    while (!over) statuses.push((await visitor.get('/requests')).status);
  });
  for (let round = 0; round < 40; round += 1) {
    const others = 'pid <> pg_backend_pid() and datname = current_database()';
    await admin.raw(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);
    await pause(20);
  }
  over = true;
  await Promise.all(asking);
  t.deepEqual(
    [...new Set(statuses)].filter((status) => status !== 200 && status !== 503),
    [],
    world.logLines
      .filter((line) => line.includes('request failed'))
      .join('\n')
      .slice(0, 2_000),
  );
  t.true(statuses.includes(503), 'some were hit');
  t.is((await visitor.get('/requests')).status, 200);
});

ava('what the drivers say of a database that is away is known, with a code and without', (t) => {
  for (const code of ['57P01', '57P03', '08006', 'ECONNREFUSED', 'ECONNRESET', '53300', 'SQLITE_BUSY'])
    t.true(isAway(Object.assign(new Error('x'), { code })), code);
  for (const words of [
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
  ])
    t.true(isAway(new Error(words)), words);
  for (const error of [new Error('request 7 has no evidence'), Object.assign(new Error('x'), { code: '23505' }), null])
    t.false(isAway(error));
  t.true(isFull(Object.assign(new Error('x'), { code: '53100' })));
});
