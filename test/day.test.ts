import test from 'ava';
import fc from 'fast-check';
import { dayIn, dayOf, startOfDay, weekStart } from '../src/day.ts';

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

test('people in a zone have the day that their clocks show, in an unknown one that of UTC', (t) => {
  const at = Date.UTC(2026, 10, 21, 23, 30);
  const today = dayOf(at);
  t.deepEqual(
    ['Pacific/Auckland', 'Europe/London', 'America/Los_Angeles', 'Atlantis/Capital'].map((zone) => dayIn(at, zone)),
    [today + 1, today, today, today],
  );
  t.is(dayIn(Date.UTC(2026, 10, 22, 1), 'America/Los_Angeles'), today, 'and again, later');
});

test.serial('the clock of a zone is made once, however often its day is asked for', (t) => {
  const { DateTimeFormat } = Intl;
  let made = 0;
  t.teardown(() => Object.assign(Intl, { DateTimeFormat }));
  class Counted extends DateTimeFormat {
    constructor(...args: ConstructorParameters<typeof DateTimeFormat>) {
      super(...args);
      made += 1;
    }
  }
  Object.assign(Intl, { DateTimeFormat: Counted });
  for (let i = 0; i < 100; i += 1) dayIn(i, 'Asia/Kathmandu');
  t.is(made, 1);
});
