import test from 'ava';
import fc from 'fast-check';
import { warmupCurve } from '../../../src/web/charts/warmup-curve.ts';

const startsOn = 20_780;
const caps = [200, 400, 800, 1_600];

test('the last stage carries the whole day', (t) => {
  const curve = warmupCurve({ caps, startsOn, weeklyVolume: 11_200 });
  t.is(curve.daily, 1_600);
  t.deepEqual(
    curve.stages.map(({ stage, day, share }) => [stage, day, share]),
    [
      [1, startsOn, 0.125],
      [2, startsOn + 1, 0.25],
      [3, startsOn + 2, 0.5],
      [4, startsOn + 3, 1],
    ],
  );
});

test('first, middle and last day are written below', (t) => {
  const { ticks } = warmupCurve({ caps: [1, 2, 3, 4, 5], startsOn, weeklyVolume: 35 });
  t.deepEqual(ticks, [
    { day: startsOn, x: 0 },
    { day: startsOn + 2, x: 50 },
    { day: startsOn + 4, x: 100 },
  ]);
});

test('today is marked while warm-up runs, and not before or after', (t) => {
  const on = (today: number) => warmupCurve({ caps, startsOn, weeklyVolume: 11_200, today }).today?.stage.cap;
  t.deepEqual([on(startsOn - 1), on(startsOn), on(startsOn + 2), on(startsOn + 4)], [undefined, 200, 800, undefined]);
});

test('plans of one stage, or of none, are drawn without a fault', (t) => {
  t.false(warmupCurve({ caps: [500], startsOn, weeklyVolume: 3_500 }).line.includes('NaN'));
  t.is(warmupCurve({ caps: [], startsOn, weeklyVolume: 0 }).area, '');
});

test('shares never exceed the day and never fall', (t) => {
  const plan = fc.array(fc.integer({ min: 1, max: 500_000 }), { minLength: 1, maxLength: 45 });
  fc.assert(
    fc.property(plan, fc.nat(5_000_000), (unsorted, weeklyVolume) => {
      const sorted = unsorted.toSorted((a, b) => a - b);
      const shares = warmupCurve({ caps: sorted, startsOn, weeklyVolume }).stages.map(({ share }) => share);
      t.true(shares.every((share, index) => share > 0 && share <= 1 && share >= (shares[index - 1] ?? 0)));
    }),
    { numRuns: 100 },
  );
});
