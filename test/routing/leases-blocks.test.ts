// When blocks of a cap are asked for, how large, and what counts of one that arrives.
import test from 'ava';
import type { Load } from '../../src/routing/load.ts';
import { DAY, HOUR, MINUTE } from '../support/times.ts';
import { blocks, isThere, NINE, other } from './blocks.ts';
import { planState, warming } from './senders.ts';

const slowing = (slowed: Readonly<Record<string, number>>) =>
  warming(1, 1000, 1000, { warmup: planState(1000, 1000, { slowed }) });

test('S-26: a message goes over the IP where all of its recipients may, even if others would have room', async (t) => {
  const { leases, next } = blocks();
  const ip = slowing({ gmail: 12 });
  const both: Load = [
    { provider: 'gmail', count: 1 },
    { provider: 'other', count: 1 },
  ];
  t.is(leases.left(ip, both), 0);
  await next().grant(3);
  t.is(leases.left(ip, both), 0, 'nothing is there for the others');
  await next().grant(0);
  t.is(leases.left(ip, both), 0);
  t.is(leases.left(ip, both.slice(0, 1)), 3);
});

test('S-26: slowed providers have blocks of their own, on each IP', async (t) => {
  const { leases, next, writes } = blocks();
  const ip = slowing({ gmail: 12, yahoo: 12 });
  const of = (provider: string): Load => [{ provider, count: 1 }];
  for (const provider of ['gmail', 'yahoo', 'other']) leases.left(ip, of(provider));
  await next().grant(3);
  t.is(writes.length, 1, 'what was wanted meanwhile is taken together');
  await next().grant([4, 9]);
  t.deepEqual(
    ['gmail', 'yahoo', 'other'].map((provider) => leases.left(ip, of(provider))),
    [3, 4, 9],
  );
  t.is(leases.left({ ...ip, id: 2 }, of('gmail')), 0);
});

test('what is left today is what is held and what was left for others; the whole cap before it is known', async (t) => {
  const { leases, next, clock } = blocks();
  const ip = warming(1, 1000, 1000);
  t.is(leases.dayLeft(ip), 1000);
  t.is(leases.leftToday(ip, other(1)), 0);
  leases.left(ip, other(1));
  await next().grant(10, 60);
  t.is(leases.dayLeft(ip), 70);
  t.is(leases.leftToday(ip, other(1)), 70);
  leases.spend(ip, other(4), NINE);
  t.is(leases.dayLeft(ip), 66);
  clock.now = NINE + DAY;
  t.is(leases.dayLeft(ip), 1000, 'a new day, of which nothing is known');
  leases.left(ip, other(1));
  await next().grant(10, 90);
  t.is(leases.dayLeft(ip), 100);
});

test('one block is asked for at a time, ahead of need: at half of one, or where a message lacks some', async (t) => {
  const { leases, next, writes } = blocks();
  const ip = warming(1, 1000, 1000);
  leases.left(ip, other(1));
  leases.left(ip, other(1));
  t.is(writes.length, 1);
  await next().grant(8);
  t.is(leases.left(ip, other(8)), 8);
  t.is(writes.length, 0);
  t.is(leases.left(ip, other(9)), 0);
  await next().grant(1);
  t.is(leases.left(ip, other(9)), 9);
  leases.spend(ip, other(3), NINE);
  leases.left(ip, other(1));
  t.is(writes.length, 0, '6 of 10 are left');
  leases.spend(ip, other(1), NINE);
  leases.left(ip, other(1));
  t.is(writes.length, 1, '5 of 10');
});

test('an IP that may carry one message asks for it, and one that may carry none for nothing', (t) => {
  const { leases, writes } = blocks();
  t.is(leases.left(warming(2, 1, 1, { warmup: null }), other(1)), 0);
  t.is(leases.left(warming(3, 1, 1, { status: 'paused' }), other(1)), 0);
  t.is(writes.length, 0);
  t.is(leases.left(warming(1, 1, 1), other(1)), 0);
  t.is(writes.length, 1);
});

