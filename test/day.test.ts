import test from 'ava';
import fc from 'fast-check';
import { dayOf, startOfDay, weekStart } from '../src/day.ts';

test('a day runs from midnight to midnight, UTC', (t) => {
  t.is(dayOf(Date.UTC(2026, 10, 21, 23, 59, 59, 999)), dayOf(Date.UTC(2026, 10, 21)));
  t.is(dayOf(Date.UTC(2026, 10, 22)), dayOf(Date.UTC(2026, 10, 21)) + 1);
  t.is(startOfDay(dayOf(Date.UTC(2026, 10, 21, 9, 12))), Date.UTC(2026, 10, 21));
});

test('a week starts on the Monday on or before the day', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000 }), (day) => {
      const monday = weekStart(day);
      t.is(new Date(startOfDay(monday)).getUTCDay(), 1);
      t.true(monday <= day && day < monday + 7);
    }),
  );
});
