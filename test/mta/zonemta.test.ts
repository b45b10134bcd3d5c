// Real messages through a real ZoneMTA with the plugin of integrations/zonemta, as docs/zonemta.md says. Its Redis is
// Debian's; its MongoDB is a stand-in (mongo.ts), because no server can be had.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { freePort } from '../support/free-port.ts';
import { folder } from '../support/process.ts';
import { MINUTE } from '../support/world.ts';
import { startMongo } from './mongo.ts';
import { debian, npm } from './packages.ts';
import { logTells } from './read-back.ts';
import { handIn } from './sending.ts';
import { startServer } from './server.ts';
import {
  campaignsAreRefused,
  mailWaits,
  mailWasSplit,
  noneWasLost,
  type Split,
  startSplit,
  tableIsFollowed,
  waitingEnds,
} from './split.ts';

test.serial(
  'ZoneMTA sends each message from the IP that Warmdesk names, and from the table’s while it is away',
  async (t) => {
    t.timeout(10 * MINUTE);
    const split = await startSplit(t, { cap: 40, target: 60 });
    const { place, sink, router } = split;
    const { from } = place;
    const zone = await startZoneMta(t, split);
    const { port } = zone;

    const first = await handIn(port, from, { warming: 120, warm: 12, shared: 12 });
    t.deepEqual(first.refused, []);
    await campaignsAreRefused(t, split, port);
    const kept = await mailWaits(t, split, port);
    await sink.took(144 - 14);
    zone.hurry();
    await sink.took(144);
    const carried = await mailWasSplit(t, split);
    const away = await tableIsFollowed(t, split, { port, warming: 5, carried }, () => sink.took(155));
    rmSync(zone.table);
    const waiting = await handIn(port, from, { shared: 2 });
    await zone.server.logged(/DEFERRED.*nobody says over which IP/, 2);
    await place.startRouter('--http', String(router.http));
    zone.hurry();
    await sink.took(157);
    await waitingEnds(t, split, kept, () => {
      zone.hurry();
      return sink.took(159);
    });
    noneWasLost(t, split, first, away, waiting, kept);
    await logTells(t, place, sink, { reader: 'zonemta', log: zone.log });
  },
);

/** ZoneMTA with the configuration of docs/zonemta.md; gone when the test ends. */
async function startZoneMta(t: ExecutionContext, { place, router, dns }: Split) {
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
    .replace('127.0.0.1:10042', `127.0.0.1:${router.http}`)
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
    { home: redisHome, dns, env: redis.env, port: redisPort, greets: false },
  );
  const app = join(packages, 'node_modules/@zone-eu/zone-mta/app.js');
  const command = [process.execPath, app, `--config=${join(home, 'zonemta.toml')}`];
  const server = await startServer(command, { home, dns, env: { PATH: process.env.PATH ?? '' }, port });
  t.teardown(async () => {
    if (!t.passed) t.log(server.output().split('\n').slice(-60).join('\n'));
    await server.stop();
    await cache.stop();
  });
  return { port, table, server, log: join(home, 'output'), hurry: () => mongo.hurry('zone-queue') };
}
