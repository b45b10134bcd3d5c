// Real messages through a real ZoneMTA with the plugin of integrations/zonemta, as docs/zonemta.md says. Its Redis is
// Debian's; its MongoDB is a stand-in (mongo.ts), because no server can be had.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { spentOf } from '../routing/scene.ts';
import { freePort } from '../support/free-port.ts';
import { folder } from '../support/process.ts';
import { MINUTE } from '../support/world.ts';
import { type Customers, customers, SHARED, WARM, WARMING } from './customers.ts';
import { startDns } from './dns.ts';
import { startMongo } from './mongo.ts';
import { debian, npm } from './packages.ts';
import { logTells } from './read-back.ts';
import { handIn, over, retriesKeptTheirIp } from './sending.ts';
import { ownAddress, startServer } from './server.ts';
import { startSink } from './sink.ts';

const CAP = 40;
const INBOX = ownAddress(25);
const DNS = ownAddress(53);
const ZONES = { 'inbox.example': { MX: ['mx.inbox.example'] }, 'mx.inbox.example': { A: [INBOX] } };

test.serial(
  'ZoneMTA sends each message from the IP that Warmdesk names, and from the table’s while it is away',
  async (t) => {
    t.timeout(3 * MINUTE);
    const place = await customers(t, { cap: CAP, target: 60 });
    const { from } = place;
    const dns = await startDns(DNS, ZONES);
    const sink = await startSink(INBOX, { defers: (message) => message.endsWith('5'), port: 25 });
    const router = await place.startRouter('--http', '0');
    const zone = await startZoneMta(t, place, router.http);
    t.teardown(async () => {
      await sink.stop();
      dns.stop();
    });

    const first = await handIn(zone.port, from, { warming: 120, warm: 12, shared: 12 });
    t.deepEqual(first.refused, []);
    const campaigns = await handIn(zone.port, from, { receipts: 3 });
    t.is(campaigns.refused.length, 3, 'C-06: its campaigns were refused while their sender listened');
    t.regex(campaigns.refused[0] ?? '', /^550 .*transactional/);
    await sink.took(144 - 14);
    zone.hurry();
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
    const away = await handIn(zone.port, from, { warming: 5, warm: 3, shared: 3, receipts: 2 });
    t.is(away.refused.length, 2, 'C-06 holds while Warmdesk is away, by the exported table');
    await sink.took(155);
    t.is(over(sink, from.warming)[WARMING], carried, 'nothing more over a warming IP meanwhile');
    t.deepEqual(Object.keys(over(sink, from.warm)), [WARM]);
    t.deepEqual(Object.keys(over(sink, from.shared)), [SHARED]);
    rmSync(zone.table);
    const waiting = await handIn(zone.port, from, { shared: 2 });
    await zone.server.logged(/DEFERRED.*nobody says over which IP/, 2);
    await place.startRouter('--http', String(router.http));
    zone.hurry();
    await sink.took(157);
    t.deepEqual(
      [...sink.taken().keys()].sort(),
      [...first.taken, ...away.taken, ...waiting.taken].sort(),
      'none was lost',
    );
    await logTells(t, place, sink, { reader: 'zonemta', log: zone.log });
  },
);

/** ZoneMTA with the configuration of docs/zonemta.md; gone when the test ends. */
async function startZoneMta(t: ExecutionContext, place: Customers, http: number) {
  const home = folder(t);
  const packages = npm('@zone-eu/zone-mta', ['@zone-eu/zone-mta@3.11.0', 'mingo@7.2.6']);
  const mongo = await startMongo(packages);
  t.teardown(mongo.stop);
  const redis = debian('redis-server');
  const [port, redisPort, apiPort, queuePort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  mkdirSync(join(home, 'plugins'));
  cpSync('integrations/zonemta/warmdesk.js', join(home, 'plugins/warmdesk.js'));
  cpSync('integrations/warmdesk-client.js', join(home, 'warmdesk-client.js'));
  const table = join(home, 'sources');
  writeFileSync(table, place.exported('sources'));
  const settings = readFileSync('integrations/zonemta/warmdesk.toml', 'utf8')
    .replace('127.0.0.1:10042', `127.0.0.1:${http}`)
    .replace('"wd_"', `"${place.token}"`)
    .replace('timeout = 2000', 'timeout = 30000')
    .replace('/etc/warmdesk/sources', table);
  writeFileSync(join(home, 'warmdesk.toml'), settings);
  writeFileSync(
    join(home, 'zonemta.toml'),
    `
pluginsPath = "${join(home, 'plugins')}"
[plugins]
# @include "${join(home, 'warmdesk.toml')}"
[dbs]
mongo = "mongodb://127.0.0.1:${mongo.port}/zone-mta"
[dbs.redis]
port = ${redisPort}
[smtpInterfaces.feeder]
port = ${port}
processes = 1
[api]
port = ${apiPort}
[queueServer]
port = ${queuePort}
[dns]
caching = false
[mtaSts]
enabled = false
[zones.default]
connections = 4
`,
  );
  const redisHome = folder(t);
  const cache = await startServer(
    [join(redis.root, 'usr/bin/redis-server'), '--port', String(redisPort), '--bind', '127.0.0.1', '--save', ''],
    { home: redisHome, dns: DNS, env: redis.env, port: redisPort, greets: false },
  );
  const app = join(packages, 'node_modules/@zone-eu/zone-mta/app.js');
  const command = [process.execPath, app, `--config=${join(home, 'zonemta.toml')}`];
  const server = await startServer(command, { home, dns: DNS, env: { PATH: process.env.PATH ?? '' }, port });
  t.teardown(async () => {
    if (!t.passed) t.log(server.output().split('\n').slice(-60).join('\n'));
    await server.stop();
    await cache.stop();
  });
  return { port, table, server, log: join(home, 'output'), hurry: () => mongo.hurry('zone-queue') };
}
