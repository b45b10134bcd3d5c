// How long the stock of a region lasts. Pure.
import test from 'ava';
import fc from 'fast-check';
import { dayOf } from '../../src/day.ts';
import { basisInWords, forecastStock, isShort, lastsInWords, type StockFacts } from '../../src/ips/stock/forecast.ts';

const NOW = Date.UTC(2026, 10, 23, 9);
const TODAY = dayOf(NOW);

const forecast = (facts: Partial<StockFacts>) =>
  forecastStock({ free: 0, waiting: 0, taken: 0, firstOn: TODAY - 89, returning: [], ...facts }, NOW);
const says = (facts: Partial<StockFacts>): string => lastsInWords(forecast(facts));

test('at one a day eleven free IPs last eleven days', (t) => {
  t.is(says({ free: 11, taken: 90 }), 'lasts eleven days');
  t.is(basisInWords(forecast({ free: 11, taken: 90 })), '90 IPs allocated in 90 days.');
  t.is(says({ free: 1, taken: 90 }), 'lasts one day');
  t.is(says({ free: 0, taken: 90 }), 'lasts less than a day');
});

test('who waits is served first, and what comes out of quarantine on its day helps from then on', (t) => {
  t.is(forecast({ free: 11, waiting: 4, taken: 90 }).lasts, 7);
  t.is(forecast({ free: 11, taken: 90, returning: [{ inDays: 10, count: 5 }] }).lasts, 16);
  t.is(forecast({ free: 11, taken: 90, returning: [{ inDays: 13, count: 5 }] }).lasts, 11, 'too late');
  t.is(
    basisInWords(forecast({ free: 11, waiting: 4, taken: 90, returning: [{ inDays: 3, count: 1 }] })),
    '90 IPs allocated in 90 days, four IPs waited for, one IP out of quarantine by then.',
  );
  t.is(says({ free: 1, waiting: 3, taken: 90 }), 'is used up: two IPs are missing for those who wait');
});

test('a region of which nobody asks, or which has plenty, is not short', (t) => {
  t.is(says({ free: 3, taken: 0, firstOn: null }), 'lasts as long as nobody asks');
  t.is(says({ free: 400, taken: 90 }), 'lasts more than a year');
  for (const facts of [{ free: 3 }, { free: 400, taken: 90 }, { free: 31, taken: 90 }])
    t.false(isShort(forecast(facts)));
  t.true(isShort(forecast({ free: 30, taken: 90 })));
});

test('a new region is judged by the days that it has, by 28 at least', (t) => {
  t.is(forecast({ free: 9, taken: 9, firstOn: TODAY - 44 }).over, 45);
  t.is(forecast({ free: 9, taken: 9, firstOn: TODAY - 44 }).lasts, 45);
  t.is(forecast({ free: 1, taken: 1, firstOn: TODAY }).lasts, 28);
});

const facts = fc.record({
  free: fc.nat(200),
  waiting: fc.nat(50),
  taken: fc.nat(500),
  firstOn: fc.option(fc.integer({ min: TODAY - 89, max: TODAY }), { nil: null }),
  returning: fc.array(fc.record({ inDays: fc.nat(200), count: fc.integer({ min: 1, max: 20 }) }), { maxLength: 5 }),
});
const days = (one: StockFacts): number => forecastStock(one, NOW).lasts ?? Number.POSITIVE_INFINITY;

test('more stock or more that comes back never ends sooner; more demand or more who wait never ends later', (t) => {
  fc.assert(
    fc.property(facts, fc.integer({ min: 1, max: 30 }), fc.nat(200), (one, more, inDays) => {
      const now = days(one);
      t.true(days({ ...one, free: one.free + more }) >= now);
      t.true(days({ ...one, returning: [...one.returning, { inDays, count: more }] }) >= now);
      t.true(days({ ...one, waiting: one.waiting + more }) <= now);
      t.true(days({ ...one, taken: one.taken + more }) <= now);
    }),
    { numRuns: 500 },
  );
});

test('on the last day there is an IP for everybody, and on the next there is not', (t) => {
  fc.assert(
    fc.property(facts, (one) => {
      const { lasts, perDay } = forecastStock(one, NOW);
      const left = (day: number) =>
        one.free -
        one.waiting -
        perDay * day +
        one.returning.reduce((sum, { inDays, count }) => sum + (inDays <= day ? count : 0), 0);
      if (lasts === null) t.true(left(365) >= -1e-6);
      else if (left(0) >= 0) t.true(left(lasts) >= -1e-6 && left(lasts + 1) < 1e-6);
      else t.is(lasts, 0);
    }),
    { numRuns: 500 },
  );
});
