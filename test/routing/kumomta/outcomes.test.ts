// What an export comes to in KumoMTA: messages dealt out by the page's policy in real Lua, sources chosen by KumoMTA's rules.
import test from 'ava';
import { exportedFrom } from '../../../src/routing/export/input.ts';
import { kumomta } from '../../../src/routing/export/kumomta.ts';
import { policy, sender, warming, withOverflow } from '../senders.ts';
import { Context, host } from './lua.ts';
import { type Entry, Throttles, Turns, tries } from './selection.ts';

const DAY = 86_400;
const TODAY = 20_000;
const pools = policy.pools.map((pool) =>
  pool.key === 'shared-us' ? { ...pool, addresses: ['198.51.100.1', '198.51.100.2'] } : pool,
);
const [SENDER, NEW] = ['news.acme.example', 'ip-192-0-2-2'];

type Message = { readonly at: number; readonly to: string };
/** The recipient's domain of the nth message. */
type Audience = (n: number) => string;

/** Half of a list at four large receivers, the rest at small domains with a few recipients each. */
const consumers: Audience = (n) => {
  const part = (n * 0.618_033_988_7) % 1;
  if (part < 0.3) return 'gmail.com';
  if (part < 0.42) return 'outlook.com';
  if (part < 0.5) return 'yahoo.com';
  return part < 0.55 ? 'icloud.com' : `small-${n % 900}.example`;
};
/** Companies, each with one or two recipients. */
const companies: Audience = (n) => `company-${Math.floor(n / 1.5)}.example`;

/** `count` messages, evenly from `from` on for `seconds`. */
const mailing = (count: number, from: number, seconds: number, audience: Audience): Message[] =>
  Array.from({ length: count }, (_, n) => ({ at: from + (n * seconds) / count, to: audience(n) }));

/** A KumoMTA with the export of one sender whose IP may carry `cap` of `expected` messages today. */
async function kumo(
  cap: number,
  expected: number,
  overflow: typeof policy.warmup.overflow.value = ['warm-ips', 'pool'],
) {
  const ips = [warming(2, cap, expected)];
  const senders = [sender({ name: SENDER, ips, account: { ips } })];
  const of = { policy: { ...withOverflow(...overflow), pools }, today: TODAY, helo: null };
  const here = host(kumomta(exportedFrom(senders, of)), TODAY * DAY);
  here.random = drawn(cap);
  const context = await Context.open(here);
  const throttles = new Throttles();
  const turns = new Map<string, Turns>();
  const paths = new Map<string, Record<string, string>>();
  const entries = new Map<string, Entry[]>();
  const poolOf = (tenant: string): Entry[] => {
    const name = String(context.call('get_queue_config', 'any.example', tenant)?.['egress_pool']);
    return Object.values(Object(context.call('get_egress_pool', name)?.['entries']));
  };
  const turnsOf = (tenant: string, to: string): Turns => {
    const pool = kept(entries, tenant, () => poolOf(tenant));
    return kept(turns, `${tenant}@${to}`, () => new Turns(pool));
  };
  /** Looked at again each hour here, each minute in KumoMTA. */
  const ratesOf = (source: string, to: string, at: number): Record<string, string> => {
    const site = to.endsWith('.example') ? 'any.example' : to;
    return kept(paths, `${source} ${site} ${Math.floor(at / 3600)}`, () => {
      here.at = at;
      const path = context.call('get_egress_path_config', site, source, `mx.${site}`);
      return Object(path?.['additional_source_selection_rates'] ?? {}) as Record<string, string>;
    });
  };
  return {
    tenants: (count: number) => context.tenants('smtp_server_message_received', SENDER, count),
    send: (tenant: string, { at, to }: Message) =>
      turnsOf(tenant, to).choose((source) =>
        Object.entries(ratesOf(source, to, at)).every(([name, rate]) => throttles.take(name, rate, at)),
      ),
    close: () => context.close(),
  };
}

function kept<V>(all: Map<string, V>, key: string, make: () => V): V {
  const there = all.get(key) ?? make();
  all.set(key, there);
  return there;
}

