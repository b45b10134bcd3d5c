// The rule of cents by itself: what a day costs, and what stretches of days do.
import test from 'ava';
import fc from 'fast-check';
import { centsOf, firstDayOf, isoMonth, lastDayOf, monthOf, readMonth, upTo } from '../../src/charges/ledger.ts';

const NOVEMBER = 2026 * 12 + 10;
const seed = Number(process.env.TEST_SEED) || undefined;
const price = fc.integer({ min: 0, max: 100_000_000 });
const anyMonth = fc.integer({ min: 2020 * 12, max: 2060 * 12 });

test('a month is what UTC calls so, with its days', (t) => {
  t.is(isoMonth(NOVEMBER), '2026-11');
  t.is(monthOf(firstDayOf(NOVEMBER)), NOVEMBER);
  t.is(monthOf(lastDayOf(NOVEMBER)), NOVEMBER);
  t.is(lastDayOf(NOVEMBER) - firstDayOf(NOVEMBER) + 1, 30);
  t.is(lastDayOf(2028 * 12 + 1) - firstDayOf(2028 * 12 + 1) + 1, 29, 'February of a leap year');
  t.is(readMonth('2026-11'), NOVEMBER);
  for (const text of ['2026-13', '2026-00', '26-11', '2026-1', '2026-11-01', '', undefined, ['2026-11']])
    t.is(readMonth(text), undefined);
});

test('C-10: ten of thirty days at $50 a month are $16.66, and twenty $33.33: the first k days cost floor(P × k / N)', (t) => {
  const first = firstDayOf(NOVEMBER);
  t.is(centsOf(5_000, first, first + 9), 1_666);
  t.is(centsOf(5_000, first, first + 19), 3_333);
  t.is(centsOf(5_000, first + 10, first + 29), 3_334);
  t.is(centsOf(5_000, first, first), 166);
  t.is(centsOf(0, first, first + 29), 0);
});

test('C-10: all days of a month cost exactly the monthly price, however they are cut', (t) => {
  const cuts = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 });
  fc.assert(
    fc.property(price, anyMonth, cuts, (cents, month, at) => {
      const [first, last] = [firstDayOf(month), lastDayOf(month)];
      const ends = [...new Set([...at.map((cut) => Math.min(first + cut, last)), last])].sort((a, b) => a - b);
      const starts = [first, ...ends.slice(0, -1).map((end) => end + 1)];
      const sum = ends.reduce((all, end, index) => all + centsOf(cents, starts[index] ?? first, end), 0);
      return sum === cents;
    }),
    { numRuns: 2_000, ...(seed === undefined ? {} : { seed }) },
  );
  t.pass();
});

test('a day costs a whole number of cents, at most one more than another of its month', (t) => {
  fc.assert(
    fc.property(price, anyMonth, (cents, month) => {
      const days = Array.from({ length: lastDayOf(month) - firstDayOf(month) + 1 }, (_, day) =>
        centsOf(cents, firstDayOf(month) + day, firstDayOf(month) + day),
      );
      return days.every(Number.isInteger) && Math.max(...days) - Math.min(...days) <= 1;
    }),
    { numRuns: 500, ...(seed === undefined ? {} : { seed }) },
  );
  t.pass();
});

test('an open month is owed up to today: days ahead are left out, credits stay', (t) => {
  const first = firstDayOf(NOVEMBER);
  const line = { id: null, accountId: 1, allocationId: 1, address: '192.0.2.1', monthlyCents: 5_000, currency: 'USD' };
  const month = { ...line, fromDay: first, toDay: first + 29, cents: 5_000, creditsId: null };
  const ahead = { ...line, fromDay: first + 20, toDay: first + 29, cents: 1_667, creditsId: null };
  const credit = { ...line, fromDay: first - 5, toDay: first - 1, cents: -806, creditsId: 7 };
  const now = upTo([month, ahead, credit], first + 9);
  t.deepEqual(now, [{ ...month, toDay: first + 9, cents: 1_666 }, credit]);
});
