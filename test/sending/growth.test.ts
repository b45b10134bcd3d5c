// What is sent of each stream, and what it comes to if it goes on growing as it did. Pure.
import test from 'ava';
import fc from 'fast-check';
import { dayOf, weekStart } from '../../src/day.ts';
import { measure, type WeekCount } from '../../src/sending/counts.ts';
import { growthOf, scaled } from '../../src/sending/growth.ts';

const NOW = Date.UTC(2026, 10, 23, 9);
const monday = weekStart(dayOf(NOW));

/** Weeks up to the last complete one. */
const weeksOf = (sent: readonly number[], transactional: (sent: number) => number = () => 0): WeekCount[] =>
  sent.map((one, index) => ({
    from: monday - 7 * (sent.length - index),
    sent: one,
    transactional: transactional(one),
    ...{ recentSent: 0, recentBounced: 0, recentComplained: 0, recordedAt: NOW },
  }));

test('mail that stays as it is will be as much in twelve weeks', (t) => {
  const flat = growthOf(
    weeksOf(Array(12).fill(60_000), (sent) => sent / 3),
    NOW,
  );
  t.deepEqual(flat, {
    today: { marketing: 40_000, transactional: 20_000 },
    later: { marketing: 40_000, transactional: 20_000 },
  });
});

test('growth goes on by as many messages each week', (t) => {
  const rising = Array.from({ length: 8 }, (_, index) => 10_000 + index * 1_000);
  const { today, later } = growthOf(weeksOf(rising), NOW);
  t.is(today?.marketing, 15_500);
  t.is(later?.marketing, 15_500 + 12 * 1_000);
});

test('nothing is said of growth before eight weeks are measured, and of nothing before there is one', (t) => {
  t.like(growthOf(weeksOf(Array(7).fill(60_000)), NOW), { today: { marketing: 60_000 }, later: null });
  t.deepEqual(growthOf([], NOW), { today: null, later: null });
  t.deepEqual(growthOf(weeksOf([...Array(8).fill(1_000), 0, 0, 0, 0]), NOW).later, null, 'who stopped does not grow');
});

test('mail that shrinks does not fall below nothing', (t) => {
  const falling = [90_000, 80_000, 70_000, 60_000, 50_000, 40_000, 30_000, 20_000];
  t.deepEqual(growthOf(weeksOf(falling), NOW).later, { marketing: 0, transactional: 0 });
});

test('C-08: both kinds together are the mean that the checks count, whatever the weeks', (t) => {
  const weeks = fc.array(fc.tuple(fc.integer({ min: 0, max: 9_000_000 }), fc.double({ min: 0, max: 1, noNaN: true })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(weeks, (all) => {
      const counts = weeksOf(all.map(([sent]) => sent)).map((week, index) => ({
        ...week,
        transactional: Math.floor(week.sent * (all[index]?.[1] ?? 0)),
      }));
      const { today, later } = growthOf(counts, NOW);
      const { weekly } = measure(counts, NOW);
      t.is(today === null ? null : today.marketing + today.transactional, weekly);
      for (const mail of [today, later])
        if (mail) t.true(mail.marketing >= 0 && mail.transactional >= 0 && Number.isSafeInteger(mail.marketing));
    }),
    { numRuns: 300 },
  );
});

test('another volume keeps the shares of both kinds', (t) => {
  t.deepEqual(scaled({ marketing: 30, transactional: 10 }, 1_000), { marketing: 750, transactional: 250 });
  t.deepEqual(scaled({ marketing: 0, transactional: 0 }, 1_000), { marketing: 1_000, transactional: 0 });
});
