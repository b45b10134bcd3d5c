// S-05: marketing and transactional mail of one domain on two IPs, by the pure rule and in the files for mail servers.
import test from 'ava';
import { alongsideIp } from '../../src/routing/alongside.ts';
import { egressToday } from '../../src/routing/egress-today.ts';
import { exportedFrom } from '../../src/routing/export/input.ts';
import { kumomta } from '../../src/routing/export/kumomta.ts';
import { postfixSenders } from '../../src/routing/export/postfix.ts';
import { powermta } from '../../src/routing/export/powermta.ts';
import { type RouteAnswer, route } from '../../src/routing/route.ts';
import type { Ip, MessageStream, Sender } from '../../src/routing/sending-domain.ts';
import { Context, host } from './kumomta/lua.ts';
import { ip, policy, sender, warming, withOverflow } from './senders.ts';

const viaOf = (answer: RouteAnswer) =>
  answer.via === 'ip' ? answer.ip.address : answer.via === 'pool' ? answer.pool.key : answer.via;
const overWhat = (from: Sender, stream: MessageStream, by = policy) => {
  const ask = (n: number) => ({ stream, message: `<${n}@acme.example>`, to: [{ provider: 'gmail', count: 1 }] });
  return [...new Set(Array.from({ length: 500 }, (_, n) => viaOf(route(from, ask(n), by, () => 1_000_000))))].sort();
};
const campaigns = ip(1, { carries: 'marketing' });
const receipts = ip(2, { carries: 'transactional' });
const split = (...ips: readonly Ip[]) => sender({ ips });

test('S-05: each kind of mail goes over the IPs that are for it, and over those that are for all', (t) => {
  t.deepEqual(overWhat(split(campaigns, receipts), 'marketing'), ['192.0.2.1']);
  t.deepEqual(overWhat(split(campaigns, receipts), 'transactional'), ['192.0.2.2']);
  t.deepEqual(overWhat(split(ip(1), receipts), 'transactional'), ['192.0.2.1', '192.0.2.2']);
  t.deepEqual(overWhat(split(ip(1), receipts), 'marketing'), ['192.0.2.1']);
});

test('S-05: mail for which a domain has no IP goes over all of them, so that none waits because one was given back', (t) => {
  t.deepEqual(overWhat(split(receipts), 'marketing'), ['192.0.2.2']);
  t.deepEqual(overWhat(split(receipts, ip(3, { carries: 'transactional' })), 'marketing'), ['192.0.2.2', '192.0.2.3']);
});

test('C-15: what a warming IP for one kind may not carry goes over the pool, not over the IP for the other kind', (t) => {
  const young = warming(3, 200, 1000, { carries: 'marketing' });
  t.deepEqual(overWhat(split(young, receipts), 'marketing'), ['192.0.2.3', 'shared-us']);
  t.deepEqual(overWhat(split(young, receipts), 'transactional'), ['192.0.2.2']);
});

test('S-16: where warm IPs take the overflow, one for the same kind is taken, and any rather than wait', (t) => {
  const young = warming(3, 200, 1000, { carries: 'marketing' });
  const own = (ips: readonly Ip[]) => sender({ ips: [young], account: { ips: [young, ...ips] } });
  const by = withOverflow('warm-ips', 'wait');
  t.deepEqual(overWhat(own([campaigns, receipts]), 'marketing', by), ['192.0.2.1', '192.0.2.3']);
  t.deepEqual(overWhat(own([receipts]), 'marketing', by), ['192.0.2.2', '192.0.2.3']);
});

test('a paused IP for one kind of mail does not send that mail over the IP for the other', (t) => {
  const paused = warming(3, 200, 1000, { carries: 'marketing', status: 'paused' });
  t.deepEqual(overWhat(split(paused, receipts), 'marketing'), ['shared-us']);
});

test('the Mail Servers page and the page of a warm-up say it', (t) => {
  const { lines } = egressToday(split(campaigns, receipts), policy, new Map(), 20_000);
  t.deepEqual(
    lines.map(({ over, share }) => [over, share]),
    [
      ['192.0.2.1', 1],
      ['192.0.2.2', 0],
    ],
  );
  t.regex(lines[1]?.why ?? '', /^For transactional mail only: messages that say they are transactional go over it\.$/);
  const young = warming(3, 200, 1000, { carries: 'transactional' });
  t.deepEqual(alongsideIp([split(campaigns, young)], young.address, policy).over, ['the shared pool']);
});

const exported = (all: readonly Sender[]) => exportedFrom(all, { policy, today: 20_000, helo: 'mta.example.net' });
const acme = { id: 1, region: null, ips: [campaigns, warming(2, 200, 1000, { carries: 'transactional' })] };
const both = sender({ name: 'acme.example', ips: acme.ips, account: acme });

test('KumoMTA’s policy deals out each kind of mail to its own IPs, in real Lua', async (t) => {
  const here = host(kumomta(exported([both, sender({ name: 'plain.example', id: 2 })])), 20_000 * 86_400);
  here.random = () => 0;
  const context = await Context.open(here);
  // On the page campaigns come in over SMTP and transactional mail over HTTP.
  t.is(context.receive('smtp_server_message_received', 'acme.example').tenant, 'acme.example');
  const receipt = context.receive('http_message_generated', 'acme.example');
  t.is(receipt.tenant, 'transactional:acme.example+ip-192-0-2-2');
  t.is(context.receive('http_message_generated', 'plain.example').tenant, 'plain.example');
  const pool = (tenant: string) => context.call('get_queue_config', 'gmail.com', tenant)?.['egress_pool'];
  const entries = (tenant: string) =>
    JSON.stringify(context.call('get_egress_pool', String(pool(tenant)))?.['entries']);
  t.regex(entries('acme.example'), /ip-192-0-2-1/);
  t.true(entries('transactional:acme.example+ip-192-0-2-2').includes('ip-192-0-2-2'));
  t.false(entries('transactional:acme.example').includes('ip-192-0-2-1'));
  context.close();
});

test('files that know the sender alone have what carries its usual mail; PowerMTA has a pool for the other kind', (t) => {
  t.regex(postfixSenders(exported([both])), /^@acme\.example ip-192-0-2-1:/m);
  const conf = powermta(exported([both]));
  const pool = (name: string) =>
    new RegExp(`<virtual-mta-pool ${name}>\\n(.*?)</virtual-mta-pool>`, 's').exec(conf)?.[1];
  t.is(pool('domain-acme\\.example'), '  virtual-mta ip-192-0-2-1\n');
  t.regex(pool('domain-acme\\.example-transactional') ?? '', /cold-virtual-mta ip-192-0-2-2/);
  t.notRegex(pool('domain-acme\\.example-transactional') ?? '', /ip-192-0-2-1/);
});
