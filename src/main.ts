import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { countPeople, findPersonByEmail } from './accounts/store.ts';
import { createApp } from './app.ts';
import { prepareFolder } from './attachments/folder.ts';
import { startBackgroundJobs } from './background-jobs.ts';
import { type Config, readConfig } from './config.ts';
import { type Db, isDiskFault, migrate, openDatabase, sqliteFile, withoutPassword } from './database.ts';
import type { Deps } from './deps.ts';
import { openResolver } from './dns/resolver.ts';
import { changing, Installation } from './installation.ts';
import { lastRequests } from './last-requests.ts';
import { createLog, type Log } from './log.ts';
import { createMail } from './mail.ts';
import { loadPolicy, policyPath } from './policy/document/load.ts';
import type { Result } from './result.ts';
import { stopRouting } from './routing/routes.ts';
import { keptSecret } from './secret.ts';
import { onSignal } from './signals.ts';
import { isSoundNode, SOUND_NODES } from './sound-node.ts';

/** A setting, a file or a server that Warmdesk cannot start without is not as it should be. */
class CannotStart extends Error {}

const LONGEST_STOP_MS = 10_000;
/** Longer than a proxy keeps an idle connection (nginx: 60 s): it must not send a request on one that is just being closed. */
const IDLE_MS = 75_000;
const DEMO_PEOPLE =
  'sign in as owner@acme.example (customer), reviewer@warmdesk.example or admin@warmdesk.example (staff), password warmdesk-demo';

