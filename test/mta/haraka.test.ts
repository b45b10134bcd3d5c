// Real messages through a real Haraka with the plugin of integrations/haraka, as docs/haraka.md says.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { freePort } from '../support/free-port.ts';
import { folder } from '../support/process.ts';
import { MINUTE } from '../support/world.ts';
import { npm } from './packages.ts';
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

test.serial(
  'Haraka sends each message from the IP that Warmdesk names, and from the table’s while it is away',
  async (t) => {
    t.timeout(10 * MINUTE);
    const split = await startSplit(t, { cap: 40, target: 60 });
    const { place, sink, router } = split;
    const { from } = place;
    const { port, table, server, log } = await startHaraka(t, split);

    const first = await handIn(port, from, { warming: 120, warm: 12, shared: 12 });
    t.deepEqual(first.refused, []);
    await campaignsAreRefused(t, split, port);
    const kept = await mailWaits(t, split, port);
    await sink.took(144);
    const carried = await mailWasSplit(t, split);
    const away = await tableIsFollowed(t, split, { port, warming: 6, carried }, () => sink.took(156));
    rmSync(table);
    const waiting = await handIn(port, from, { shared: 2 });
    await server.logged(/nobody says over which IP/, 2);
    await place.startRouter('--http', String(router.http));
    await sink.took(158);
    othersKeptTheirWay(t, split);
    await waitingEnds(t, split, kept, () => sink.took(160));
    noneWasLost(t, split, first, away, waiting, kept);
    await logTells(t, place, sink, { reader: 'haraka', log });
  },
);

test.serial('C-07: what waited for a receiver leaves Haraka over its own IP, whatever left before it', async (t) => {
  t.timeout(10 * MINUTE);
  const desk = await startDesk(t, { cap: 28, target: 40 });
  await waitingMailKeepsItsIp(t, desk, async () => {
    const { port, log, server } = await startHaraka(t, desk);
    return {
      port,
      deferred: (to) => server.logged(new RegExp(`"outcome":"deferred".*"to":\\["${to}"`)),
      hurry: () => {},
      async tells(delivered) {
        await server.logged(/"outcome":"sent"/, delivered);
        return { reader: 'haraka', log };
      },
    };
  });
});

/** Haraka with the configuration of docs/haraka.md; gone when the test ends. */
async function startHaraka(t: ExecutionContext, { place, router, dns }: Desk) {
  const port = await freePort();
  const home = folder(t);
  const haraka = npm('Haraka', ['Haraka@3.3.4', 'haraka-plugin-relay@1.0.2']);
  const table = join(home, 'sources');
  for (const name of ['config', 'plugins', 'queue']) mkdirSync(join(home, name));
  const shipped = 'integrations/haraka';
  cpSync(join(shipped, 'warmdesk.js'), join(home, 'plugins/warmdesk.js'));
  cpSync('integrations/warmdesk-client.js', join(home, 'warmdesk-client.js'));
  const ini = readFileSync(join(shipped, 'warmdesk.ini'), 'utf8')
    .replace('127.0.0.1:10042', `127.0.0.1:${router.http}`)
    .replace('token=wd_', `token=${place.token}`)
    .replace('timeout=2000', 'timeout=30000')
    .replace('/etc/warmdesk/sources', table);
  writeFileSync(table, place.exported('sources'));
  const files = {
    'warmdesk.ini': ini,
    me: 'mta.example.net',
    plugins: 'relay\nwarmdesk',
    'relay.ini': '[relay]\nacl=true',
    relay_acl_allow: '127.0.0.0/8',
    'smtp.ini': `listen=127.0.0.1:${port}`,
    'outbound.ini': 'local_mx_ok=true\ntemp_fail_intervals=5s*100\nenable_tls=false',
    'connection.ini': '[message]\nhelo=at your service\n[max]\n[headers]\n[haproxy]\n[uuid]',
    'log.ini': '[main]\nlevel=info',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, 'config', name), `${text}\n`);
  const command = [process.execPath, join(haraka, 'node_modules/Haraka/bin/haraka'), '-c', home];
  const env = { PATH: process.env.PATH ?? '', NODE_PATH: join(haraka, 'node_modules') };
  const server = await startServer(command, { home, dns, env, port });
  t.teardown(async () => {
    if (!t.passed) t.log(server.output().split('\n').slice(-40).join('\n'));
    await server.stop();
  });
  return { port, table, server, log: join(home, 'output') };
}
