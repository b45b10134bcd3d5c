// S-19 on name servers as providers run them: NSD is authoritative for both directions, and is asked through Unbound.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import ava from 'ava';
import { openResolver, type Resolver } from '../../src/dns/resolver.ts';
import { lookAtNames, type Subject } from '../../src/ips/names/look.ts';
import { isSound } from '../../src/ips/names/names.ts';
import { freePort } from '../support/free-port.ts';
import { folder } from '../support/process.ts';
import { MINUTE } from '../support/world.ts';
import { run } from './daemon.ts';

/** RFC 2317: the owner of the block hands the names of 64 addresses on to a zone of the one who rents them. */
const BLOCK = `10 PTR o10.news.test.
11 PTR O11.News.TEST.
11 PTR isp.test.
12 PTR .
64/26 NS ns.test.
65 CNAME 65.64/26
66 CNAME 66.64/26
67 CNAME 67.64/26
`;

const ZONES: Readonly<Record<string, string>> = {
  '7.18.198.in-addr.arpa': BLOCK,
  '64/26.7.18.198.in-addr.arpa': '65 PTR o65.news.test.\n66 PTR o66.news.test.\n66 PTR former.test.\n',
  '7.0.0.0.0.0.0.0.8.f.4.0.1.0.a.2.ip6.arpa': '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR o25.news.test.\n',
  test: `ns A 127.0.0.1
o10.news A 198.18.7.10
o11.news A 198.18.7.11
o65.news CNAME pool
pool A 198.18.7.64
pool A 198.18.7.65
o66.news A 198.18.7.66
former A 198.18.7.66
o25.news A 198.18.7.25
o25.news AAAA 2a01:4f8:0:7::25
`,
};

ava('S-19: names agree over a delegated range, an alias, several records and IPv6', async (t) => {
  const dns = await serve(t);
  const sound = async (address: string, name: string | null, former: readonly string[] = []) =>
    isSound(await lookAtNames(dns, { address, name, former } satisfies Subject));
  t.true(await sound('198.18.7.10', 'o10.news.test'));
  t.true(await sound('198.18.7.11', 'o11.news.test'));
  t.true(await sound('198.18.7.65', 'o65.news.test'));
  t.true(await sound('2a01:4f8:0:7::25', 'o25.news.test'));
  t.true(await sound('198.18.7.65', null));
  t.true(await sound('2a01:4f8:0:7::25', null));
  t.false(await sound('198.18.7.10', 'o11.news.test'));
  t.false(await sound('198.18.7.66', null, ['former.test']), 'it names somebody who had it');
  t.false(await sound('2a01:4f8:0:7::26', 'o25.news.test'));
});

ava('S-19: an address has no PTR record where its range, its alias or the root has no name', async (t) => {
  const dns = await serve(t);
  for (const address of ['198.18.7.67', '198.18.7.12', '198.18.7.200', '2a01:4f8:0:7::26'])
    t.deepEqual(
      (await lookAtNames(dns, { address, name: null, former: [] })).ptr,
      { state: 'missing', found: [] },
      address,
    );
  const elsewhere = await lookAtNames(dns, { address: '198.18.8.1', name: null, former: [] });
  t.like(elsewhere, { ptr: null, trouble: 'server-failed' }, 'a zone that nobody serves says nothing');
});

/** Has NSD serve the zones, and Unbound ask it. Returns a resolver that asks Unbound. */
async function serve(t: ExecutionContext): Promise<Resolver> {
  t.timeout(10 * MINUTE);
  const home = folder(t);
  chmodSync(home, 0o755);
  const [own, resolver] = [await freePort(), await freePort()];
  const zones = Object.entries(ZONES).map(([zone, text], nth) => {
    const head = `$ORIGIN ${zone}.\n$TTL 60\n@ SOA ns.test. host.test. 1 60 60 60 60\n@ NS ns.test.\n`;
    writeFileSync(join(home, `zone-${nth}`), head + text);
    return `zone:\n  name: ${zone}\n  zonefile: ${join(home, `zone-${nth}`)}\n`;
  });
  writeFileSync(
    join(home, 'nsd.conf'),
    `server:
  ip-address: 127.0.0.1@${own}
  zonesdir: "${home}"
  database: ""
  username: ""
  pidfile: ""
  xfrdfile: "${home}/xfrd.state"
  zonelistfile: "${home}/zone.list"
  xfrdir: "${home}"
  verbosity: 1
remote-control:
  control-enable: no
${zones.join('')}`,
  );
  await run(t, 'nsd', ['-c', join(home, 'nsd.conf'), '-d'], /nsd started/);
  const stubs = ['test', '18.198.in-addr.arpa', 'ip6.arpa'];
  writeFileSync(
    join(home, 'unbound.conf'),
    `server:
  interface: 127.0.0.1@${resolver}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${home}"
  pidfile: ""
  use-syslog: no
  verbosity: 1
  module-config: "iterator"
  do-not-query-localhost: no
  local-zone: "test." nodefault
${stubs.map((zone) => `stub-zone:\n  name: ${zone}\n  stub-addr: 127.0.0.1@${own}\n`).join('')}`,
  );
  await run(t, 'unbound', ['-c', join(home, 'unbound.conf')], /start of service/);
  return openResolver([`127.0.0.1:${resolver}`], { questionMs: MINUTE, atOnce: 20 });
}
