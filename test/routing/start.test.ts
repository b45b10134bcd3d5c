// The router says in one sentence what it cannot start with.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { folder } from '../support/process.ts';
import { createWorld } from '../support/world.ts';

const run = (settings: Record<string, string>, ...args: string[]) => {
  const env = { PATH: process.env.PATH ?? '', ...settings };
  const { status, stderr } = spawnSync(process.execPath, ['src/cli/router.ts', ...args], { env, encoding: 'utf8' });
  return { status, said: stderr.trim() };
};

test('it says which port it needs, and that one is taken', async (t) => {
  const { databaseUrl: DATABASE_URL } = await createWorld(t);
  t.deepEqual(run({ DATABASE_URL }).status, 1);
  t.regex(run({ DATABASE_URL }).said, /^Say at least one of --policy PORT/);
  t.regex(run({ DATABASE_URL }, '--policy', 'ten').said, /^--policy: ten is not a port/);
  t.regex(run({ DATABASE_URL }, '--polcy', '1').said, /--polcy/);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  t.regex(run({ DATABASE_URL }, '--policy', String(port)).said, new RegExp(`^--policy ${port}: .*EADDRINUSE`));
  taken.close();
});

test('it says that the database is not ready, or not there, or that the policy is wrong', async (t) => {
  const { databaseUrl } = await createWorld(t);
  const empty = join(folder(t), 'empty.sqlite');
  t.is(run({ DATABASE_URL: empty }, '--policy', '0').said, `There is no database ${empty}.`);
  writeFileSync(empty, '');
  t.regex(run({ DATABASE_URL: empty }, '--policy', '0').said, /^The database lacks 0001_accounts/);
  const away = 'postgres://nobody:secret@127.0.0.1:9/none';
  const { status, said } = run({ DATABASE_URL: away }, '--policy', '0');
  t.is(status, 1);
  t.regex(said, /^The database postgres:\/\/nobody@127\.0\.0\.1:9\/none cannot be used/);
  t.notRegex(said, /secret/);
  t.regex(
    run({ DATABASE_URL: databaseUrl, POLICY: '/none.json' }, '--policy', '0').said,
    /^The policy cannot be used:/,
  );
});
