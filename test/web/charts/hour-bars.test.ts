import test from 'ava';
import fc from 'fast-check';
import { hourBars } from '../../../src/web/charts/hour-bars.ts';

const hours = (...first: number[]) => [...first, ...Array<number>(24 - first.length).fill(0)];

test('what is sent, left and used of the cap is told', (t) => {
  const chart = hourBars({ hours: hours(10, 30, 0, 60), current: 3, cap: 400 });
  t.is(chart.sent, 100);
  t.is(chart.left, 300);
  t.is(chart.used, 25);
  t.like(chart.busiest, { hour: 3, sent: 60, upTo: 100 });
});

test('hours that are over are told from the one that runs and those to come', (t) => {
  const { bars } = hourBars({ hours: hours(), current: 7, cap: 1 });
  t.deepEqual(
    [bars[6], bars[7], bars[8]].map((bar) => bar?.state),
    ['past', 'now', 'to-come'],
  );
  t.true(hourBars({ hours: hours(), current: null, cap: 1 }).bars.every(({ state }) => state === 'past'));
});

test('an hour with any mail stays visible beside a busy one, and an empty day is empty', (t) => {
  t.true((hourBars({ hours: hours(1_000_000, 1), current: 3, cap: null }).bars[1]?.height ?? 0) >= 1.5);
  const empty = hourBars({ hours: hours(), current: 3, cap: 0 });
  t.is(empty.busiest, null);
  t.is(empty.used, 0);
});

test('nothing leaves the drawing, and above the cap nothing is left', (t) => {
  const day = fc.array(fc.nat(1_000_000), { minLength: 24, maxLength: 24 });
  fc.assert(
    fc.property(day, fc.nat(1_000_000), (each, cap) => {
      const { bars, baseY, used, left, sent } = hourBars({ hours: each, current: 23, cap });
      for (const { x, width, y, height } of bars) {
        t.true(x >= 0 && x + width <= 100.01 && y >= 0 && y + height <= baseY + 0.01);
      }
      t.true(used >= 0 && used <= 100);
      t.is(left, Math.max(0, cap - sent));
    }),
    { numRuns: 50 },
  );
});
