// `npm run router -- --policy 10040 --socketmap 10041 --http 10042 [--host 127.0.0.1]`: tells mail servers what carries
// each message.
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../config.ts';
import type { Db } from '../database.ts';
import { policyInForce } from '../installation.ts';
import { createLog, type Log } from '../log.ts';
import { Leases } from '../routing/cap-leases.ts';
import { MailToday } from '../routing/mail-today.ts';
import { policyService } from '../routing/postfix/policy-service.ts';
import { socketmap } from '../routing/postfix/socketmap.ts';
import { Router } from '../routing/router.ts';
import { type HttpParts, listenHttp } from '../routing/servers/http.ts';
import { type Listening, listen } from '../routing/servers/tcp.ts';
import { State } from '../routing/snapshot.ts';
import { listMixes } from '../routing/store-mixes.ts';
import { onSignal } from '../signals.ts';
import { openStarted } from '../started-database.ts';

const LOOK_EVERY_MS = 1_000;
/** How often the policy is looked at, and the addresses of its pools. */
const POLICY_EVERY_MS = 10_000;

/** A setting, a file or a server that the router cannot start without is not as it should be. */
class CannotStart extends Error {}

try {
  await start();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}

type Ports = {
  readonly host: string;
  readonly policy: number | null;
  readonly socketmap: number | null;
  readonly http: number | null;
};

async function start(): Promise<void> {
  const ports = portsOf(process.argv.slice(2));
  const config = configOf();
  const log = createLog(config.logLevel);
  const db = await openStarted(config.databaseUrl);
  const policy = await policyInForce(db, config).catch((error: Error) => {
    throw new CannotStart(error.message);
  });
  const state = new State(db, log, Date.now);
  const begun = performance.now();
  if (!(await state.refresh())) throw new CannotStart('The database does not answer.');
  log.info({ domains: state.size, ms: Math.round(performance.now() - begun) }, 'all domains are read');
  const leases = new Leases(db, log, Date.now);
  const mail = new MailToday({ mixesOf: (ids, day) => listMixes(db, ids, day), log, now: Date.now });
  leases.shareWith(mail);
  const router = new Router(state, leases, mail, policy);
  const looking = keepLooking(state, followPolicy({ db, config, log, router }));
  const listening: Listening[] = [];
  // Before anybody can know that it listens: a signal that comes at once would end it without an answer.
  onSignal(async (signal) => {
    log.info({ signal }, 'stopping');
    await Promise.all([...listening.map((one) => one.stop()), looking.stop()]);
    await state.tellRest();
    await leases.giveBack();
    await db.destroy();
    log.info({}, 'stopped');
  });
  await listenOn(
    ports,
    { router, db, log, now: Date.now, tokens: () => state.tokens, isAllowed: (address) => state.isAllowed(address) },
    listening,
  );
}

function portsOf(args: string[]): Ports {
  const usage = 'Say at least one of --policy PORT, --socketmap PORT and --http PORT; --host ADDRESS if not 127.0.0.1.';
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args, options: { policy: text, socketmap: text, http: text, host: text } });
    const port = (name: 'policy' | 'socketmap' | 'http'): number | null => {
      const value = values[name];
      if (value === undefined) return null;
      if (!/^[0-9]{1,5}$/.test(value) || Number(value) > 65_535)
        throw new CannotStart(`--${name}: ${value} is not a port number (0 to 65535).`);
      return Number(value);
    };
    const ports = {
      host: values.host ?? '127.0.0.1',
      policy: port('policy'),
      socketmap: port('socketmap'),
      http: port('http'),
    };
    if (ports.policy === null && ports.socketmap === null && ports.http === null) throw new CannotStart(usage);
    return ports;
  } catch (error) {
    if (error instanceof CannotStart) throw error;
    throw new CannotStart(`${(error as Error).message}. ${usage}`);
  }
}

function configOf(): Config {
  const { DATABASE_URL, POLICY, LOG_LEVEL } = process.env;
  const read = readConfig({ DATABASE_URL, POLICY, LOG_LEVEL });
  if (!read.ok) throw new CannotStart(['Settings that the router cannot start with:', ...read.problem].join('\n'));
  return read.value;
}

/** Adds each listener to `listening` once it is open. */
async function listenOn({ host, ...ports }: Ports, parts: HttpParts, listening: Listening[]): Promise<void> {
  const { router, log } = parts;
  const listeners = {
    // With a socketmap beside it, Postfix knows where all other mail goes; without, each answer says it.
    policy: (port: number) =>
      listen(policyService({ router, namesFallback: ports.socketmap === null, log }), { host, port, log }),
    socketmap: (port: number) => listen(socketmap(router), { host, port, log }),
    http: (port: number) => listenHttp(parts, { host, port }),
  };
  for (const name of ['policy', 'socketmap', 'http'] as const) {
    const port = ports[name];
    if (port === null) continue;
    const one = await listeners[name](port).catch((error: Error) => {
      throw new CannotStart(`--${name} ${port}: ${error.message}`);
    });
    listening.push(one);
    log.info({ [name]: one.port, host }, `${name} listens: ${host}:${one.port}`);
  }
}

type Followed = { readonly db: Db; readonly config: Config; readonly log: Log; readonly router: Router };

/** Makes the function that has the router follow what administrators change of the policy; a fault is logged, and the last one holds. */
function followPolicy({ db, config, log, router }: Followed): () => Promise<void> {
  let lookedAt = performance.now();
  return async () => {
    if (performance.now() - lookedAt < POLICY_EVERY_MS) return;
    lookedAt = performance.now();
    try {
      router.follow(await policyInForce(db, config));
    } catch (error) {
      log.error({ err: error }, 'the policy cannot be read; what was known last holds');
    }
  };
}

/** Looks each second for what changed; less often where looking takes long, so that answers have the greater part. */
function keepLooking(state: State, follow: () => Promise<void>): { stop(): Promise<void> } {
  let isStopped = false;
  let looking: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const look = async () => {
    const begun = performance.now();
    if (await state.refresh()) await follow();
    const took = performance.now() - begun;
    if (!isStopped) wait(Math.max(LOOK_EVERY_MS, 5 * took));
  };
  const wait = (ms: number) => {
    timer = setTimeout(() => {
      looking = look();
    }, ms);
  };
  wait(LOOK_EVERY_MS);
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
