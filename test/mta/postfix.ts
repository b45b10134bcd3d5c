// A Postfix of the test's own: its configuration, queue and log below one folder, on loopback only, gone afterwards.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';

const DAEMONS = ['/usr/lib/postfix/sbin', '/usr/libexec/postfix'].find((path) => existsSync(join(path, 'master')));

export type Wish = {
  /** Ports of the router, and where all mail ends. */
  readonly policyPort: number;
  readonly sinkPort: number;
  /** Lines of master.cf with the transports, and the table of senders, as Warmdesk exports them. */
  readonly transports: string;
  readonly senders: string;
  /** Further lines of main.cf. */
  readonly main?: string;
};

export type Postfix = {
  /** Where campaigns are handed in, and where transactional messages are. */
  readonly marketing: number;
  readonly transactional: number;
  readonly log: string;
  /** Resolves once the log has so many lines that match. */
  readonly logged: (pattern: RegExp, count: number) => Promise<void>;
  /** Asks it to try again now what it deferred: its own next run may be long in coming on a busy machine. */
  readonly flush: () => void;
  /** What this Postfix finds for a key in one of its tables. */
  readonly lookUp: (key: string, table: string) => string;
  /** The end of the log, and what waits in the queue. */
  readonly lastLines: (count: number) => string;
  readonly stop: () => void;
};

/** Starts Postfix. Throws with what to install where there is none. */
export async function startPostfix(wish: Wish): Promise<Postfix> {
  if (DAEMONS === undefined || process.getuid?.() !== 0)
    throw new Error('This test needs Postfix and root: on Debian, apt-get install postfix.');
  const home = mkdtempSync(join(tmpdir(), 'warmdesk-mta-'));
  const path = {
    etc: join(home, 'etc'),
    queue: join(home, 'queue'),
    data: join(home, 'data'),
    log: join(home, 'maillog'),
  };
  chmodSync(home, 0o755);
  for (const one of [path.etc, path.queue, path.data]) mkdirSync(one);
  chownSync(path.data, idOf('-u'), idOf('-g'));
  const [marketing, transactional] = [await freePort(), await freePort()];
  writeFileSync(path.log, '');
  writeFileSync(join(path.etc, 'senders'), wish.senders);
  writeFileSync(join(path.etc, 'main.cf'), mainCf(wish, path, DAEMONS));
  writeFileSync(join(path.etc, 'master.cf'), `${masterCf(marketing, transactional)}${wish.transports}`);
  execFileSync('postfix', ['-c', path.etc, 'start'], { stdio: ['ignore', 'ignore', 'pipe'] });
  return {
    marketing,
    transactional,
    log: path.log,
    logged: (pattern, count) => logged(path.log, pattern, count),
    flush: () => void spawn('postqueue', ['-c', path.etc, '-f'], { stdio: 'ignore' }),
    lookUp: (key, table) =>
      spawnSync('postmap', ['-c', path.etc, '-q', key, table.replace('ETC', path.etc)], {
        encoding: 'utf8',
      }).stdout.trim(),
    lastLines(count) {
      const queue = spawnSync('postqueue', ['-c', path.etc, '-p'], { encoding: 'utf8' }).stdout;
      return [readFileSync(path.log, 'utf8'), queue]
        .map((text) => text.split('\n').slice(-count).join('\n'))
        .join('\n');
    },
    stop() {
      spawnSync('postfix', ['-c', path.etc, 'stop'], { stdio: 'ignore' });
      rmSync(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postfix'], { encoding: 'utf8' }));

const policy = (port: number, context: string) =>
  `check_policy_service { inet:127.0.0.1:${port}, policy_context=${context}, default_action=DUNNO, timeout=5s, try_limit=2 }`;

/**
 * The working configuration of docs/postfix.md, with what keeps it on this machine and quick. Postfix hangs up on who is
 * refused twenty times in one session; here that is what is wanted.
 */
const mainCf = (wish: Wish, path: { etc: string; queue: string; data: string; log: string }, daemons: string) => `
compatibility_level = 3.6
sender_dependent_default_transport_maps = texthash:${path.etc}/senders
warmdesk_marketing = ${policy(wish.policyPort, 'marketing')}
warmdesk_transactional = ${policy(wish.policyPort, 'transactional')}
smtpd_recipient_restrictions = $warmdesk_marketing permit_mynetworks reject
smtpd_end_of_data_restrictions = $warmdesk_marketing permit
smtpd_relay_before_recipient_restrictions = yes
allow_percent_hack = no
swap_bangpath = no

queue_directory = ${path.queue}
data_directory = ${path.data}
daemon_directory = ${daemons}
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${path.log}
maillog_file_prefixes = ${path.log}
myhostname = mta.warmdesk.example
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks reject
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtp_tcp_port = ${wish.sinkPort}
smtp_tls_security_level = none
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
default_destination_concurrency_limit = 8
smtpd_client_connection_count_limit = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 2000
${wish.main ?? ''}
`;

const masterCf = (marketing: number, transactional: number) => `
127.0.0.1:${marketing} inet n - n - - smtpd
127.0.0.1:${transactional} inet n - n - - smtpd
  -o { smtpd_recipient_restrictions = $warmdesk_transactional permit_mynetworks reject }
  -o { smtpd_end_of_data_restrictions = $warmdesk_transactional permit }
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

async function logged(file: string, pattern: RegExp, count: number): Promise<void> {
  const enough = () => [...readFileSync(file, 'utf8').matchAll(new RegExp(pattern, 'g'))].length >= count;
  const watcher = watch(file);
  try {
    while (!enough()) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}
