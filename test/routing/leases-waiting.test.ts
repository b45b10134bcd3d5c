// What an answer waits for while a block of a cap is on its way, and for how long. The database answers when it is told to.
import test from 'ava';
import type { Load } from '../../src/routing/load.ts';
import { MINUTE } from '../support/times.ts';
import { blocks, isThere, NINE, other } from './blocks.ts';
import { planState, warming } from './senders.ts';

/** What `work` returns where the monotonic clock shows `at` milliseconds. It has to be synchronous. */
function clockAt<T>(at: number, work: () => T): T {
  performance.now = () => at;
  try {
    return work();
  } finally {
    Reflect.deleteProperty(performance, 'now');
  }
}

test.serial('an answer waits for a block that is on its way and that it lacks, until it arrives', async (t) => {
  const { leases, next } = blocks();
  const ip = warming(1, 1000, 1000);
  t.is(leases.coming(ip, other(1), MINUTE), undefined, 'nothing was asked for');
  t.is(leases.left(ip, other(1)), 0);
  const coming = leases.coming(ip, other(1), MINUTE);
  t.false(await isThere(coming));
  void next().grant(3);
  t.true(await isThere(coming));
  t.is(leases.coming(ip, other(1), MINUTE), undefined, 'it is here');
  t.is(leases.coming(ip, other(9), MINUTE), undefined, 'and no other is on its way');
});

test.serial('an answer that lacks nothing does not wait for what is fetched ahead', async (t) => {
  const { leases, writes, next } = blocks();
  const ip = warming(1, 1000, 1000);
  leases.left(ip, other(1));
  await next().grant(3);
  t.is(leases.left(ip, other(1)), 3);
  t.is(writes.length, 1, 'another block is on its way');
  t.is(leases.coming(ip, other(3), MINUTE), undefined);
  t.not(leases.coming(ip, other(4), MINUTE), undefined);
});

test.serial('of a message whose recipients may be at a slowed provider nothing is waited for', (t) => {
  const { leases } = blocks();
  const ip = warming(1, 1000, 1000, { warmup: planState(1000, 1000, { slowed: { gmail: 12 } }) });
  leases.left(ip, other(1));
  const unknown: Load = [{ provider: '', count: 1 }];
  t.not(leases.coming(ip, other(1), MINUTE), undefined);
  t.is(leases.coming(ip, unknown, MINUTE), undefined);
  t.is(leases.left(ip, unknown), 0);
  t.is(leases.leftToday(ip, unknown), 0);
  t.notThrows(() => leases.spend(ip, unknown, NINE));
});

test.serial(
  'an answer waits for a block no longer than it is patient, counted from when the block was asked for',
  async (t) => {
    const { leases } = blocks();
    const ip = warming(1, 1000, 1000);
    clockAt(5_000, () => leases.left(ip, other(1)));
    const at = (now: number) => clockAt(now, () => leases.coming(ip, other(1), 800));
    t.not(at(5_000), undefined);
    t.not(at(5_799), undefined);
    t.is(at(5_800), undefined);
    t.is(at(6_000), undefined);
    // The block never arrives: a millisecond's patience is over by itself.
    await at(5_799);
  },
);

test.serial('a block that arrives leaves no timer behind', async (t) => {
  const { leases, next } = blocks();
  const ip = warming(1, 1000, 1000);
  leases.left(ip, other(1));
  const cleared: unknown[] = [];
  const { clearTimeout: clear } = globalThis;
  globalThis.clearTimeout = (timer) => {
    if (timer !== undefined) cleared.push(timer);
    clear(timer);
  };
  const coming = leases.coming(ip, other(1), MINUTE);
  void next().grant(3);
  t.true(await isThere(coming));
  globalThis.clearTimeout = clear;
  t.is(cleared.length, 1);
});

test.serial('who waits for a block that is not asked for any more is answered when the router stops', async (t) => {
  const { leases, writes } = blocks();
  const [first, second] = [warming(1, 1000, 1000), warming(2, 1000, 1000)];
  for (const ip of [first, second]) leases.left(ip, other(1));
  t.is(writes.length, 1, 'one write at a time');
  const coming = leases.coming(second, other(1), 10 * MINUTE);
  t.false(await isThere(coming));
  const closed = leases.close();
  t.true(await isThere(coming));
  for (const write of writes) void write.grant(0);
  await closed;
  t.is(writes.length, 1);
});

test.serial('what is wanted while a block is taken is taken together, fifty at a time', async (t) => {
  const { leases, writes, next } = blocks();
  const ips = Array.from({ length: 61 }, (_, id) => warming(id, 1000, 1000));
  for (const ip of ips) leases.left(ip, other(1));
  await next().grant(3);
  await next().grant(Array<number>(50).fill(4));
  await next().grant(Array<number>(10).fill(5));
  t.is(writes.length, 0);
  t.deepEqual(Map.groupBy(ips, (ip) => leases.left(ip, other(1))).get(4)?.length, 50);
  t.deepEqual(
    [0, 1, 50, 51, 60].map((id) => leases.left(ips[id] as (typeof ips)[number], other(1))),
    [3, 4, 4, 5, 5],
  );
});
