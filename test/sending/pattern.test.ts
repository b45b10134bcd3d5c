import test from 'ava';
import fc from 'fast-check';
import { plainCount } from '../../src/sending/counts.ts';
import {
  busiestLately,
  expectedMailOn,
  learnPattern,
  PATTERN_DAYS,
  type Pattern,
  partOfPattern,
  statedPattern,
  usualMailOn,
} from '../../src/sending/pattern.ts';
import { addDays, type DaySent, weekdayOf } from '../../src/sending/pattern-days.ts';
import { upsertCounts } from '../../src/sending/store.ts';
import { listDaysSent } from '../../src/sending/store-patterns.ts';
import * as make from '../support/make.ts';
import { onBothEngines } from '../support/world.ts';

const MONDAY = 20_780;
const TUESDAY = 1;

/** What each of the last `days` days before MONDAY brought. */
const history = (days: number, sentOn: (day: number) => number): DaySent[] =>
  Array.from({ length: days }, (_, index) => MONDAY - days + index).map((day) => ({ day, sent: sentOn(day) }));

const learned = (t: { truthy(value: unknown): void }, days: readonly DaySent[]): Pattern => {
  const pattern = learnPattern(days, MONDAY);
  t.truthy(pattern);
  return pattern as Pattern;
};

test('a newsletter on Tuesdays is known as one, a silent holiday and one double mailing aside', (t) => {
  const days = history(120, (day) => {
    if (weekdayOf(day) !== TUESDAY || day === MONDAY - 13) return 0;
    return day === MONDAY - 34 ? 100_000 : 50_000;
  });
  t.like(learned(t, days), { kind: 'weekdays', busiest: 50_000, weekly: 50_000, period: 7 });
  t.is(usualMailOn(learned(t, days), MONDAY + 1, MONDAY), 50_000);
  t.is(usualMailOn(learned(t, days), MONDAY + 2, MONDAY), 0);
  t.is(expectedMailOn(learned(t, days), MONDAY + 1), 50_000);
});

test('a shop that mails on weekdays: the median of each weekday, the busiest of them to aim at', (t) => {
  const week = [10_000, 9_000, 8_000, 9_500, 12_000, 0, 0];
  const pattern = learned(
    t,
    history(60, (day) => week[weekdayOf(day)] ?? 0),
  );
  t.like(pattern, { kind: 'weekdays', busiest: 12_000, weekly: 48_500 });
  t.deepEqual(pattern.kind === 'weekdays' && pattern.usual, week);
});

test('mail every second week and monthly statements are mailings of the last 26 weeks, a trickle beside them or not', (t) => {
  const second = learned(
    t,
    history(182, (day) => ((MONDAY - day) % 14 === 3 ? 80_000 : 0)),
  );
  t.like(second, { kind: 'mailings', busiest: 80_000, weekly: 40_000, period: 14, last: MONDAY - 3 });
  t.is(usualMailOn(second, MONDAY + 11, MONDAY), 80_000);
  t.is(usualMailOn(second, MONDAY + 4, MONDAY), 0);
  const isFirst = (day: number) => new Date(day * 86_400_000).getUTCDate() === 1;
  const monthly = learned(
    t,
    history(182, (day) => (isFirst(day) ? 200_000 : 3)),
  );
  t.like(monthly, { kind: 'mailings', busiest: 200_000 });
  t.true(Math.abs(monthly.period - 30.5) < 0.5);
  t.is(expectedMailOn(monthly, MONDAY), 200_000);
});

test('a statement that takes three days is one mailing, and its largest day is the busiest', (t) => {
  const parts = [60_000, 90_000, 20_000];
  const pattern = learned(
    t,
    history(182, (day) => parts[(day - MONDAY + 182) % 30] ?? 0),
  );
  t.like(pattern, { kind: 'mailings', busiest: 90_000, period: 30 });
});

test('a weekly mailing whose day wanders is known by its size', (t) => {
  const pattern = learned(
    t,
    history(56, (day) => (weekdayOf(day) === Math.floor((MONDAY - day) / 7) % 5 ? 30_000 : 0)),
  );
  t.like(pattern, { kind: 'mailings', busiest: 30_000, weekly: 30_000 });
});

test('after a season the pattern is that of the weeks with mail', (t) => {
  const pattern = learned(
    t,
    history(182, (day) => (day < MONDAY - 60 || day >= MONDAY - 10 ? 20_000 : 0)),
  );
  t.like(pattern, { kind: 'weekdays', busiest: 20_000, weekly: 140_000 });
});

