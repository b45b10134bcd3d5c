// The page's policy and the shipped module, in real Lua, over a real export.
import test from 'ava';
import { exportedFrom } from '../../../src/routing/export/input.ts';
import { kumomta } from '../../../src/routing/export/kumomta.ts';
import { ip, policy, sender, warming, withOverflow } from '../senders.ts';
import { Context, host } from './lua.ts';

const pools = policy.pools.map((pool) =>
  pool.key === 'shared-us' ? { ...pool, addresses: ['198.51.100.1', '198.51.100.2'] } : pool,
);
const of = { policy: { ...policy, pools }, today: 20_000, helo: 'mta.example.net' };
const acme = { id: 1, region: null, ips: [warming(2, 200, 1000)] };
const warm = { id: 2, region: null, ips: [ip(5)] };
const senders = [
  sender({ name: 'news.acme.example', ips: acme.ips, account: acme }),
  sender({ name: 'warm.example', ips: warm.ips, account: warm }),
  sender({ name: 'plain.example' }),
  sender({ name: 'receipts.example', route: 'transactional', usage: 'transactional' }),
];
const NOON = 20_000 * 86_400 + 12 * 3600;
const exported = (change: Partial<typeof of> = {}, all = senders) =>
  host(kumomta(exportedFrom(all, { ...of, ...change })), NOON);
const SMTP = 'smtp_server_message_received';
const HTTP = 'http_message_generated';

test('C-16: the page’s policy loads, and a message is for the warming IP by the day’s share, over SMTP and HTTP', async (t) => {
  const here = exported();
  const context = await Context.open(here);
  here.random = () => 0;
  for (const event of [SMTP, HTTP])
    t.is(context.receive(event, 'bounce.News.acme.example').tenant, 'news.acme.example+ip-192-0-2-2');
  here.random = () => 0.999;
  t.is(context.receive(SMTP, 'news.acme.example').tenant, 'news.acme.example');
  t.is(context.receive(HTTP, 'elsewhere.example').tenant, undefined, 'other mail is left alone');
  t.is(context.receive(SMTP, undefined).tenant, undefined, 'and so are bounces');
  const queue = (tenant: string) => context.call('get_queue_config', 'gmail.com', tenant);
  t.deepEqual(queue('news.acme.example+ip-192-0-2-2'), {
    egress_pool: 'domain:news.acme.example+ip-192-0-2-2',
    max_age: '2 days',
  });
  t.is(queue('news.acme.example')?.['egress_pool'], 'domain:news.acme.example');
  t.is(queue('news.acme.example+ip-192-0-2-77')?.['egress_pool'], 'domain:news.acme.example', 'an IP that has gone');
  t.is(queue('plain.example')?.['egress_pool'], 'shared-us');
  t.deepEqual(queue('their-own'), { max_age: '2 days' });
  context.close();
});

test('S-16: a warming source has its day’s rate beside what the shaping helper says, and another way after it', async (t) => {
  const here = exported();
  const context = await Context.open(here);
  const pool = context.call('get_egress_pool', 'domain:news.acme.example+ip-192-0-2-2');
  t.deepEqual(pool?.['entries'], [
    { name: 'ip-198-51-100-1', weight: 1 },
    { name: 'ip-192-0-2-2', weight: 1000 },
    { name: 'ip-198-51-100-2', weight: 1 },
  ]);
  t.deepEqual(context.call('get_egress_source', 'ip-192-0-2-2'), {
    name: 'ip-192-0-2-2',
    source_address: '192.0.2.2',
    ehlo_domain: 'ip-192-0-2-2.mta.example.net',
  });
  t.throws(() => context.call('get_egress_source', 'ip-192-0-2-77'), { message: /no such source/ });
  const path = (source: string, at: number) => {
    here.at = at;
    return context.call('get_egress_path_config', 'a.example', source, 'mx.a.example');
  };
  const rates = (day: number) => ({ [`warmdesk-ip-192-0-2-2-${day}`]: '200/30d,max_burst=192' });
  t.deepEqual(path('ip-192-0-2-2', NOON), {
    connection_limit: 3,
    refresh_strategy: 'Ttl',
    additional_source_selection_rates: rates(20_000),
  });
  t.deepEqual(path('ip-198-51-100-1', NOON), { connection_limit: 3, refresh_strategy: 'Epoch' });
  const morning = (hour: number) => (20_001 * 24 + hour) * 3600;
  const named = (at: number) => path('ip-192-0-2-2', at)?.['additional_source_selection_rates'];
  t.deepEqual(named(morning(5)), rates(20_000), 'while Warmdesk judges the day before, the cap is the one of that day');
  t.deepEqual(named(morning(6)), rates(20_001), 'a file that is not written again goes on granting its cap each day');
  context.close();
});

