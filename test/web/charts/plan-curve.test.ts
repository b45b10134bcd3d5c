import test from 'ava';
import fc from 'fast-check';
import { type PlanCurveInput, planCurve } from '../../../src/web/charts/plan-curve.ts';

const FROM = 20_780;
const input = (change: Partial<PlanCurveInput> = {}): PlanCurveInput => ({
  lines: [{ key: 'planned', from: FROM, values: [100, 200, 400, 800] }],
  bars: [],
  bands: [],
  today: null,
  ...change,
});

test('it reaches from the first day that anything is known of to the last', (t) => {
  const late = { key: 'ahead', from: FROM + 2, values: [200, 400, 800, 800] };
  const chart = planCurve(input({ lines: [...input().lines, late], bars: [{ day: FROM - 1, value: 5, tone: '' }] }));
  t.deepEqual([chart?.from, chart?.to], [FROM - 1, FROM + 5]);
  t.is(planCurve(input({ lines: [] })), null);
  const empty = { key: 'ahead', from: FROM + 90, values: [] };
  t.is(planCurve(input({ lines: [...input().lines, empty] }))?.to, FROM + 3, 'a line without values is none');
});

test('the whole height stands for a round figure that nothing passes', (t) => {
  t.is(planCurve(input())?.most, 800);
  t.is(planCurve(input({ bars: [{ day: FROM, value: 801, tone: '' }] }))?.most, 1_000);
  fc.assert(
    fc.property(fc.nat(1_000_000_000), (value) => {
      const most = planCurve(input({ lines: [], bars: [{ day: FROM, value, tone: '' }] }))?.most ?? 0;
      t.true(most >= value && most <= Math.max(2, value * 1.7), `${value}: ${most}`);
    }),
  );
});

test('each day is a step as wide as the day', (t) => {
  t.is(
    planCurve(input({ lines: [{ key: 'planned', from: FROM, values: [400, 800] }] }))?.lines[0]?.d,
    'M0,90L500,90L500,0L1000,0L1000,0',
  );
});

test('a marked stretch covers its days; what lies outside is left out', (t) => {
  const bands = [
    { from: FROM - 9, to: FROM - 5, tone: 'look', note: 1 },
    { from: FROM + 1, to: FROM + 2, tone: 'bad', note: 2 },
    { from: FROM + 3, to: FROM + 9, tone: 'quiet', note: null },
  ];
  const chart = planCurve(input({ bands }));
  t.deepEqual(chart?.bands, [
    { tone: 'bad', x: 25, width: 50 },
    { tone: 'quiet', x: 75, width: 25 },
  ]);
  t.deepEqual(chart?.notes, [{ note: 2, tone: 'bad', x: 50 }]);
});

test('numbers of explanations keep apart, in order and inside, however close their days are', (t) => {
  const days = Array.from({ length: 60 }, (_, i) => i);
  fc.assert(
    fc.property(fc.subarray(days, { minLength: 1, maxLength: 25 }), (marked) => {
      const bands = marked.map((day, index) => ({ from: FROM + day, to: FROM + day, tone: 'look', note: index + 1 }));
      const notes =
        planCurve(input({ lines: [{ key: 'planned', from: FROM, values: days.map(() => 1) }], bands }))?.notes ?? [];
      t.is(notes.length, marked.length);
      notes.forEach(({ x }, index) => {
        t.true(x >= 0 && x <= 100);
        if (index > 0) t.true(x - (notes[index - 1]?.x ?? 0) >= 3.39);
      });
    }),
    { numRuns: 60 },
  );
});

test('today is marked in the middle of its day, where it is shown at all', (t) => {
  t.is(planCurve(input({ today: FROM }))?.today, 12.5);
  t.is(planCurve(input({ today: FROM + 4 }))?.today, null);
});

test('first and last day are written below; a plan of one day has one', (t) => {
  t.deepEqual(
    planCurve(input())?.ticks.map(({ day, anchor }) => [day, anchor]),
    [
      [FROM, 'start'],
      [FROM + 3, 'end'],
    ],
  );
  t.is(planCurve(input({ lines: [{ key: 'planned', from: FROM, values: [7] }] }))?.ticks.length, 1);
});