try {
  await start();
} catch (error) {
  if (!(error instanceof CannotStart)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const config = configOf(process.env);
  const log = createLog(config.logLevel);
  // A policy that the settings name is looked at before anything else is touched.
  if (config.isPolicySet) refusePolicy(loadPolicy(policyPath(config.policy)));
  const db = await openDatabase(config.databaseUrl).catch(cannotStart);
  endOnDiskFault(db, log);
  const ran = await migrate(db).catch(cannotStart);
  const now = Date.now;
  const since = config.demo ? await beforeTheDemo(db, now()) : now();
  const installation = refusePolicy(await Installation.open(db, config, since));
  const sessionSecret = config.sessionSecret ?? keptSecretOf(config.databaseUrl);
  await prepareFolder(config.attachmentsDir).catch((error: Error) => cannotStart(noFolder(error)));
  const dns = openResolver(config.dnsServers);
  const fixed = { db, config, log, dns, now, sessionSecret, passwordMemory: 19_456 };
  const deps: Deps = Object.defineProperties(changing(installation), Object.getOwnPropertyDescriptors(fixed)) as Deps;
  const demo = config.demo ? await hasDemo(deps) : false;
  const mail = createMail(deps);
  const fault = await mail.check();
  if (fault?.stop) throw new CannotStart(fault.sentence);
  const signIn = await signInLine(db, demo);
  const server = await listen(deps);
  const jobs = startBackgroundJobs(deps, mail.sender);
  // Before anybody can know that it listens: a signal that comes at once would end it without an answer.
  onSignal((signal) => stop(deps, server, jobs, signal));
  tell(deps, server, { ran, signIn, mailFault: fault?.sentence });
}

function refusePolicy<T>(read: Result<T, string[]>): T {
  if (read.ok) return read.value;
  throw new CannotStart(['The policy cannot be used:', ...read.problem].join('\n'));
}

function cannotStart(error: Error): never {
  throw new CannotStart(error.message);
}

function configOf(env: NodeJS.ProcessEnv): Config {
  const read = readConfig(env);
  if (!read.ok) throw new CannotStart(['Settings that Warmdesk cannot start with:', ...read.problem].join('\n'));
  return read.value;
}

/** After a failed write to disk nothing may be acknowledged any more; a supervisor restarts it. */
function endOnDiskFault(db: Db, log: Log): void {
  db.on('query-error', (error: unknown) => {
    if (!isDiskFault(error)) return;
    log.fatal(
      { err: error },
      'the disk failed under the database; ending, so that nothing is acknowledged that is not stored',
    );
    process.exit(1);
  });
}

/** The demo's requests lie in the past, and the policy under which they were sent has to be older than they are. */
async function beforeTheDemo(db: Db, now: number): Promise<number> {
  const { policySince } = await import('../seeds/demo.ts');
  return policySince(db, now);
}

/** Fills an empty database with the demo provider; whether it is there, now or since an earlier start. The seeds are not part of the product, so they are loaded only here. */
async function hasDemo(deps: Deps): Promise<boolean> {
  const { seedDemo } = await import('../seeds/demo.ts');
  return (await seedDemo(deps)) || (await findPersonByEmail(deps.db, 'reviewer@warmdesk.example')) !== null;
}

/** Who can sign in, for the log. */
async function signInLine(db: Db, demo: boolean): Promise<string> {
  if (demo) return DEMO_PEOPLE;
  const { customers, staff } = await countPeople(db);
  if (staff === 0)
    return 'sign in: nobody of staff can yet; for the first administrator type: npm run admin -- add ADDRESS (and follow the link that it prints)';
  return `sign in: ${customers} people of customers and ${staff} of staff`;
}

function keptSecretOf(databaseUrl: string): string {
  try {
    return keptSecret(databaseUrl);
  } catch (error) {
    return cannotStart(new Error(`SESSION_SECRET: none is set, and none can be kept: ${(error as Error).message}`));
  }
}

function noFolder({ message }: Error): Error {
  return new Error(`ATTACHMENTS_DIR: attached files cannot be kept: ${message}`);
}

async function listen(deps: Deps): Promise<Server> {
  const server = createServer({ keepAliveTimeout: IDLE_MS }, createApp(deps));
  const { host, port } = deps.config;
  server.listen(port, host);
  await once(server, 'listening').catch((error: Error) => cannotStart(new Error(`PORT ${port}: ${error.message}`)));
  return server;
}

/** The start-up lines: where it listens, what it uses, who can sign in. */
function tell(
  { config, log, policy }: Deps,
  server: Server,
  state: { ran: readonly string[]; signIn: string; mailFault: string | undefined },
): void {
  const { port } = server.address() as AddressInfo;
  const engine = sqliteFile(config.databaseUrl) === null ? 'PostgreSQL' : 'SQLite';
  log.info({ url: config.baseUrl, port, host: config.host }, `Warmdesk listens: ${config.baseUrl}`);
  log.info({ engine, migrations: state.ran.length }, `database: ${engine}, ${withoutPassword(config.databaseUrl)}`);
  log.info(
    {},
    config.smtpUrl
      ? `mail: over ${new URL(config.smtpUrl).host}`
      : `mail: kept in the development mailbox, ${config.baseUrl}/mailbox`,
  );
  log.info(
    { policy: policy.name, number: policy.number },
    `policy: ${policy.document.title}, version ${policy.number}`,
  );
  log.info({}, state.signIn);
  if (state.mailFault) log.warn({}, state.mailFault);
  if (config.production && !isSoundNode(process.versions.node)) {
    log.error({ node: process.version }, `Node ${process.version} has known holes; use ${SOUND_NODES}`);
  }
}

/** Answers what was sent already, claims nothing more, closes. */
async function stop({ db, log }: Deps, server: Server, jobs: { stop(): Promise<void> }, signal: string): Promise<void> {
  log.info({ signal }, 'stopping');
  const force = setTimeout(() => server.closeAllConnections(), LONGEST_STOP_MS);
  const stopped = jobs.stop();
  await lastRequests(server, LONGEST_STOP_MS / 2);
  const closed = once(server, 'close');
  server.close();
  // A browser keeps its connection open after its answer; the stop does not wait for that.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  await Promise.all([closed, stopped]);
  clearInterval(idle);
  clearTimeout(force);
  await stopRouting(db);
  await db.destroy();
  log.info({}, 'stopped');
}
