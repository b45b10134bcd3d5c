// Real messages through a real Exim with the pieces of integrations/exim, put together as docs/exim.md says.
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { freePort } from '../support/free-port.ts';
import { folder } from '../support/process.ts';
import { MINUTE } from '../support/world.ts';
import { debian } from './packages.ts';
import { logTells } from './read-back.ts';
import { handIn } from './sending.ts';
import { startServer } from './server.ts';
import {
  campaignsAreRefused,
  type Desk,
  mailWaits,
  mailWasSplit,
  noneWasLost,
  othersKeptTheirWay,
  startDesk,
  startSplit,
  tableIsFollowed,
  waitingEnds,
} from './split.ts';
import { waitingMailKeepsItsIp } from './waited.ts';

/** Recipients of the first round: every tenth message has three. */
const DELIVERED = 96 + 2 * 10;
/** Debian's `nobody`, whom every Debian has. */
const NOBODY = 65_534;

test.serial(
  'Exim sends each message from the IP that Warmdesk names, and from the table’s while it is away',
  async (t) => {
    t.timeout(10 * MINUTE);
    const split = await startSplit(t, { cap: 28, target: 40 });
    const { place, sink, router } = split;
    const { from } = place;
    const { port, table, log, server } = await startExim(t, split);

    const list = (index: number) =>
      index % 10 === 7
        ? ['ann', 'ben', 'eva'].map((name) => `${name}${index}@inbox.example`)
        : [`r${index}@inbox.example`];
    const first = await handIn(port, from, { warming: 80, warm: 8, shared: 8 }, list);
    t.deepEqual(first.refused, []);
    await campaignsAreRefused(t, split, port);
    const waiting = await mailWaits(t, split, port);
    await sink.delivered(DELIVERED);
    const carried = await mailWasSplit(t, split);
    const away = await tableIsFollowed(t, split, { port, warming: 6, carried }, () => sink.delivered(DELIVERED + 12));
    renameSync(table, `${table}.gone`);
    const without = await handIn(port, from, { warm: 2 });
    t.is(without.refused.length, 2, 'with no table either, Exim takes nothing that it could send from a wrong address');
    t.regex(without.refused[0] ?? '', /^451 /);
    await place.startRouter('--http', String(router.http));
    const last = await handIn(port, from, { warm: 2 });
    await sink.delivered(DELIVERED + 14);
    othersKeptTheirWay(t, split);
    await waitingEnds(t, split, waiting, () => sink.delivered(DELIVERED + 16));
    noneWasLost(t, split, first, away, last, waiting);
    await server.logged(/ => \S/, DELIVERED + 16, log);
    await logTells(t, place, sink, { reader: 'exim', log });
  },
);

test.serial('C-07: what waited for a receiver leaves Exim over its own IP, whatever left before it', async (t) => {
  t.timeout(10 * MINUTE);
  const desk = await startDesk(t, { cap: 28, target: 40 });
  await waitingMailKeepsItsIp(t, desk, async () => {
    const { port, log, server } = await startExim(t, desk);
    return {
      port,
      deferred: (to) => server.logged(new RegExp(` == ${to} `), 1, log),
      hurry: () => {},
      async tells(delivered) {
        await server.logged(/ => \S/, delivered, log);
        return { reader: 'exim', log };
      },
    };
  });
});

const overlay = (home: string): string => `lowerdir=/etc,upperdir=${home}/etc,workdir=${home}/work`;

/** Debian's Exim looks up the user that it was built for, although its configuration names another one. */
const USERS = {
  passwd: 'Debian-exim:x:64101:64101::/:/usr/sbin/nologin\n',
  group: 'Debian-exim:x:64101:\n',
};

/** The configuration of docs/exim.md; gone with its queue when the test ends. */
async function startExim(t: ExecutionContext, { place, router, dns }: Desk) {
  const home = folder(t);
  chmodSync(home, 0o755);
  const port = await freePort();
  for (const name of ['etc', 'etc/exim4', 'work']) mkdirSync(join(home, name));
  for (const name of ['spool', 'log']) {
    mkdirSync(join(home, name));
    chownSync(join(home, name), NOBODY, NOBODY);
  }
  const table = join(home, 'sources');
  writeFileSync(table, place.exported('sources'));
  const main = readFileSync('integrations/exim/main.conf', 'utf8')
    .replace('127.0.0.1:10042', `127.0.0.1:${router.http}`)
    .replace('WARMDESK_TOKEN = wd_', `WARMDESK_TOKEN = ${place.token}`)
    .replace('PATIENCE = 2s', 'PATIENCE = 30s')
    .replace('/etc/warmdesk/sources', table);
  writeFileSync(join(home, 'main.conf'), main);
  const { root, env } = debian('exim4-daemon-light');
  const shipped = (name: string) => join(import.meta.dirname, '../../integrations/exim', name);
  writeFileSync(
    join(home, 'etc/exim4/exim4.conf'),
    `
primary_hostname = mta.example.net
domainlist local_domains = mta.example.net
.include ${join(home, 'main.conf')}
exim_path = ${join(root, 'usr/sbin/exim4')}
exim_user = nobody
exim_group = nogroup
spool_directory = ${join(home, 'spool')}
log_file_path = ${join(home, 'log')}/%slog
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
tls_advertise_hosts =
keep_environment = LD_LIBRARY_PATH
log_selector = +outgoing_interface +sender_on_delivery
queue_run_max = 2
acl_smtp_rcpt = acl_check_rcpt
begin acl
acl_check_rcpt:
.include ${shipped('acl.conf')}
  accept hosts = 127.0.0.1
.include ${shipped('acl-log.conf')}
begin routers
.include ${shipped('router.conf')}
dnslookup:
  driver = dnslookup
  domains = ! +local_domains
  transport = remote_smtp
  no_more
local:
  driver = redirect
  data = :blackhole:
begin transports
.include ${shipped('transport.conf')}
remote_smtp:
  driver = smtp
begin retry
*  *  F,2h,1s
`,
  );
  // Named by -C, Exim gives up its privilege as soon as a delivery begins, and with it its log: so the configuration lies where
  // Debian's Exim looks for it, in an /etc of its own.
  const etc = [
    ...['resolv.conf', 'passwd', 'group', 'ld.so.cache'].map((name) => `cp ${home}/etc-${name} ${home}/etc/${name}`),
    `mount -t overlay overlay -o ${overlay(home)} /etc`,
  ];
  const exim = [join(root, 'usr/sbin/exim4'), '-bdf', '-q1s'];
  const command = ['sh', '-c', `${etc.join(' && ')} && exec "$@"`, 'sh', ...exim];
  const further = { ...USERS, libraries: env['LD_LIBRARY_PATH'] ?? '' };
  const server = await startServer(command, { home, dns, env, port, further });
  t.teardown(async () => {
    if (!t.passed)
      t.log(readFileSync(join(home, 'log/mainlog'), 'utf8').split('\n').slice(-40).join('\n'), server.output());
    await server.stop();
  });
  return { port, table, server, log: join(home, 'log/mainlog') };
}
