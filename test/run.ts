// Runs the test suite: brings up PostgreSQL, runs AVA (with the arguments given), counts honestly, cleans up.
// TEST_SEED repeats a run's order and drawn values. With CI set, a part that cannot run is a failure.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { migrate, openDatabase } from '../src/database.ts';
import { signal, Watch } from './support/hung.ts';
import { missingParts } from './support/parts.ts';
import { startPostgres, type ThrowAwayServer } from './support/postgres.ts';

const seed = process.env.TEST_SEED ?? String(randomInt(2 ** 31));
const notRun = missingParts();
const watch = new Watch();
let output = '';

const server = startOrTell();
try {
  process.exitCode = await main();
} finally {
  server?.stop();
  watch.stop();
}

function startOrTell(): ThrowAwayServer | null {
  try {
    return startPostgres();
  } catch (error) {
    const why = String((error as Error).message).split('\n')[0] ?? '';
    notRun.push({ what: 'every test on PostgreSQL', titles: '*PostgreSQL*', why });
    return null;
  }
}

async function main(): Promise<number> {
  if (server) await makeTemplate(server.url);
  const code = await runAva(process.argv.slice(2));
  // AVA leaves its own sum of what passed out where something failed, so its lines are counted.
  const count = (pattern: RegExp) => [...output.matchAll(pattern)].length;
  const passed = count(/^\s*✔ /gm);
  const skipped = count(/^\s*- \[skip\] /gm);
  const seen = count(/^\s*(?:✘ \[fail\]|Uncaught exception in |Unhandled rejection in |✘ \S+ exited due to )/gm);
  const unseen = code === 0 || seen > 0 ? 0 : 1;
  const failed = seen + unseen - (await passedAgain()) + (process.env.CI ? notRun.length : 0);
  console.log(`\nSeed ${seed}: TEST_SEED=${seed} npm test repeats this order and the values drawn.`);
  if (notRun.length > 0) console.log(`\nNOT RUN on this machine, ${notRun.length} of the suite's parts:`);
  for (const { what, files, why } of notRun) console.log(`  ✘ ${files ? `${what}, ${files}` : what}: ${why}`);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** A migrated database, which tests copy. */
async function makeTemplate(url: string): Promise<void> {
  const template = new URL(url);
  const admin = await openDatabase(url);
  await admin.raw('create database template_warmdesk');
  await admin.destroy();
  template.pathname = '/template_warmdesk';
  const db = await openDatabase(template.href);
  await migrate(db);
  await db.destroy();
}

/**
 * How many of the files that hung pass when each runs again, with the machine for itself. Their tests are not counted once
 * more, and the run says which they were.
 */
async function passedAgain(): Promise<number> {
  const hung = [...watch.ended];
  let passed = 0;
  for (const file of hung) {
    console.log(`\n${file} hung and runs again:`);
    const isFine = (await runAva([file])) === 0;
    passed += isFine ? 1 : 0;
    console.log(`\n${file} hung, and ${isFine ? 'passed' : 'failed'} when it ran again.`);
  }
  return passed;
}

function runAva(args: readonly string[]): Promise<number> {
  const without = notRun.flatMap(({ titles }) => (titles === undefined ? [] : ['--match', `!${titles}`]));
  const ava = spawn('ava', [...without, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: {
      ...process.env,
      ...(server ? { TEST_POSTGRES_URL: server.url } : {}),
      TEST_SEED: seed,
      TEST_RUNNING: watch.folder,
      TEST_LEAVE_OUT: notRun.map(({ files }) => files ?? '').join(' '),
      NODE_ENV: 'test',
      FORCE_COLOR: '0',
    },
  });
  // It leads a group of its own, so that what its files started ends with it.
  const endAll = (name: NodeJS.Signals) => signal(-Number(ava.pid), name);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, endAll);
  ava.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  // Not `close`: a process that a test left behind may hold AVA's output open for ever. What AVA wrote last is read first.
  return new Promise((done) =>
    ava.on('exit', (code, by) => {
      if (by) console.log(`\nAVA was ended by ${by}: what it had not run yet is not counted.`);
      setTimeout(() => {
        endAll('SIGKILL');
        ava.stdout.destroy();
        done(code ?? 1);
      }, 1000);
    }),
  );
}
