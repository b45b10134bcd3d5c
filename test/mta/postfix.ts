// A Postfix of the test's own, with the main.cf and master.cf of docs/postfix.md: its queue and log below one folder, on
// loopback only, gone afterwards. It is unpacked, not installed, so it runs beside any other mail server.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { debian } from './packages.ts';
import { block } from './page.ts';
import { inOwnMachine, logged, startServer } from './server.ts';

/** Numbers that a machine's own users and groups rarely have. */
const [OWNER, DROP] = [64_102, 64_106];
const PORTS = [2525, 2526, 2527, 2528, 2587, 587, 465, 10026] as const;

const USERS = {
  passwd: `postfix:x:${OWNER}:${OWNER}::/:/usr/sbin/nologin\n`,
  group: `postfix:x:${OWNER}:\npostdrop:x:${DROP}:\n`,
};

export type Wish = {
  readonly policyPort: number;
  /** The name server that it asks. */
  readonly dns: string;
  /** What Warmdesk exports for it. */
  readonly transports: string;
  readonly senders: string;
  readonly refusals: string;
  /** Blocks of the page that are added to master.cf, and lines for the end of main.cf. */
  readonly blocks?: readonly string[];
  readonly main?: string;
};

export type Postfix = {
  /** The port of this test that stands for one of the page. */
  readonly port: (ofPage: (typeof PORTS)[number]) => number;
  readonly log: string;
  /** Resolves once the log has so many lines that match. */
  readonly logged: (pattern: RegExp, count: number) => Promise<void>;
  /** Runs one of Postfix's programs on this instance; returns what it wrote. */
  readonly run: (program: string, args: readonly string[], input?: string) => string;
  /** The end of the log, and what waits in the queue. */
  readonly lastLines: (count: number) => string;
  readonly stop: () => Promise<void>;
};

/** Starts Postfix. Throws with what is missing where it cannot. */
export async function startPostfix(wish: Wish): Promise<Postfix> {
  const home = mkdtempSync(join(tmpdir(), 'warmdesk-mta-'));
  chmodSync(home, 0o755);
  const at = (name: string) => join(home, name);
  for (const name of ['etc', 'queue', 'data']) mkdirSync(at(name));
  chownSync(at('data'), OWNER, OWNER);
  const { root, env } = debian('postfix');
  const ports = new Map<string, number>();
  for (const port of PORTS) ports.set(String(port), await freePort());
  ports.set('10025', ports.get('10026') ?? 0);
  const own = (text: string) =>
    text
      .replaceAll(/^(127\.0\.0\.1:)?(\d+) inet/gm, (_, _host, port) => `127.0.0.1:${ports.get(port)} inet`)
      .replaceAll(/(127\.0\.0\.1\]?:)(1002[56])/g, (_, host, port) => `${host}${ports.get(port)}`);
  writeFileSync(at('maillog'), '');
  writeFileSync(at('etc/warmdesk-senders'), wish.senders);
  writeFileSync(at('etc/warmdesk-refusals'), wish.refusals);
  const page = block('docs/postfix.md', 'main.cf')
    .replaceAll('127.0.0.1:10040', `127.0.0.1:${wish.policyPort}`)
    .replaceAll('/etc/postfix/', `${at('etc')}/`);
  writeFileSync(at('etc/main.cf'), lastOfEach(`${page}\n${thisMachine(home, root)}\n${wish.main ?? ''}\n`));
  const blocks = ['master.cf', ...(wish.blocks ?? [])].map((name) => own(block('docs/postfix.md', name)));
  writeFileSync(at('etc/master.cf'), `${blocks.join('\n')}\n${wish.transports}`);
  const further = { ...USERS, libraries: env['LD_LIBRARY_PATH'] ?? '' };
  const inside = inOwnMachine(home, wish.dns, further);
  const path = `${join(root, 'usr/sbin')}:${env['PATH']}`;
  const run = (program: string, args: readonly string[], input = '') => {
    const [command = '', ...rest] = inside([join(root, 'usr/sbin', program), ...args]);
    return execFileSync(command, rest, {
      env: { ...env, PATH: path, MAIL_CONFIG: at('etc') },
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 120_000,
      killSignal: 'SIGKILL',
    });
  };
  const command = [join(root, 'usr/sbin/postfix'), '-c', at('etc'), 'start-fg'];
  const server = await startServer(command, {
    home,
    dns: wish.dns,
    env: { ...env, PATH: path },
    port: ports.get('2525') ?? 0,
    further,
  });
  return {
    port: (ofPage) => ports.get(String(ofPage)) ?? 0,
    log: at('maillog'),
    logged: (pattern, count) => logged(at('maillog'), pattern, count),
    run,
    lastLines(count) {
      return [readFileSync(at('maillog'), 'utf8'), run('postqueue', ['-p'])]
        .map((text) => text.split('\n').slice(-count).join('\n'))
        .join('\n');
    },
    async stop() {
      run('postfix', ['stop']);
      await server.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** The last entry of each parameter: Postfix would go by that, too, but complain of each of the others in its log. */
function lastOfEach(main: string): string {
  const entries = main.replaceAll(/^\s*(#.*)?\n/gm, '').split(/\n(?=\S)/);
  return [...new Map(entries.map((entry) => [entry.split(/\s*=/)[0], entry])).values()].join('\n');
}

/** What keeps it in its folder, on this machine and quick. */
const thisMachine = (home: string, root: string): string => `
compatibility_level = 3.6
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
queue_directory = ${join(home, 'queue')}
data_directory = ${join(home, 'data')}
daemon_directory = ${join(root, 'usr/lib/postfix/sbin')}
command_directory = ${join(root, 'usr/sbin')}
shlib_directory = ${join(root, 'usr/lib/postfix')}
meta_directory = ${join(root, 'etc/postfix')}
sendmail_path = ${join(root, 'usr/sbin/sendmail')}
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${join(home, 'maillog')}
maillog_file_prefixes = ${home}
smtpd_peername_lookup = no
smtp_tls_security_level = none
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
default_destination_concurrency_limit = 8
smtpd_client_connection_count_limit = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 2000
`;
