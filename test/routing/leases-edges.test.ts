// Blocks at midnight to the millisecond, and of warm IPs while the database is away.
import test from 'ava';
import fc from 'fast-check';
import { blockOf } from '../../src/routing/cap-leases.ts';
import { DAY, HOUR } from '../support/times.ts';
import { blocks, isThere, NINE, other } from './blocks.ts';
import { ip, planState, warming } from './senders.ts';

const MIDNIGHT = NINE + 15 * HOUR;

test('a block is 1 % of the cap, at least 5 messages, at most 500, never more than the cap', (t) => {
  t.deepEqual([3, 200, 900, 20_000, 1_000_000].map(blockOf), [3, 5, 9, 200, 500]);
  fc.assert(fc.property(fc.integer({ min: 1, max: 10_000_000 }), (cap) => blockOf(cap) >= 1 && blockOf(cap) <= cap));
});

test('more than is leased is never spent', (t) => {
  const { leases } = blocks();
  t.throws(() => leases.spend(warming(1, 1000, 1000), other(1), NINE), { message: /more was spent than was leased/ });
});

test('an answer goes by the instant of its clock', (t) => {
  t.is(blocks().leases.now(), NINE);
});

test('S-26: a block that is asked for at midnight is of the day that begins', async (t) => {
  const { leases, next, clock } = blocks();
  const cold = warming(1, 1000, 1000);
  clock.now = MIDNIGHT;
  leases.left(cold, other(1));
  await next().grant(10, 60);
  t.is(leases.left(cold, other(1)), 10);
  t.is(leases.dayLeft(cold), 70);
});

test('S-26: a block that could be asked for at midnight only is not of the day before', async (t) => {
  const { leases, next, clock } = blocks();
  const ips = [1, 2, 3, 4, 5].map((id) => warming(id, 1000, 1000));
  clock.now = MIDNIGHT - 1;
  for (const one of ips) leases.left(one, other(1));
  const [fifth] = ips.slice(-1);
  if (fifth === undefined) return t.fail();
  clock.now = MIDNIGHT;
  await next().grant(10);
  await next().grant(10);
  t.is(leases.left(fifth, other(1), MIDNIGHT - 1), 0);
});

test('at midnight nothing is given back: all of it is of the day before', async (t) => {
  const { leases, next, clock } = blocks();
  leases.left(warming(1, 1000, 1000), other(1));
  await next().grant(3);
  clock.now = MIDNIGHT;
  t.true(await isThere(leases.close()));
});

test('S-26: while the database is away a warm IP carries on by its limit, less what it was handed', async (t) => {
  const { leases, next, clock, logged, writes } = blocks();
  const warm = ip(7, { warmup: planState(500, 1000, { status: 'complete', stage: 2, warmedTo: 1_000 }) });
  leases.left(warm, other(1));
  await next().grant(30, 70);
  t.is(leases.left(warm, other(1)), 30);
  leases.spend(warm, other(28), NINE);
  leases.left(warm, other(1));
  await next().fail();
  t.is(leases.left(warm, other(1)), 2 + 1_970);
  leases.spend(warm, other(1_972), NINE);
  clock.now += 1_000;
  leases.left(warm, other(1));
  await next().fail();
  t.is(leases.left(warm, other(1)), 0, 'its limit once, not with each try');
  const facts = { ipId: 7, err: { message: 'away' } };
  t.like(logged, [
    { facts, sentence: 'no block could be taken; the warm IP carries what it may for this process' },
    { facts, sentence: 'no block of the cap could be taken; its mail goes over the fallback' },
  ]);
  clock.now += DAY;
  leases.left(warm, other(1));
  await next().fail();
  t.is(leases.left(warm, other(1)), 2_000, 'on the next day the same again');
  t.true(await isThere(leases.close()), 'what the database never gave is not given back');
  t.is(writes.length, 0);
});