test('holidays and outages make no mailings of the mail of every day', (t) => {
  for (const silent of [
    [20, 21, 22, 13, 14],
    [9, 8, 7],
    [60, 59, 58, 30, 29, 28, 3, 2, 1],
  ]) {
    const pattern = learned(
      t,
      history(182, (day) => (silent.includes(MONDAY - day) ? 0 : 10_000)),
    );
    t.like(pattern, { kind: 'weekdays', busiest: 10_000, period: 7 });
  }
  // Daily mail that became a statement each month is one once most mail came so.
  const changed = learned(
    t,
    history(182, (day) => (MONDAY - day > 130 ? 1_000 : (MONDAY - day) % 30 === 1 ? 30_000 : 0)),
  );
  t.like(changed, { kind: 'mailings', busiest: 30_000 });
});

test('one blast of a hundred times the usual does not change an even pattern', (t) => {
  const pattern = learned(
    t,
    history(182, (day) => (day === MONDAY - 40 ? 1_000_000 : 10_000)),
  );
  t.like(pattern, { kind: 'weekdays', busiest: 10_000, weekly: 70_000 });
});

test('with under 28 days, or two rare mailings, there is no pattern but a busiest day so far', (t) => {
  t.is(
    learnPattern(
      history(27, () => 5_000),
      MONDAY,
    ),
    null,
  );
  t.not(
    learnPattern(
      history(28, () => 5_000),
      MONDAY,
    ),
    null,
  );
  t.is(
    learnPattern(
      history(60, (day) => ((MONDAY - day) % 30 === 5 ? 5_000 : 0)),
      MONDAY,
    ),
    null,
  );
  t.is(
    learnPattern(
      history(60, (day) => (day === MONDAY - 29 ? 5_000 : 0)),
      MONDAY,
    ),
    null,
    'one mailing in four weeks is not one a week',
  );
  t.is(learnPattern([], MONDAY), null);
  t.is(
    busiestLately(
      history(9, (day) => day - MONDAY + 10),
      MONDAY,
    ),
    9,
  );
});

test('what is stated is a pattern too: weekdays, or one mailing every few days', (t) => {
  const tuesdays = statedPattern({ busiest: 50_000, weekdays: [1, 3] });
  t.like(tuesdays, { kind: 'weekdays', basis: 'stated', busiest: 50_000, weekly: 100_000 });
  t.is(usualMailOn(tuesdays, MONDAY + 3, MONDAY), 50_000);
  const monthly = statedPattern({ busiest: 300_000, weekdays: [], everyDays: 30 });
  t.like(monthly, { kind: 'mailings', busiest: 300_000, weekly: 70_000, last: null });
  const days = Array.from({ length: 90 }, (_, index) => usualMailOn(monthly, MONDAY + index, MONDAY));
  t.is(days.filter((sent) => sent > 0).length, 3);
});

test('the parts of a pattern carry all of it', (t) => {
  const part = partOfPattern(statedPattern({ busiest: 50_001, weekdays: [1] }), 2);
  t.like(part, { busiest: 25_001, weekly: 25_001 });
});

const someDays = fc.array(fc.record({ day: fc.integer({ min: MONDAY - 220, max: MONDAY + 3 }), sent: fc.nat(1e6) }), {
  maxLength: 200,
});

test('a pattern never says more than was sent on some day, whatever was sent', (t) => {
  fc.assert(
    fc.property(someDays, (some) => {
      const days = addDays([some]);
      const pattern = learnPattern(days, MONDAY);
      const known = days.filter(({ day }) => day < MONDAY && day >= MONDAY - PATTERN_DAYS);
      const most = Math.max(0, ...known.map(({ sent }) => sent));
      if (pattern === null) return;
      t.true(pattern.busiest > 0 && pattern.busiest <= most && pattern.period > 0);
      for (let day = MONDAY; day < MONDAY + 60; day += 1) {
        t.true(usualMailOn(pattern, day, MONDAY) <= pattern.busiest && expectedMailOn(pattern, day) <= most);
      }
    }),
  );
});

onBothEngines(
  'the days of many domains are read at once, over all that they send over, while others write',
  async (t, world) => {
    const { db } = world;
    const account = await make.account(world);
    const idOf = async (name: string) => (await make.domain(world, account.id, name, { weekly: null })).id;
    const [one, other, silent] = [await idOf('one.example'), await idOf('other.example'), await idOf('silent.example')];
    const count = (day: number, sent: number, more = {}) =>
      plainCount({ day, sent, bounced: 0, complained: 0, ...more });
    await upsertCounts(db, one, [count(10, 5), count(10, 7, { provider: 'gmail' }), count(12, 1), count(9, 99)], 0);
    await upsertCounts(db, other, [count(10, 20), count(13, 99)], 0);
    const found = await db.transaction(() => listDaysSent(db, [one, other, silent], { since: 10, until: 12 }));
    t.deepEqual(
      found.get(one)?.toSorted((a, b) => a.day - b.day),
      [
        { day: 10, sent: 12 },
        { day: 12, sent: 1 },
      ],
    );
    t.deepEqual(found.get(other), [{ day: 10, sent: 20 }]);
    t.false(found.has(silent));
    t.deepEqual(
      addDays(found.values()).find(({ day }) => day === 10),
      { day: 10, sent: 32 },
    );
  },
);