/** Numbers from 0 to 1 that look drawn, the same each time. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Of these messages, how many went over the new IP in each day from six o'clock on, and to how many domains. */
async function carriedOf(cap: number, expected: number, messages: readonly Message[]) {
  const server = await kumo(cap, expected);
  const days = new Map<number, number>();
  const domains = new Set<string>();
  const tenants = server.tenants(messages.length);
  for (const [n, message] of messages.entries()) {
    if (server.send(tenants[n] ?? '', message) !== NEW) continue;
    const day = Math.max(TODAY, Math.floor((message.at - 6 * 3600) / DAY));
    days.set(day, (days.get(day) ?? 0) + 1);
    domains.add(message.to);
  }
  server.close();
  return { byDay: [...days.values()], domains: domains.size };
}

const MORNING = TODAY * DAY + 9 * 3600;

for (const [cap, expected] of [
  [50, 1000],
  [200, 7143],
  [748, 3_000],
] as const) {
  for (const [whom, audience] of Object.entries({ consumers, companies })) {
    for (const [when, seconds] of Object.entries({ 'an hour': 3600, 'a day': 20 * 3600 })) {
      test(`C-16: a stage of ${cap} gets its volume in ${when} with ${expected} messages to ${whom}, never more`, async (t) => {
        for (const part of [1, 0.65]) {
          const { byDay, domains } = await carriedOf(
            cap,
            expected,
            mailing(expected * part, MORNING, seconds, audience),
          );
          const [carried = 0] = byDay;
          t.true(carried >= 0.9 * cap && carried <= cap, `${carried} of ${cap}`);
          t.true(domains >= 4, 'not one receiver alone');
        }
      });
    }
  }
}

test('S-16: ten times the expected mail takes no more of the IP than its cap, on each of five days', async (t) => {
  const { byDay } = await carriedOf(50, 200, mailing(10_000, MORNING, 5 * DAY - 3 * 3600, consumers));
  t.is(byDay.length, 5);
  for (const carried of byDay) t.true(carried >= 45 && carried <= 50, `${carried}`);
});

/** How many of some messages are sent before they expire, where what is above the cap waits. */
async function sentBeforeExpiry(count: number, longest: number | undefined): Promise<number> {
  const server = await kumo(200, 1000, ['wait']);
  const due = mailing(count, MORNING, 3600, consumers).flatMap((message, id) =>
    tries(longest === undefined ? {} : { longest }).map((age) => ({ id, at: message.at + age, to: message.to })),
  );
  const sent = new Set<number>();
  const [tenant = ''] = server.tenants(1);
  for (const { id, at, to } of due.sort((a, b) => a.at - b.at))
    if (!sent.has(id) && server.send(tenant, { at, to }) !== null) sent.add(id);
  server.close();
  return sent.size;
}

test('S-16: of mail that has to wait, as much is sent in a week as its caps allow', async (t) => {
  t.is(await sentBeforeExpiry(200, 1200), 200);
  const week = await sentBeforeExpiry(2000, 1200);
  t.true(week >= 7 * 190 && week <= 8 * 200, `${week}`);
  const doubling = await sentBeforeExpiry(2000, undefined);
  t.true(doubling < 0.7 * week, `KumoMTA’s own times between tries would send ${doubling}`);
});

test('the rules of the port: an only entry is taken whatever its weight, and the second entry is the first', (t) => {
  const all = () => true;
  t.is(new Turns([{ name: 'only', weight: 0 }]).choose(all), 'only');
  t.is(new Turns([]).choose(all), null);
  const turns = new Turns([
    { name: 'a', weight: 5 },
    { name: 'b', weight: 2 },
    { name: 'c', weight: 3 },
  ]);
  const counts = { a: 0, b: 0, c: 0 };
  t.is(turns.choose(all), 'b');
  for (let n = 1; n < 100; n += 1) counts[turns.choose(all) as 'a' | 'b' | 'c'] += 1;
  t.true(Math.abs(counts.a - 50) <= 1 && Math.abs(counts.b - 20) <= 1 && Math.abs(counts.c - 30) <= 1);
  const throttles = new Throttles();
  const taken = (name: string, spec: string, seconds: number) =>
    Array.from({ length: 1000 }, (_, n) => throttles.take(name, spec, (n * seconds) / 1000)).filter(Boolean).length;
  t.is(taken('plain', '200/day', DAY), 399, 'twice the figure on the first day');
  t.is(taken('spread', '200/day,max_burst=0', 3600), 9, 'and with an even spread a mailing in an hour finds nothing');
});
