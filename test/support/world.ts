// One test's own world: a database (either engine), the real app on a port of its own, a clock that only the test moves.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ava, { type ExecutionContext } from 'ava';
import { createApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { type Db, migrate, openDatabase } from '../../src/database.ts';
import type { Deps } from '../../src/deps.ts';
import { openResolver } from '../../src/dns/resolver.ts';
import { changing, Installation } from '../../src/installation.ts';
import { checkData } from '../../src/invariants/store.ts';
import { createLog } from '../../src/log.ts';
import { DAY, HOUR, MINUTE } from './times.ts';
import { Visitor } from './visitor.ts';

export type Engine = 'SQLite' | 'PostgreSQL';

/** Monday, 23 November 2026, 09:00 UTC. */
export const START = Date.UTC(2026, 10, 23, 9);
export { DAY, HOUR, MINUTE };

/** How long a test waits for a connection or a statement on a machine that has much else to do, milliseconds. */
const PATIENCE = 5 * MINUTE;

export class World {
  readonly db: Db;
  readonly deps: Deps;
  readonly databaseUrl: string;
  readonly logLines: string[];
  now = START;
  url = '';

  constructor(db: Db, databaseUrl: string, logLines: string[], deps: Omit<Deps, 'now'>) {
    this.db = db;
    this.databaseUrl = databaseUrl;
    this.logLines = logLines;
    this.deps = { ...deps, now: () => this.now };
  }

  /** Somebody with a browser of their own, signed out. */
  visitor(): Visitor {
    return new Visitor(this.url);
  }

  /** Somebody signed in with the password that all people of the tests have. */
  async signedIn(email: string): Promise<Visitor> {
    const visitor = this.visitor();
    const answer = await visitor.post('/sign-in', { email, password: PASSWORD });
    if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`);
    return visitor;
  }
}

/** Where nothing listens: a test that needs DNS starts its own. */
const NO_NAME_SERVER = ['127.0.0.1:9'];

export const PASSWORD = 'warmdesk-demo';

/** A test that runs on SQLite and on PostgreSQL, each time in a new world, which must hold all invariants at its end. */
export function onBothEngines(
  title: string,
  run: (t: ExecutionContext, world: World) => Promise<void>,
  settings: Record<string, string> = {},
): void {
  for (const engine of ['SQLite', 'PostgreSQL'] as const) {
    ava(`${title} (${engine})`, async (t) => {
      const world = await createWorld(t, engine, settings);
      await run(t, world);
      t.deepEqual(await checkData(world.db, world.now), [], 'check-data is silent');
    });
  }
}

/** A new world that is gone when the test ends. `settings` are environment variables. */
export async function createWorld(
  t: ExecutionContext,
  engine: Engine = 'SQLite',
  settings: Record<string, string> = {},
): Promise<World> {
  const databaseUrl = await createDatabase(t, engine);
  const db = await openDatabase(databaseUrl);
  // On a busy machine a test waits longer for a connection than anybody would for a page.
  db.client.pool.acquireTimeoutMillis = PATIENCE;
  const logLines: string[] = [];
  const log = createLog('debug', { write: (line: string) => void logLines.push(line) });
  const own = { ATTACHMENTS_DIR: emptyFolder(t, 'warmdesk-attachments-'), UNDO_SECONDS: '0' };
  const read = readConfig({ NODE_ENV: 'test', DATABASE_URL: databaseUrl, ...own, ...settings });
  if (!read.ok) throw new Error(read.problem.join('\n'));
  const config: Config = read.value;
  const opened = await Installation.open(db, config, START - 365 * DAY);
  if (!opened.ok) throw new Error(opened.problem.join('\n'));
  const installation = opened.value;
  const world = new World(db, databaseUrl, logLines, {
    db,
    config,
    log,
    dns: openResolver(config.dnsServers ?? NO_NAME_SERVER),
    ...changing(installation),
    sessionSecret: randomUUID(),
    passwordMemory: 8,
  });
  follow(world, installation);
  await listen(t, world);
  return world;
}

/** What an administrator changes is changed for the world's application too. */
function follow(world: World, installation: Installation): void {
  const reload = async (): Promise<void> => {
    await installation.reload();
    const { policy, provider, calendar, isSettingUp } = installation;
    Object.assign(world.deps, { policy, provider, calendar, isSettingUp });
  };
  Object.assign(world.deps, { reload });
}

async function listen(t: ExecutionContext, world: World): Promise<void> {
  // A busy test may be silent for long, and its next request must not meet a connection that is just being closed.
  const server = createServer({ keepAliveTimeout: 10 * MINUTE }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = { ...world.deps.config, baseUrl: world.url };
  Object.assign(world.deps, { config });
  server.on('request', createApp(world.deps));
  t.teardown(async () => {
    server.close();
    server.closeAllConnections();
    await close(world.db);
  });
}

/** Closes a database. Rejects where a transaction stays open: a test that failed within one would wait for it for ever. */
async function close(db: Db): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('a transaction was left open')), MINUTE);
  try {
    await Promise.race([db.destroy(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function createDatabase(t: ExecutionContext, engine: Engine): Promise<string> {
  return engine === 'SQLite' ? createSqlite(t) : createPostgres(t);
}

let sqliteTemplate: Promise<string> | undefined;

async function makeSqliteTemplate(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'warmdesk-template-')), 'empty.sqlite');
  const db = await openDatabase(file);
  await migrate(db);
  await db.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  await db.destroy();
  process.on('exit', () => rmSync(join(file, '..'), { recursive: true, force: true }));
  return file;
}

/** A folder that is gone when the test ends. */
function emptyFolder(t: ExecutionContext, prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function createSqlite(t: ExecutionContext): Promise<string> {
  sqliteTemplate ??= makeSqliteTemplate();
  const file = join(emptyFolder(t, 'warmdesk-test-'), 'warmdesk.sqlite');
  copyFileSync(await sqliteTemplate, file);
  return file;
}

/** A database without any table, that is gone when the test ends. Returns its address. */
export async function emptyDatabase(t: ExecutionContext, engine: Engine): Promise<string> {
  if (engine === 'PostgreSQL') return createPostgres(t, 'template0');
  return join(emptyFolder(t, 'warmdesk-test-'), 'warmdesk.sqlite');
}

async function createPostgres(t: ExecutionContext, template = 'template_warmdesk'): Promise<string> {
  const url = new URL(process.env.TEST_POSTGRES_URL ?? missing());
  for (const one of ['connectionTimeoutMillis', 'statement_timeout', 'idle_in_transaction_session_timeout'])
    url.searchParams.set(one, `${PATIENCE}`);
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const server = url.href;
  const admin = await openDatabase(server);
  await admin.raw(`create database ${name} template ${template}`);
  await admin.destroy();
  t.teardown(async () => {
    const again = await openDatabase(server);
    await again.raw(`drop database ${name} with (force)`);
    await again.destroy();
  });
  url.pathname = `/${name}`;
  return url.href;
}

function missing(): never {
  throw new Error('Run the tests with `npm test -- FILES`: it brings up the PostgreSQL that they need.');
}