test('where nothing was left, or the database is away, the next try is a second later', async (t) => {
  const { leases, next, writes, clock, logged } = blocks();
  const ip = warming(7, 1000, 1000);
  for (const end of ['grant', 'fail'] as const) {
    leases.left(ip, other(1));
    await (end === 'grant' ? next().grant(0) : next().fail());
    clock.now += 999;
    leases.left(ip, other(1));
    t.is(writes.length, 0, end);
    clock.now += 1;
  }
  t.like(logged, [
    {
      facts: { ipId: 7, err: { message: 'away' } },
      sentence: 'no block of the cap could be taken; its mail goes over the fallback',
    },
  ]);
  leases.left(ip, other(1));
  await next().grant(3);
  leases.left(ip, other(1));
  t.is(writes.length, 1, 'where something was left, the next is asked for at once');
});

test('S-26: a block that arrives after midnight is of yesterday', async (t) => {
  const { leases, next, clock } = blocks();
  const ip = warming(1, 1000, 1000);
  clock.now = NINE + 15 * HOUR - 1;
  leases.left(ip, other(1));
  clock.now += 1;
  t.is(leases.left(ip, other(1)), 0);
  await next().grant(10, 60);
  t.is(leases.left(ip, other(1)), 0);
  t.is(leases.dayLeft(ip), 1000);
});

test('S-26: a block that is asked for before midnight and taken after it is of the new day', async (t) => {
  const { leases, next, clock } = blocks(MINUTE);
  const ip = warming(1, 1000, 1000);
  clock.now = NINE + 15 * HOUR - 1;
  leases.left(ip, other(1));
  await next().grant(5);
  t.is(leases.left(ip, other(1)), 5, 'and another one waits for those of other IPs');
  clock.now += 1;
  const settled = leases.settled();
  await next().grant(10, 60);
  await settled;
  t.is(leases.left(ip, other(1)), 10);
});

test('it is settled once no block is under way', async (t) => {
  const { leases, next } = blocks();
  t.true(await isThere(leases.settled()));
  leases.left(warming(1, 1000, 1000), other(1));
  leases.left(warming(2, 1000, 1000), other(1));
  const settled = leases.settled();
  await next().grant(3);
  t.false(await isThere(settled));
  await next().grant(3);
  t.true(await isThere(settled));
});

test('a router that stops asks for nothing more, and gives back what is of today and not used', async (t) => {
  const ip = warming(1, 1000, 1000);
  const stopped = async (spent: number, later: number) => {
    const one = blocks();
    one.leases.left(ip, other(1));
    await one.next().grant(3);
    one.leases.spend(ip, other(spent), NINE);
    one.clock.now += later;
    const closed = one.leases.close();
    const isDone = await isThere(closed);
    return { ...one, closed, isDone };
  };
  const { leases, next, writes, closed, isDone } = await stopped(1, 0);
  t.false(isDone, 'two are given back');
  await next().grant(0);
  await closed;
  t.is(leases.left(ip, other(1)), 0);
  t.is(writes.length, 0);
  t.true((await stopped(3, 0)).isDone, 'nothing is left');
  t.true((await stopped(1, DAY)).isDone, 'what is of yesterday is void');
});

test('a block that is fetched ahead waits for others, but not while a message waits for it', async (t) => {
  const { leases, writes, next } = blocks(MINUTE);
  const [one, two] = [warming(1, 1000, 1000), warming(2, 1000, 1000)];
  for (const ip of [one, two]) leases.left(ip, other(1));
  t.is(writes.length, 1, 'nothing is leased, so it is asked for at once');
  await next().grant(5);
  await next().grant(5);
  for (const ip of [one, two]) t.is(leases.left(ip, other(1)), 5);
  t.is(writes.length, 0, 'half a block is there');
  t.not(leases.coming(one, other(6), MINUTE), undefined);
  t.is(writes.length, 1, 'a message lacks it');
  leases.left(one, other(1));
  leases.left(two, other(1));
  t.is(writes.length, 1, 'the block of the other IP came with it');
  await next().grant([10, 10]);
  for (const ip of [one, two]) t.is(leases.left(ip, other(1)), 15);
});

test('a block that is fetched ahead is fetched after a moment, and at once where the router stops', async (t) => {
  const { leases, writes, next } = blocks(1);
  const ip = warming(1, 1000, 1000);
  leases.left(ip, other(1));
  await next().grant(5);
  leases.left(ip, other(1));
  t.is(writes.length, 0);
  const settled = leases.settled();
  t.is(writes.length, 1);
  await next().grant(5);
  await settled;
});
