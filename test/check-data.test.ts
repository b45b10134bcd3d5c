import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import test from 'ava';
import { checkData, invariants } from '../src/invariants/store.ts';
import { FAULTS, REFUSED, type Scene } from './support/faults.ts';
import { acmeWithIp, inTransactionalPool } from './support/scene.ts';
import { createWorld, type World } from './support/world.ts';

async function sceneIn(world: World): Promise<Scene> {
  const scene = await acmeWithIp(world);
  const pool = await inTransactionalPool(world, scene.acme, scene.staff.reviewer);
  return { ...scene, poolRequest: pool.requestId, poolDomain: pool.domain.id };
}

for (const { no, must } of invariants) {
  const fault = FAULTS[no];
  if (!fault || (no in REFUSED && !['I03', 'I30', 'I70'].includes(no))) continue;
  test(`${no}: check-data tells where it does not hold that ${must}`, async (t) => {
    const world = await createWorld(t);
    const scene = await sceneIn(world);
    t.deepEqual(await checkData(world.db, world.now), []);
    await fault(world.db, scene, world);
    const lines = await checkData(world.db, world.now);
    t.true(
      lines.some((line) => line.startsWith(`${no} `) && line.endsWith(`: ${must}`)),
      lines.join('\n'),
    );
  });
}

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  test(`I74: check-data tells of a proposal that outlives its warm-up, or is by somebody who isn't staff (${engine})`, async (t) => {
    const world = await createWorld(t, engine);
    const { warmupId, staff, acme } = await sceneIn(world);
    const broken = async () => (await checkData(world.db, world.now)).filter((line) => line.startsWith('I74 '));
    const propose = (by: number, status: string) =>
      world
        .db('warmups')
        .where({ id: warmupId })
        .update({ status, early_by: by, early_at: 1, completed_at: status === 'complete' ? 2 : null });
    for (const status of ['running', 'paused']) {
      await propose(staff.reviewer.id, status);
      t.deepEqual(await broken(), [], status);
    }
    for (const status of ['complete', 'planned']) {
      await propose(staff.reviewer.id, status);
      t.is((await broken()).length, 1, status);
    }
    await propose(acme.member.id, 'running');
    t.is((await broken()).length, 1);
    await world.db('people').where({ id: staff.reviewer.id }).update({ account_id: acme.id, account_role: 'member' });
    await propose(staff.reviewer.id, 'running');
    t.is((await broken()).length, 1, 'staff of that account');
  });

  for (const [no, fault] of Object.entries(REFUSED)) {
    test(`${no} cannot be broken: the database refuses it (${engine})`, async (t) => {
      const world = await createWorld(t, engine);
      const scene = await sceneIn(world);
      await t.throwsAsync(async () => fault(world.db, scene, world), { message: /unique/i });
    });
  }
}

test('PostgreSQL finds the same faults', async (t) => {
  const world = await createWorld(t, 'PostgreSQL');
  const scene = await sceneIn(world);
  t.deepEqual(await checkData(world.db, world.now), []);
  for (const no of ['I71', 'I72', 'I74', 'I76', 'I73', 'I02', 'I05', 'I15', 'I20', 'I32', 'I42', 'I61', 'I77']) {
    await FAULTS[no]?.(world.db, scene, world);
    const lines = await checkData(world.db, world.now);
    t.true(
      lines.some((line) => line.startsWith(`${no} `)),
      `${no}: ${lines.join('\n')}`,
    );
  }
});

test('every invariant has a number of its own and a fault that shows it', (t) => {
  const numbers = invariants.map(({ no }) => no);
  t.is(new Set(numbers).size, numbers.length);
  t.deepEqual(
    numbers.filter((no) => !(no in FAULTS) && !(no in REFUSED)),
    [],
  );
});

test('npm run check-data prints a line for each fault and fails, and is silent where all is well', async (t) => {
  const world = await createWorld(t);
  const { requestId } = await sceneIn(world);
  const run = () =>
    spawnSync('node', ['src/cli/check-data.ts'], { env: { ...process.env, DATABASE_URL: world.databaseUrl } });
  const clean = run();
  t.deepEqual([clean.status, clean.stdout.toString()], [0, '']);
  await world.db('requests').where({ id: requestId }).update({ version: 7 });
  const broken = run();
  t.is(broken.status, 1);
  t.regex(broken.stdout.toString(), new RegExp(`^I27 request ${requestId}: the version`));
});

test('npm run check-data says in one sentence why a database cannot be checked, and makes none', async (t) => {
  const run = (url: string) =>
    spawnSync('node', ['src/cli/check-data.ts'], { env: { ...process.env, DATABASE_URL: url } });
  const world = await createWorld(t);
  const nowhere = `${world.databaseUrl}.not-there`;
  const missing = run(nowhere);
  t.deepEqual([missing.status, missing.stderr.toString()], [2, `There is no database ${nowhere}.\n`]);
  t.false(existsSync(nowhere));
  t.is(
    run('mysql://host/db').stderr.toString(),
    'DATABASE_URL: must be a file, or postgres://user:password@host/name\n',
  );
  await world.db('knex_migrations').where({ name: '0008_ips.ts' }).delete();
  const old = run(world.databaseUrl);
  t.deepEqual([old.status, old.stderr.toString()], [2, 'The database lacks 0008_ips.ts: start Warmdesk on it once.\n']);
});