test('S-17: a slowed provider is known by its recipients’ domain and by its mail servers', async (t) => {
  const slow = warming(2, 200, 1000);
  if (slow.warmup === null) throw new Error('no plan');
  const ips = [{ ...slow, warmup: { ...slow.warmup, slowed: { gmail: 30 } } }];
  const context = await Context.open(exported({}, [sender({ ips, account: { ips } })]));
  const rates = (domain: string, site: string) =>
    Object.keys(
      Object(
        context.call('get_egress_path_config', domain, 'ip-192-0-2-2', site)?.['additional_source_selection_rates'],
      ),
    ).sort();
  const both = ['warmdesk-ip-192-0-2-2-20000', 'warmdesk-ip-192-0-2-2-gmail-20000'];
  t.deepEqual(rates('gmail.com', '(alt1|alt2|alt3|alt4)?.gmail-smtp-in.l.google.com'), both);
  t.deepEqual(rates('workspace.example', '(aspmx.l|alt1.aspmx.l).google.com'), both);
  t.deepEqual(rates('a.example', 'mx.a.example'), [both[0]]);
  context.close();
});

test('S-04, S-16: what nothing may carry stays in the queue, and is tried often enough to use each day’s cap', async (t) => {
  const eu = sender({ name: 'eu.example', account: { region: 'eu' } });
  const american = { ...of.policy, pools: pools.filter(({ region }) => region === 'us') };
  const homeless = await Context.open(exported({ policy: american }, [eu]));
  t.deepEqual(Object.values(Object(homeless.call('get_egress_pool', 'domain:eu.example')?.['entries'])), []);
  t.is(homeless.call('get_queue_config', 'gmail.com', 'eu.example')?.['max_retry_interval'], '20 minutes');
  homeless.close();
  const here = exported({ policy: { ...withOverflow('wait'), pools } });
  here.random = () => 0.999_999_9;
  const waiting = await Context.open(here);
  const { tenant = '' } = waiting.receive(SMTP, 'news.acme.example');
  const { egress_pool = '', max_retry_interval } = waiting.call('get_queue_config', 'gmail.com', tenant) ?? {};
  t.deepEqual(waiting.call('get_egress_pool', String(egress_pool))?.['entries'], [{ name: 'ip-192-0-2-2', weight: 1 }]);
  t.is(max_retry_interval, '20 minutes');
  waiting.close();
});

test('C-06: campaigns of a domain in the transactional pool are refused, its transactional messages taken', async (t) => {
  const context = await Context.open(exported());
  const campaign = context.receive(SMTP, 'receipts.example');
  t.is(campaign.code, 550);
  t.regex(String(campaign.text), /^5\.7\.1 /);
  t.is(context.receive(HTTP, 'receipts.example').tenant, 'receipts.example');
  t.is(context.call('get_queue_config', 'gmail.com', 'receipts.example')?.['egress_pool'], 'transactional-us');
  context.close();
});

test('C-02: all mail of a domain that is stopped is refused, its transactional messages too', async (t) => {
  const stopped = sender({ name: 'bad.example', isStopped: true });
  const context = await Context.open(exported({}, [...senders, stopped]));
  for (const event of [SMTP, HTTP]) {
    const { code, text } = context.receive(event, 'bad.example');
    t.is(code, 550);
    t.regex(String(text), /^5\.7\.1 bad\.example is stopped/);
  }
  context.close();
});

test('where the file cannot be read mail is deferred, also in a Lua context that is new', async (t) => {
  const here = exported();
  const first = await Context.open(here);
  t.is(first.receive(SMTP, 'plain.example').tenant, 'plain.example');
  here.file = null;
  here.kept.clear();
  const second = await Context.open(here);
  for (const context of [first, second]) {
    t.throws(() => context.receive(SMTP, 'plain.example'));
    t.throws(() => context.call('get_egress_pool', 'shared-us'));
    context.close();
  }
});

test('every pool of an export has sources that are in it, and none has a single source of weight 0', (t) => {
  for (const overflow of [['warm-ips', 'pool', 'wait'], ['wait']] as const) {
    const text = kumomta(exportedFrom(senders, { ...of, policy: { ...withOverflow(...overflow), pools } }));
    const file = JSON.parse(text) as {
      pools: Record<string, { name: string; weight: number }[]>;
      sources: Record<string, unknown>;
    };
    const entries = Object.values(file.pools).flat();
    t.true(entries.length > 0);
    t.true(entries.every(({ name, weight }) => name in file.sources && weight >= 1));
  }
});
