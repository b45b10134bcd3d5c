// What an export comes to in KumoMTA: messages dealt out by the page's policy in real Lua, sources chosen by KumoMTA's rules.
import test from 'ava';
import { warming } from '../senders.ts';
import { Throttles, Turns, tries } from './selection.ts';
import { companies, consumers, DAY, kumo, type Message, mailing, TODAY } from './server.ts';

const NEW = 'ip-192-0-2-2';

/** Of these messages, how many went over the new IP in each day from six o'clock on, and to how many domains. */
async function carriedOf(cap: number, expected: number, messages: readonly Message[]) {
  const server = await kumo([warming(2, cap, expected)]);
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
  const server = await kumo([warming(2, 200, 1000)], ['wait']);
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
