// Runs the test suite: brings up PostgreSQL, runs AVA (with the arguments given), counts honestly, cleans up.
import { spawn } from 'node:child_process';
import { migrate, openDatabase } from '../src/database.ts';
import { startPostgres } from './support/postgres.ts';

const server = startPostgres();
let output = '';
try {
  process.exitCode = await main();
} finally {
  server.stop();
}

async function main(): Promise<number> {
  const template = new URL(server.url);
  const admin = await openDatabase(server.url);
  await admin.raw('create database template_warmdesk');
  await admin.destroy();
  template.pathname = '/template_warmdesk';
  const db = await openDatabase(template.href);
  await migrate(db);
  await db.destroy();
  const code = await runAva();
  // AVA leaves its own sum of what passed out where something failed, so its lines are counted.
  const count = (pattern: RegExp) => [...output.matchAll(pattern)].length;
  const passed = count(/^\s*✔ /gm);
  const failed = count(/^\s*✘ \[fail\]/gm) + count(/^\s*(?:Uncaught exception|Unhandled rejection) in /gm);
  console.log(`\n${passed} passed, ${code === 0 ? failed : Math.max(1, failed)} failed`);
  return code === 0 && passed > 0 ? 0 : 1;
}

function runAva(): Promise<number> {
  const ava = spawn('ava', process.argv.slice(2), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TEST_POSTGRES_URL: server.url, NODE_ENV: 'test', FORCE_COLOR: '0' },
  });
  ava.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  return new Promise((done) => ava.on('close', (code) => done(code ?? 1)));
}
