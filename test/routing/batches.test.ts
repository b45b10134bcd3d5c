// Writes that are made together: when one begins, and with what.
import { setImmediate as turn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { Batches } from '../../src/routing/batches.ts';

const LINGER = 20;

/** Batches of at most two. `written`: the items of each write. `end` ends the oldest that is under way. `timers`: those that run. */
function batches(t: ExecutionContext, linger = LINGER) {
  const written: string[] = [];
  const ends: (() => void)[] = [];
  const timers = new Map<object, { readonly ms: number; readonly ring: () => void }>();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  t.teardown(() => Object.assign(globalThis, { setTimeout: set, clearTimeout: clear }));
  Object.assign(globalThis, {
    setTimeout: (ring: () => void, ms: number) => {
      const timer = {};
      timers.set(timer, { ms, ring });
      return timer;
    },
    clearTimeout: (timer: object) => void timers.delete(timer),
  });
  const write = (items: readonly string[]) => {
    written.push(items.join(''));
    return new Promise<void>((done) => ends.push(done));
  };
  const end = async () => {
    ends.shift()?.();
    await turn();
  };
  return { all: new Batches(write, { most: 2, linger }), written, end, timers };
}

test.serial('what nobody waits for is written with what follows within a moment, by one timer', (t) => {
  const { all, written, timers } = batches(t);
  all.add('a', false);
  all.add('b', false);
  t.deepEqual(written, []);
  t.deepEqual(
    [...timers.values()].map(({ ms }) => ms),
    [LINGER],
  );
  for (const { ring } of timers.values()) ring();
  t.deepEqual(written, ['ab']);
});

test.serial('what somebody waits for is written at once, with what lingered, and no timer is left', (t) => {
  const { all, written, timers } = batches(t);
  all.add('a', false);
  all.add('b', true);
  t.deepEqual(written, ['ab']);
  t.is(timers.size, 0);
});

test.serial('where nothing lingers each item is written at once', (t) => {
  const { all, written, timers } = batches(t, 0);
  all.add('a', false);
  t.deepEqual(written, ['a']);
  t.is(timers.size, 0);
});

test.serial('of many that are waited for the next two are written as soon as two are', async (t) => {
  const { all, written, end, timers } = batches(t);
  for (const item of ['a', 'b', 'c', 'd', 'e', 'f']) all.add(item, true);
  t.deepEqual(written, ['a'], 'one write at a time');
  await end();
  await end();
  t.deepEqual(written, ['a', 'bc', 'de']);
  t.is(timers.size, 0);
});

test.serial('what nobody waits for lingers after the write during which it was added, too', async (t) => {
  const { all, written, end, timers } = batches(t);
  all.add('a', true);
  all.add('b', false);
  t.is(timers.size, 0, 'no timer while something is written');
  await end();
  t.deepEqual(written, ['a']);
  for (const { ring } of timers.values()) ring();
  t.deepEqual(written, ['a', 'b']);
});

test.serial('it is settled once everything is written, and lingers no longer', async (t) => {
  const { all, written, end } = batches(t);
  await all.settled();
  all.add('a', false);
  let isSettled = false;
  const settled = all.settled().then(() => {
    isSettled = true;
  });
  t.deepEqual(written, ['a']);
  await turn();
  t.false(isSettled);
  await end();
  await settled;
  t.true(isSettled);
});

test.serial('what no write has begun with can be taken back', async (t) => {
  const { all, written, end } = batches(t);
  for (const item of ['a', 'b', 'c']) all.add(item, true);
  t.deepEqual(all.takeBack(), ['b', 'c']);
  await end();
  t.deepEqual(written, ['a']);
});
