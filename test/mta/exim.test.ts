// Real messages through a real Exim with the pieces of integrations/exim, put together as docs/exim.md says.
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { spentOf } from '../routing/scene.ts';
import { freePort } from '../support/free-port.ts';
import { folder } from '../support/process.ts';
import { MINUTE } from '../support/world.ts';
import { type Customers, customers, SHARED, WARM, WARMING } from './customers.ts';
import { startDns } from './dns.ts';
import { debian } from './packages.ts';
import { handIn, over, retriesKeptTheirIp } from './sending.ts';
import { ownAddress, startServer } from './server.ts';
import { startSink } from './sink.ts';

const CAP = 28;
/** Recipients of the first round: every tenth message has three. */
const DELIVERED = 96 + 2 * 10;
const INBOX = ownAddress(25);
const DNS = ownAddress(53);
const ZONES = { 'inbox.example': { MX: ['mx.inbox.example'] }, 'mx.inbox.example': { A: [INBOX] } };
/** Debian's `nobody`, whom every Debian has. */
const NOBODY = 65_534;

test.serial(
  'Exim sends each message from the IP that Warmdesk names, and from the table’s while it is away',
  async (t) => {
    t.timeout(10 * MINUTE);
    const place = await customers(t, { cap: CAP, target: 40 });
    const { from } = place;
    const dns = await startDns(DNS, ZONES);
    const sink = await startSink(INBOX, { defers: (message) => message.endsWith('5'), port: 25 });
    const router = await place.startRouter('--http', '0');
    const exim = await startExim(t, place, router.http);
    t.teardown(async () => {
      await sink.stop();
      dns.stop();
    });

    const list = (index: number) =>
      index % 10 === 7
        ? ['ann', 'ben', 'eva'].map((name) => `${name}${index}@inbox.example`)
        : [`r${index}@inbox.example`];
    const first = await handIn(exim.port, from, { warming: 80, warm: 8, shared: 8 }, list);
    t.deepEqual(first.refused, []);
    const campaigns = await handIn(exim.port, from, { receipts: 3 });
    t.is(campaigns.refused.length, 3, 'C-06: its campaigns were refused while their sender listened');
    t.regex(campaigns.refused[0] ?? '', /^550 .*transactional messages only/);
    await sink.delivered(DELIVERED);
    const warming = over(sink, from.warming);
    t.deepEqual(Object.keys(warming).sort(), [WARMING, SHARED].sort(), 'C-15: side by side with the shared pool');
    const carried = warming[WARMING] ?? 0;
    t.true(carried <= CAP && carried > CAP / 2, `S-26, C-16: ${carried} of at most ${CAP}`);
    t.deepEqual(Object.keys(over(sink, from.warm)), [WARM], 'C-17: all of the warm domain’s mail');
    t.deepEqual(Object.keys(over(sink, from.shared)), [SHARED], 'C-01: the shared domain’s');
    retriesKeptTheirIp(t, sink);
    t.is(sink.tries.find((one) => one.from === WARM)?.helo, 'ip-127-0-0-12.mta.example.net');

    // Stopped, it gives back what it holds.
    router.child.kill('SIGTERM');
    await router.ended;
    t.is(await spentOf(place.world, place.ipId), carried, 'what was deferred and came again counts once');
    const away = await handIn(exim.port, from, { warming: 6, warm: 3, shared: 3, receipts: 2 });
    t.is(away.refused.length, 2, 'C-06 holds while Warmdesk is away, by the exported table');
    await sink.delivered(DELIVERED + 12);
    t.is(over(sink, from.warming)[WARMING], carried, 'nothing more over a warming IP meanwhile');
    t.deepEqual(Object.keys(over(sink, from.warm)), [WARM]);
    t.deepEqual(Object.keys(over(sink, from.shared)), [SHARED]);
    renameSync(exim.table, `${exim.table}.gone`);
    const without = await handIn(exim.port, from, { warm: 2 });
    t.is(without.refused.length, 2, 'with no table either, Exim takes nothing that it could send from a wrong address');
    t.regex(without.refused[0] ?? '', /^451 /);
    await place.startRouter('--http', String(router.http));
    const last = await handIn(exim.port, from, { warm: 2 });
    await sink.delivered(DELIVERED + 14);
    t.deepEqual(Object.keys(over(sink, from.warm)), [WARM]);
    t.deepEqual(
      [...sink.taken().keys()].sort(),
      [...first.taken, ...away.taken, ...last.taken].sort(),
      'none was lost',
    );
  },
);

/** The configuration of docs/exim.md; gone with its queue when the test ends. */
async function startExim(t: ExecutionContext, place: Customers, http: number) {
  const home = folder(t);
  chmodSync(home, 0o755);
  const port = await freePort();
  for (const name of ['spool', 'log']) {
    mkdirSync(join(home, name));
    chownSync(join(home, name), NOBODY, NOBODY);
  }
  const table = join(home, 'sources');
  writeFileSync(table, place.exported('sources'));
  const main = readFileSync('integrations/exim/main.conf', 'utf8')
    .replace('127.0.0.1:10042', `127.0.0.1:${http}`)
    .replace('WARMDESK_TOKEN = wd_', `WARMDESK_TOKEN = ${place.token}`)
    .replace('PATIENCE = 2s', 'PATIENCE = 30s')
    .replace('/etc/warmdesk/sources', table);
  writeFileSync(join(home, 'main.conf'), main);
  const { root, env } = debian('exim4-daemon-light');
  const shipped = (name: string) => join(import.meta.dirname, '../../integrations/exim', name);
  writeFileSync(
    join(home, 'exim.conf'),
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
  const command = [join(root, 'usr/sbin/exim4'), '-C', join(home, 'exim.conf'), '-bdf', '-q1s'];
  const server = await startServer(command, { home, dns: DNS, env, port });
  t.teardown(async () => {
    if (!t.passed)
      t.log(readFileSync(join(home, 'log/mainlog'), 'utf8').split('\n').slice(-40).join('\n'), server.output());
    await server.stop();
  });
  return { port, table, log: join(home, 'log/mainlog') };
}
