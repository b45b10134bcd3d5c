// `npm run test:upgrade`: the released version fills a database with its demo, then this version takes it over, on both
// engines. `npm run test:upgrade -- COMMIT` begins with another version. Needs git with the history. The released code runs
// with today's libraries, which are newer.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { openDatabase } from '../src/database.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { Visitor } from '../test/support/visitor.ts';

/** Version 0.1.0. */
const RELEASED = 'aa8043cb0be144fa15dfb3fb84de366014b6131c';
/** Tables to which rows are only added, and what no version may change of the others. */
const KEPT = {
  audit_events: ['id', 'name', 'facts', 'actor_id', 'at'],
  decisions: ['id', 'request_id', 'reviewer_id', 'verdict', 'seen'],
  requests: ['id', 'account_id', 'requester_id', 'kind'],
  allocations: ['id', 'account_id', 'ip_id', 'monthly_cents', 'allocated_at'],
  people: ['id', 'email', 'password_hash'],
} as const;
const PAGES = [
  ['owner@acme.example', ['/', '/requests', '/ips', '/domains', '/profile']],
  ['reviewer@warmdesk.example', ['/review', '/warm-ups', '/customers', '/mail', '/inventory']],
] as const;

type Desk = { readonly home: string; readonly stop: () => Promise<void> };

const today = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'warmdesk-upgrade-'));
const server = startPostgres();
try {
  const released = layReleased(process.argv[2] ?? RELEASED);
  for (const url of [join(work, 'desk.sqlite'), server.url]) await upgrade(released, url);
} finally {
  server.stop();
  rmSync(work, { recursive: true, force: true });
}

/** The released code in a folder of its own, with the libraries that are here. */
function layReleased(commit: string): string {
  const folder = join(work, 'released');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  const archive = execFileSync('git', ['archive', commit], { cwd: today, maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const library = (name: string, below = today) => join(below, 'node_modules', name);
  const own = ['knex', 'sqlite3'];
  for (const name of readdirSync(library('')))
    if (!own.includes(name)) symlinkSync(library(name), library(name, folder));
  // The released code lets knex load the driver, which was CommonJS then.
  cpSync(library('knex'), library('knex', folder), { recursive: true });
  mkdirSync(library('sqlite3', folder));
  writeFileSync(
    join(library('sqlite3', folder), 'index.js'),
    `module.exports = require(${JSON.stringify(library('sqlite3'))}).default;`,
  );
  return folder;
}

async function upgrade(released: string, url: string): Promise<void> {
  const engine = url.startsWith('postgres') ? 'PostgreSQL' : 'SQLite';
  const before = await start(released, url);
  await before.stop();
  const then = await read(url);
  for (const [table, rows] of Object.entries(then)) {
    console.log(`${engine}: ${rows.length} rows in ${table}`);
    if (rows.length === 0) throw new Error(`the released demo has nothing in ${table}`);
  }
  const after = await start(today, url);
  for (const [email, pages] of PAGES) {
    const visitor = new Visitor(after.home);
    const form = await visitor.get('/sign-in');
    await visitor.submit(form, '/sign-in', { email, password: 'warmdesk-demo' });
    for (const page of pages) {
      const { status, text } = await visitor.get(page);
      if (status !== 200) throw new Error(`${engine}: ${email} gets ${status} at ${page}: ${text.slice(0, 300)}`);
    }
    console.log(`${engine}: ${email} sees ${pages.join(' ')}`);
  }
  await after.stop();
  const now = await read(url);
  for (const [table, rows] of Object.entries(then)) {
    const ids = new Set(rows.map(({ id }) => id));
    const same = (now[table] ?? []).filter(({ id }) => ids.has(id));
    if (!isDeepStrictEqual(same, rows)) throw new Error(`${engine}: what was in ${table} is not as it was`);
  }
  execFileSync(process.execPath, ['src/cli/check-data.ts'], { cwd: today, env: settings(url), stdio: 'inherit' });
  console.log(`${engine}: nothing was lost, and the data is sound`);
}

async function read(url: string): Promise<Record<string, { readonly id: unknown }[]>> {
  const db = await openDatabase(url);
  try {
    const found: Record<string, { readonly id: unknown }[]> = {};
    for (const [table, columns] of Object.entries(KEPT)) found[table] = await db(table).select(columns).orderBy('id');
    return found;
  } finally {
    await db.destroy();
  }
}

function settings(url: string) {
  return { PATH: process.env.PATH, HOME: work, PORT: '0', NODE_ENV: 'development', DATABASE_URL: url };
}

/** Starts a version on the database. Throws where it ends before it listens. */
async function start(folder: string, url: string): Promise<Desk> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: folder,
    env: settings(url),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const { msg, port } = line.startsWith('{') ? JSON.parse(line) : {};
    if (!String(msg).startsWith('Warmdesk listens')) continue;
    child.stdout.resume();
    const home = `http://127.0.0.1:${port}`;
    // The first release said that it listens a moment before it heard signals.
    await new Visitor(home).get('/sign-in');
    return { home, stop: () => stop(child) };
  }
  throw new Error(`${folder} did not start:\n${said.join('\n')}`);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await ended;
  if (code !== 0) throw new Error(`it ended with ${code}`);
}
