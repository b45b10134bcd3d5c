import test from 'ava';
import fc from 'fast-check';
import { volumeBars } from '../../../src/web/charts/volume-bars.ts';

const weeksOf = (...sent: number[]) => sent.map((each, index) => ({ from: 20_000 + 7 * index, sent: each }));

test('the last weeks are counted, and their mean is told', (t) => {
  const chart = volumeBars({ weeks: weeksOf(10, 20, 30, 40, 50, 60), countedWeeks: 4, gate: null });
  t.deepEqual(
    chart.bars.map(({ counted }) => counted),
    [false, false, true, true, true, true],
  );
  t.is(chart.mean, 45);
  t.is(chart.gateY, null);
});

test('a gate above every bar is still inside the drawing', (t) => {
  const chart = volumeBars({ weeks: weeksOf(9_000, 12_000), countedWeeks: 4, gate: 50_000 });
  t.true(chart.gateY !== null && chart.gateY >= 0);
  t.true(chart.bars.every(({ y }) => y > (chart.gateY ?? 0)));
  t.is(chart.reached, 0);
});

test('a bar that reaches the gate ends on its line', (t) => {
  const chart = volumeBars({ weeks: weeksOf(100_000, 50_000), countedWeeks: 4, gate: 50_000 });
  t.is(chart.bars[1]?.y ?? null, chart.gateY);
  t.is(chart.reached, 2);
});

test('weeks without any mail have no mean', (t) => {
  t.is(volumeBars({ weeks: weeksOf(0, 0, 0), countedWeeks: 4, gate: 50_000 }).mean, null);
  t.deepEqual(volumeBars({ weeks: [], countedWeeks: 4, gate: null }).bars, []);
});

test('bars stay in the drawing, higher for more, and no value is struck through', (t) => {
  const sent = fc.array(fc.nat(5_000_000), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(sent, fc.integer({ min: 1, max: 5_000_000 }), (values, gate) => {
      const { bars, baseY, gateY } = volumeBars({ weeks: weeksOf(...values), countedWeeks: 4, gate });
      for (const bar of bars) {
        t.true(bar.x >= 0 && bar.x + bar.width <= 100.01);
        t.true(bar.labelY > 0 && bar.y + bar.height <= baseY + 0.01);
        t.false(gateY !== null && bar.labelY - 9 < gateY && gateY < bar.labelY);
        for (const other of bars) if (other.sent > bar.sent) t.true(other.height >= bar.height);
      }
    }),
    { numRuns: 50 },
  );
});

test('beside other evidence it is 120 pixels high, and all of it stays within', (t) => {
  const chart = volumeBars({ weeks: weeksOf(9_000, 12_000), countedWeeks: 4, gate: 50_000, isLow: true });
  t.is(chart.height, 120);
  for (const { y, labelY } of chart.bars) t.true(y >= 0 && y <= chart.baseY && labelY > 0);
  t.true((chart.gateY ?? -1) >= 0);
});
