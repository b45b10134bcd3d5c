// Blocklists as their operators serve them: rbldnsd, the daemon that DNSBLs are made with, asked through Unbound.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { openResolver } from '../../src/dns/resolver.ts';
import { askListsDue } from '../../src/warmup/listings/background.ts';
import { freePort } from '../support/free-port.ts';
import * as make from '../support/make.ts';
import { folder } from '../support/process.ts';
import { HOUR, MINUTE, onBothEngines, type World } from '../support/world.ts';
import { run } from './daemon.ts';

const [ZEN, SPAMCOP, PSBL] = ['zen.spamhaus.org', 'bl.spamcop.net', 'psbl.surriel.com'];
const LISTED = '8.8.4.4';

/** A data set of rbldnsd. */
type DataSet = { readonly zone: string; readonly kind: 'ip4set' | 'ip4trie' | 'ip6trie'; readonly text: string };

/** As the documents of each list have it: ZEN with IPv6 and several codes for its test entry, the others with IPv4 alone. */
const zen: DataSet[] = [
  {
    zone: ZEN,
    kind: 'ip4set',
    text: '127.0.0.2 :2:\n127.0.0.2 :4:\n127.0.0.2 :10:\n8.8.4.4 :3:See $\n8.8.5.0/24 :11:\n',
  },
  { zone: ZEN, kind: 'ip6trie', text: '::ffff:7f00:2 :2:\n2a01:4f8:0:7::/64 :3:See $\n' },
];
const ipv4 = (zone: string): DataSet => ({ zone, kind: 'ip4set', text: ':127.0.0.2:See $\n127.0.0.2\n' });
const always = (zone: string, code: string): DataSet => ({ zone, kind: 'ip4trie', text: `0/0 :${code}:See $\n` });

onBothEngines(
  'a real DNSBL says which IPs are listed, by address, by range and by the /64 of IPv6',
  async (t, world) => {
    const ask = await serve(t, world, [...zen, ipv4(SPAMCOP), ipv4(PSBL)]);
    const { admin } = await make.staff(world);
    const addresses = [LISTED, '8.8.5.200', '8.8.6.1', '2a01:4f8:0:7::25', '2a01:4f8:0:8::25'];
    const ids = await stock(world, addresses);
    t.is(await ask(), addresses.length);
    const codes = new Map((await world.db('ip_listings')).map(({ ip_id: id, zone, codes }) => [id, [zone, codes]]));
    t.deepEqual(
      ids.map((id) => codes.get(id)),
      [[ZEN, '127.0.0.3'], [ZEN, '127.0.0.11'], undefined, [ZEN, '127.0.0.3'], undefined],
    );
    const visitor = await world.signedIn(admin.email);
    const page = async (nth: number) => (await visitor.get(`/ips/${ids[nth]}/sending`)).text;
    t.regex(await page(0), /On 1 blocklist\./);
    t.regex(await page(2), /Not on Spamhaus ZEN, SpamCop or PSBL\./);
    t.regex(await page(4), /Not on Spamhaus ZEN, SpamCop or PSBL, as far as they list IPv6 addresses\./);
  },
);

onBothEngines(
  'a real list that refuses, one that lists the world and one that is away list nobody',
  async (t, world) => {
    const ask = await serve(t, world, [always(ZEN, '127.255.255.254'), always(SPAMCOP, '127.0.0.2')]);
    const { admin } = await make.staff(world);
    const [id] = await stock(world, [LISTED]);
    await ask();
    t.is(await world.db('ip_listings').first(), undefined);
    const { text } = await (await world.signedIn(admin.email)).get(`/ips/${id}/sending`);
    t.regex(text, /Spamhaus ZEN refused the question \(127\.255\.255\.254\)\./);
    t.regex(text, /SpamCop lists every address, so it says nothing\./);
    t.regex(text, /PSBL could not be asked: its name servers failed\./);
    world.now += HOUR;
    t.is(await ask(), 1, 'asked again within the hour');
  },
);

onBothEngines(
  'a resolver that drops answers in 127.0.0.0/8, as against rebinding, makes no IP look clean',
  async (t, world) => {
    const ask = await serve(t, world, [...zen, ipv4(SPAMCOP), ipv4(PSBL)], 'private-address: 127.0.0.0/8');
    const { admin } = await make.staff(world);
    const [id] = await stock(world, [LISTED]);
    await ask();
    t.is(await world.db('ip_listings').first(), undefined);
    const { text } = await (await world.signedIn(admin.email)).get(`/ips/${id}/sending`);
    t.regex(text, /Spamhaus ZEN does not list its test entry: .*the resolver may not pass its answers on\./);
    t.notRegex(text, /Not on/);
  },
);

/** Puts addresses into stock. Returns their ids. */
async function stock({ db, now }: World, addresses: readonly string[]): Promise<number[]> {
  const rows = addresses.map((address) => ({ address, region: 'us', status: 'free', created_at: now }));
  await db('ips').insert(rows);
  return db('ips').orderBy('id').pluck('id');
}

/** Has rbldnsd serve lists, and Warmdesk ask it through Unbound. Returns what asks about the IPs that are due. */
async function serve(
  t: ExecutionContext,
  world: World,
  sets: readonly DataSet[],
  setting = '',
): Promise<() => Promise<number>> {
  t.timeout(10 * MINUTE);
  const home = folder(t);
  chmodSync(home, 0o755);
  const [list, resolver] = [await freePort(), await freePort()];
  const served = sets.map(({ zone, kind, text }, nth) => {
    writeFileSync(join(home, `set-${nth}`), text);
    return `${zone}:${kind}:${join(home, `set-${nth}`)}`;
  });
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  await run(t, 'rbldnsd', ['-n', ...user, '-b', `127.0.0.1/${list}`, ...served], / started /);
  const stubs = [ZEN, SPAMCOP, PSBL].map((zone) => `stub-zone:\n  name: ${zone}\n  stub-addr: 127.0.0.1@${list}\n`);
  const settings = `server:
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
  ${setting}
${stubs.join('')}`;
  writeFileSync(join(home, 'unbound.conf'), settings);
  await run(t, 'unbound', ['-c', join(home, 'unbound.conf')], /start of service/);
  const dns = openResolver([`127.0.0.1:${resolver}`], { questionMs: MINUTE, atOnce: 20 });
  const { db, deps } = world;
  return () => askListsDue({ db, dns, policy: deps.policy, now: () => world.now });
}
