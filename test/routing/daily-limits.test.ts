// What a router tells the others of accounts with a daily limit, by itself.
import test from 'ava';
import { DailyLimits } from '../../src/routing/daily/limits.ts';

const NOON = 12 * 3_600_000;

/** Counts one message of each of these accounts. */
function send(limits: DailyLimits, ids: readonly number[], name = 'm'): void {
  for (const id of ids) limits.take({ id, dailyLimit: 10 }, `${id} ${name}`);
}

/** Tells the others of some accounts. Returns which. */
function tell(limits: DailyLimits, most: number): number[] {
  const told = limits.untold(most);
  for (const one of told) limits.noteTold(limits.day, { ...one, sent: one.count });
  return told.map(({ accountId }) => accountId);
}

test('S-02: of many accounts some are told at a time, each once, until none is left', (t) => {
  const limits = new DailyLimits(() => NOON);
  send(limits, [1, 2, 3, 4, 5]);
  t.is(limits.waiting, 5);
  t.deepEqual(tell(limits, 2), [1, 2]);
  t.deepEqual(tell(limits, 2), [3, 4]);
  t.deepEqual(tell(limits, 2), [5]);
  t.is(limits.waiting, 0);
  t.deepEqual(tell(limits, 2), []);
});

test('S-02: an account that goes on sending while it is told of keeps nobody else waiting', (t) => {
  const limits = new DailyLimits(() => NOON);
  send(limits, [1, 2]);
  const [one] = limits.untold(1);
  send(limits, [1], 'meanwhile');
  if (one) limits.noteTold(limits.day, { ...one, sent: 1 });
  t.deepEqual(limits.untold(1), [{ accountId: 2, count: 1, perDay: 10 }]);
  t.deepEqual(limits.untold(2)[1], { accountId: 1, count: 1, perDay: 10 }, 'what it sent meanwhile is told, too');
});

test('S-02: at midnight nobody is told any more of what was sent before', (t) => {
  let now = NOON;
  const limits = new DailyLimits(() => now);
  send(limits, [1]);
  now += NOON;
  t.is(limits.waiting, 0);
  t.deepEqual(limits.untold(5), []);
});
