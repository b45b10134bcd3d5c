// Whole days of mail through the router: what a warming IP carries of them. The database's blocks are always at once.

import test from 'ava';
import fc from 'fast-check';
import type { Leases } from '../../src/routing/cap-leases.ts';
import { type Load, sizeOf } from '../../src/routing/load.ts';
import { MailToday, type Mix } from '../../src/routing/mail-today.ts';
import { Router } from '../../src/routing/router.ts';
import { capOf, type Ip } from '../../src/routing/sending-domain.ts';
import { Receivers } from '../../src/sending/receivers/memory.ts';
import { carriedOf } from '../../src/warmup/share.ts';
import { policy, sender, warming } from './senders.ts';

const HOUR = 3_600_000;
const MIDNIGHT = 20_000 * 24 * HOUR;
const USUAL = [
  ['gmail.com', 'gmail', 0.45],
  ['outlook.com', 'microsoft', 0.25],
  ['yahoo.com', 'yahoo', 0.12],
  ['shop.example', 'other', 0.18],
] as const;
const MIX: Mix = new Map(USUAL.map(([, provider, part]) => [provider, part]));

type Wish = {
  readonly ips: readonly Ip[];
  readonly domains?: number;
  /** Messages, and recipients of each. */
  readonly mail: number;
  readonly recipients?: number;
  /** The hour of the day at which they begin, and in how many hours they come. */
  readonly from: number;
  readonly hours: number;
  readonly isSorted: boolean;
  /** Whether it all goes to one provider. */
  readonly isOneSided?: boolean;
};

/** What each IP carried by provider. */
async function day(wish: Wish): Promise<Map<number, Map<string, number>>> {
  const { ips, domains = 1, mail, recipients = 1, from, hours, isSorted, isOneSided = false } = wish;
  let now = MIDNIGHT + from * HOUR;
  const spent = new Map<number, number>();
  const left = (ip: Ip) => Number(capOf(ip)) - (spent.get(ip.id) ?? 0);
  const leases = {
    now: () => now,
    left: (ip: Ip, load: Load) => (left(ip) >= sizeOf(load) ? left(ip) : 0),
    leftToday: left,
    dayLeft: left,
    spend: (ip: Ip, load: Load) => spent.set(ip.id, (spent.get(ip.id) ?? 0) + sizeOf(load)),
  };
  const today = new MailToday({
    mixesOf: async (ids) => new Map(ids.map((id) => [id, MIX])),
    log: undefined as never,
    now: () => now,
  });
  const router = new Router(
    { find: () => undefined, receivers: new Receivers() },
    leases as unknown as Leases,
    today,
    policy,
  );
  const senders = Array.from({ length: domains }, (_, i) => sender({ id: i + 1, name: `d${i}.example`, ips }));
  for (const ip of ips) today.seen(ip);
  await Promise.resolve();
  const carried = new Map(ips.map(({ id }) => [id, new Map<string, number>()]));
  for (let i = 0; i < mail; i += 1) {
    now = MIDNIGHT + Math.floor((from + (hours * i) / mail) * HOUR);
    const nth = isSorted ? i / mail : ((i * 7919) % mail) / mail;
    const [domain, provider] = USUAL[[0.45, 0.7, 0.82].filter((end) => nth >= end).length] ?? USUAL[3];
    const to = isOneSided ? 'gmail.com' : domain;
    const answer = router.answer({
      sender: senders[i % domains] as never,
      message: `${wish.mail}-${i}`,
      stream: 'marketing',
      recipients: Array.from({ length: recipients }, (_, no) => `r${i}.${no}@${to}`),
      count: null,
    });
    if (answer.via !== 'ip') continue;
    const by = carried.get(answer.ip.id);
    by?.set(provider, (by.get(provider) ?? 0) + recipients);
  }
  return carried;
}

const sumOf = (by: ReadonlyMap<string, number> | undefined) =>
  [...(by?.values() ?? [])].reduce((sum, one) => sum + one, 0);

