// Real messages through a real Haraka with the plugin of integrations/haraka, as docs/haraka.md says.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { spentOf } from '../routing/scene.ts';
import { freePort } from '../support/free-port.ts';
import { folder } from '../support/process.ts';
import { MINUTE } from '../support/world.ts';
import { customers, SHARED, WARM, WARMING } from './customers.ts';
import { startDns } from './dns.ts';
import { npm } from './packages.ts';
import { logTells } from './read-back.ts';
import { handIn, over, retriesKeptTheirIp } from './sending.ts';
import { ownAddress, startServer } from './server.ts';
import { startSink } from './sink.ts';

const CAP = 40;
const INBOX = ownAddress(25);
const DNS = ownAddress(53);
const ZONES = { 'inbox.example': { MX: ['mx.inbox.example'] }, 'mx.inbox.example': { A: [INBOX] } };

test.serial(
  'Haraka sends each message from the IP that Warmdesk names, and from the table’s while it is away',
  async (t) => {
    t.timeout(10 * MINUTE);
    const place = await customers(t, { cap: CAP, target: 60 });
    const { from } = place;
    const dns = await startDns(DNS, ZONES);
    const sink = await startSink(INBOX, { defers: (message) => message.endsWith('5'), port: 25 });
    const router = await place.startRouter('--http', '0');
    const port = await freePort();
    const home = folder(t);
    const haraka = npm('Haraka', ['Haraka@3.3.4', 'haraka-plugin-relay@1.0.2']);
    configure(home, { port, url: `127.0.0.1:${router.http}`, token: place.token, table: place.exported('sources') });
    const bin = join(haraka, 'node_modules/Haraka/bin/haraka');
    const env = { PATH: process.env.PATH ?? '', NODE_PATH: join(haraka, 'node_modules') };
    const server = await startServer([process.execPath, bin, '-c', home], { home, dns: DNS, env, port });
    t.teardown(async () => {
      if (!t.passed) t.log(server.output().split('\n').slice(-40).join('\n'));
      await server.stop();
      await sink.stop();
      dns.stop();
    });

    const first = await handIn(port, from, { warming: 120, warm: 12, shared: 12 });
    t.deepEqual(first.refused, []);
    const campaigns = await handIn(port, from, { receipts: 3 });
    t.is(campaigns.refused.length, 3, 'C-06: its campaigns were refused while their sender listened');
    t.regex(campaigns.refused[0] ?? '', /^550 .*transactional/);
    await sink.took(144);
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
    const away = await handIn(port, from, { warming: 6, warm: 3, shared: 3, receipts: 2 });
    t.is(away.refused.length, 2, 'C-06 holds while Warmdesk is away, by the exported table');
    await sink.took(156);
    rmSync(join(home, 'sources'));
    const waiting = await handIn(port, from, { shared: 2 });
    await server.logged(/nobody says over which IP/, 2);
    t.is(over(sink, from.warming)[WARMING], carried, 'nothing more over a warming IP meanwhile');
    t.deepEqual(Object.keys(over(sink, from.warm)), [WARM]);
    t.deepEqual(Object.keys(over(sink, from.shared)), [SHARED]);
    await place.startRouter('--http', String(router.http));
    await sink.took(158);
    t.deepEqual(
      [...sink.taken().keys()].sort(),
      [...first.taken, ...away.taken, ...waiting.taken].sort(),
      'none was lost',
    );
    await logTells(t, place, sink, { reader: 'haraka', log: join(home, 'output') });
  },
);

/** The configuration of docs/haraka.md. */
function configure(
  home: string,
  { port, url, token, table }: { port: number; url: string; token: string; table: string },
): void {
  for (const name of ['config', 'plugins', 'queue']) mkdirSync(join(home, name));
  const shipped = 'integrations/haraka';
  cpSync(join(shipped, 'warmdesk.js'), join(home, 'plugins/warmdesk.js'));
  cpSync('integrations/warmdesk-client.js', join(home, 'warmdesk-client.js'));
  const ini = readFileSync(join(shipped, 'warmdesk.ini'), 'utf8')
    .replace('127.0.0.1:10042', url)
    .replace('token=wd_', `token=${token}`)
    .replace('timeout=2000', 'timeout=30000')
    .replace('/etc/warmdesk/sources', join(home, 'sources'));
  writeFileSync(join(home, 'sources'), table);
  const files = {
    'warmdesk.ini': ini,
    me: 'mta.example.net',
    plugins: 'relay\nwarmdesk',
    'relay.ini': '[relay]\nacl=true',
    relay_acl_allow: '127.0.0.0/8',
    'smtp.ini': `listen=127.0.0.1:${port}`,
    'outbound.ini': 'local_mx_ok=true\ntemp_fail_intervals=5s*10\nenable_tls=false',
    'connection.ini': '[message]\nhelo=at your service\n[max]\n[headers]\n[haproxy]\n[uuid]',
    'log.ini': '[main]\nlevel=info',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, 'config', name), `${text}\n`);
}
