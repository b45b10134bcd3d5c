// Runs the test suite: brings up PostgreSQL, runs AVA (with the arguments given), counts honestly, cleans up.
// TEST_SEED repeats a run's order and drawn values. With CI set, a part that cannot run is a failure.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '../src/database.ts';
import { missingParts } from './support/parts.ts';
import { startPostgres, type ThrowAwayServer } from './support/postgres.ts';

const seed = process.env.TEST_SEED ?? String(randomInt(2 ** 31));
const notRun = missingParts();
// Each test file leaves its name here while it runs, under its process (`support/running.ts`).
const running = mkdtempSync(join(tmpdir(), 'warmdesk-running-'));
const MINUTE_MS = 60_000;
// The longest, the browser's walk over all pages, takes eight minutes on a busy machine.
const FILE_MINUTES = 25;
let output = '';

const server = startOrTell();
try {
  process.exitCode = await main();
} finally {
  server?.stop();
  rmSync(running, { recursive: true, force: true });
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
  const code = await runAva();
  // AVA leaves its own sum of what passed out where something failed, so its lines are counted.
  const count = (pattern: RegExp) => [...output.matchAll(pattern)].length;
  const passed = count(/^\s*✔ /gm);
  const skipped = count(/^\s*- \[skip\] /gm);
  const seen =
    count(/^\s*✘ \[fail\]/gm) + count(/^\s*(?:Uncaught exception in|Unhandled rejection in|✘ \S+ exited due to) /gm);
  const failed = (code === 0 ? seen : Math.max(1, seen)) + (process.env.CI ? notRun.length : 0);
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

function runAva(): Promise<number> {
  const without = notRun.flatMap(({ titles }) => (titles === undefined ? [] : ['--match', `!${titles}`]));
  const ava = spawn('ava', [...without, ...process.argv.slice(2)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: {
      ...process.env,
      ...(server ? { TEST_POSTGRES_URL: server.url } : {}),
      TEST_SEED: seed,
      TEST_RUNNING: running,
      TEST_LEAVE_OUT: notRun.map(({ files }) => files ?? '').join(' '),
      NODE_ENV: 'test',
      FORCE_COLOR: '0',
    },
  });
  const looking = setInterval(endHung, MINUTE_MS);
  ava.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => endAll(ava, signal));
  // Not `close`: a process that a test left behind may hold AVA's output open for ever. What AVA wrote last is read first.
  return new Promise((done) =>
    ava.on('exit', (code, signal) => {
      clearInterval(looking);
      if (signal) console.log(`\nAVA was ended by ${signal}: what it had not run yet is not counted.`);
      setTimeout(() => {
        endAll(ava, 'SIGKILL');
        ava.stdout.destroy();
        done(code ?? 1);
      }, 1000);
    }),
  );
}

/** Ends a test file that has run for too long, and says which: AVA's own limit looks at all files together. */
function endHung(): void {
  for (const pid of readdirSync(running)) {
    const mark = join(running, pid);
    if (Date.now() - statSync(mark).mtimeMs < FILE_MINUTES * MINUTE_MS) continue;
    console.log(`\nENDED after ${FILE_MINUTES} minutes: ${readFileSync(mark, 'utf8')}`);
    rmSync(mark);
    signal(Number(pid), 'SIGKILL');
  }
}

/** AVA leads a group of its own, so that what its files started ends with it. */
function endAll({ pid }: ChildProcess, name: NodeJS.Signals): void {
  signal(-Number(pid), name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
