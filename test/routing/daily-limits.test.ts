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
  const told = limits.untold(most, 'all');
  for (const one of told) limits.noteTold(limits.day, { ...one, sent: one.count });
  return told.map(({ accountId }) => accountId);
}

test('S-02: of many accounts some are told at a time, each once, until none is left', (t) => {
  const limits = new DailyLimits(() => NOON);
  send(limits, [1, 2, 3, 4, 5]);
  t.is(limits.waiting('all'), 5);
  t.deepEqual(tell(limits, 2), [1, 2]);
  t.deepEqual(tell(limits, 2), [3, 4]);
  t.deepEqual(tell(limits, 2), [5]);
  t.is(limits.waiting('all'), 0);
  t.deepEqual(tell(limits, 2), []);
});

test('S-02: an account that goes on sending while it is told of keeps nobody else waiting', (t) => {
  const limits = new DailyLimits(() => NOON);
  send(limits, [1, 2]);
  const [one] = limits.untold(1, 'all');
  send(limits, [1], 'meanwhile');
  if (one) limits.noteTold(limits.day, { ...one, sent: 1 });
  t.deepEqual(limits.untold(1, 'all'), [{ accountId: 2, count: 1, perDay: 10 }]);
  t.deepEqual(
    limits.untold(2, 'all')[1],
    { accountId: 1, count: 1, perDay: 10 },
    'what it sent meanwhile is told, too',
  );
});

test('S-02: at midnight nobody is told any more of what was sent before', (t) => {
  let now = NOON;
  const limits = new DailyLimits(() => now);
  send(limits, [1]);
  now += NOON;
  t.is(limits.waiting('all'), 0);
  t.deepEqual(limits.untold(5, 'all'), []);
});

test('S-02: one that sends much, or is near its limit, is told of at once; the others every ten seconds', (t) => {
  let now = NOON;
  const limits = new DailyLimits(() => now);
  t.true(limits.isTimeForAll());
  const ids = (which: 'all' | 'urgent') => limits.untold(9, which).map(({ accountId }) => accountId);
  const account = (id: number) => ({ id, dailyLimit: 1_000 });
  for (let nth = 0; nth < 9; nth += 1) limits.take(account(1), `one ${nth}`);
  t.deepEqual([ids('urgent'), ids('all')], [[], [1]], 'less than a hundredth');
  limits.take(account(1), 'the tenth');
  t.deepEqual(ids('urgent'), [1]);
  limits.learn(limits.day, new Map([[2, 799]]));
  limits.take(account(2), 'a');
  t.deepEqual(ids('urgent'), [1, 2], 'a fifth is left');
  t.deepEqual(tell(limits, 9), [1, 2]);
  t.deepEqual(ids('urgent'), []);
  now += 9_999;
  t.false(limits.isTimeForAll());
  now += 1;
  t.true(limits.isTimeForAll());
  t.false(limits.isTimeForAll());
});