const anyDay = fc.record({
  cap: fc.integer({ min: 200, max: 4_000 }),
  expectedTimes: fc.double({ min: 1.5, max: 12, noNaN: true }),
  comes: fc.double({ min: 0.7, max: 1.5, noNaN: true }),
  recipients: fc.constantFrom(1, 1, 3, 10, 50),
  from: fc.integer({ min: 0, max: 23 }),
  hours: fc.integer({ min: 1, max: 24 }),
  isSorted: fc.boolean(),
});

test('C-16, S-26: a day with 0.7 of its mail and 1.2 of the cap fills at least 95 % of it, and never more than it', async (t) => {
  await fc.assert(
    fc.asyncProperty(anyDay, async ({ cap, expectedTimes, comes, hours, ...how }) => {
      const expected = Math.round(cap * expectedTimes);
      const mail = Math.ceil(Math.max(comes * expected, 1.2 * cap) / how.recipients);
      const span = Math.min(hours, 24 - how.from);
      const carried = sumOf((await day({ ...how, ips: [warming(1, cap, expected)], mail, hours: span })).get(1));
      t.true(carried <= cap, `${carried} of ${cap}`);
      t.true(carried >= 0.95 * cap - how.recipients, `${carried} of ${cap}`);
    }),
    { numRuns: 100 },
  );
});

test('C-16: trials, forecasts and the simulated year say what the router does with a day’s mail', async (t) => {
  await fc.assert(
    fc.asyncProperty(anyDay, async ({ cap, expectedTimes, comes, recipients, hours }) => {
      const expected = Math.round(cap * expectedTimes);
      const mail = Math.max(1, Math.round((comes * expected) / recipients));
      // A trial's mail begins in the morning where it fits.
      const from = Math.min(8, 24 - hours);
      const carried = sumOf(
        (await day({ ips: [warming(1, cap, expected)], mail, recipients, from, hours, isSorted: false })).get(1),
      );
      const tried = carriedOf(cap, expected, mail * recipients, { recipients, hours, hourCap: null });
      const far = Math.abs(carried - tried);
      t.true(
        far <= 0.08 * cap + 4 * Math.sqrt(cap) + recipients,
        `${carried} by the router, ${tried} in a trial, of ${cap}`,
      );
    }),
    { numRuns: 60 },
  );
});

test('C-16: a mailing that is sorted by recipient domain shows the IP’s mail to every provider, in about its usual part', async (t) => {
  const mailing = { ips: [warming(1, 1_000, 20_000)], mail: 20_000, from: 9, hours: 1, isSorted: true };
  const carried = (await day(mailing)).get(1);
  for (const [, provider, part] of USUAL)
    t.true(Math.abs((carried?.get(provider) ?? 0) - 1_000 * part) < 100, `${provider}: ${carried?.get(provider)}`);
});

test('C-16: several IPs that warm up at once each fill their cap, and so do several domains over one IP', async (t) => {
  const how = { mail: 9_000, from: 8, hours: 10, isSorted: false };
  const two = await day({ ...how, ips: [warming(1, 400, 5_000), warming(2, 1_200, 5_000)] });
  t.deepEqual(
    [1, 2].map((id) => sumOf(two.get(id))),
    [400, 1_200],
  );
  const one = await day({ ...how, ips: [warming(1, 900, 10_000)], domains: 3 });
  t.is(sumOf(one.get(1)), 900);
});

test('C-16: what other providers do not use of the cap is freed late in the day', async (t) => {
  const gmail = { ips: [warming(1, 500, 5_000)], mail: 5_000, isSorted: false, isOneSided: true };
  t.true(sumOf((await day({ ...gmail, from: 9, hours: 2 })).get(1)) < 270);
  t.is(sumOf((await day({ ...gmail, from: 0, hours: 24 })).get(1)), 500);
});

test('C-16: a day that brings half of what is expected still fills the cap where it is spread over the day', async (t) => {
  const half = { ips: [warming(1, 500, 10_000)], mail: 5_000, from: 0, hours: 24, isSorted: false };
  t.true(sumOf((await day(half)).get(1)) >= 475);
});
