// Working time against a clock that is read minute by minute: over zones, changes of the clock, weeks and holidays.
import test from 'ava';
import fc from 'fast-check';
import { type Calendar, isRoundTheClock, ROUND_THE_CLOCK, WEEKDAYS } from '../../src/calendar/calendar.ts';
import { afterWork, beforeWork, workBetween } from '../../src/calendar/working-time.ts';
import { offsetAt, startOfDayIn } from '../../src/calendar/zone.ts';
import { dayOf } from '../../src/day.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Clocks that change by an hour, by half of one, at midnight, at the year's end by a day, and not at all. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Santiago',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Africa/Cairo',
];

/** Instants near which some of these clocks are changed, and one at which Samoa left out a day. */
const CHANGES = [
  Date.UTC(2026, 2, 29, 1),
  Date.UTC(2026, 9, 25, 1),
  Date.UTC(2026, 2, 8, 7),
  Date.UTC(2026, 10, 1, 6),
  Date.UTC(2026, 3, 4, 15),
  Date.UTC(2026, 9, 3, 15, 30),
  Date.UTC(2026, 8, 6, 4),
  Date.UTC(2026, 3, 5, 3),
  Date.UTC(2011, 11, 30, 10),
  Date.UTC(2026, 1, 15, 2),
  Date.UTC(2026, 3, 23, 22),
  Date.UTC(2026, 11, 24, 12),
];

const opening = fc.tuple(fc.nat(1440), fc.nat(1440), fc.nat(1440), fc.nat(1440)).map((four) => {
  const [a = 0, b = 0, c = 0, d = 0] = four.toSorted((one, other) => one - other);
  return [
    { from: a, to: b },
    { from: c, to: d },
  ].filter(({ from, to }) => from < to);
});
const week = fc
  .array(
    fc.oneof(opening, fc.constant([]), fc.constant([{ from: 540, to: 1020 }]), fc.constant([{ from: 0, to: 1440 }])),
    {
      minLength: 7,
      maxLength: 7,
    },
  )
  // Enough that what is asked for comes within the days that are read minute by minute.
  .map((days) => [...days.slice(0, 3), [{ from: 480, to: 1080 }], ...days.slice(4)]);
const instant = fc
  .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -3 * 1440, max: 3 * 1440 }))
  .map(([at, minutes]) => at + minutes * MINUTE);

const localDate = (at: number): string => new Date(at).toISOString().slice(0, 10);
const calendarAt = fc
  .tuple(fc.constantFrom(...ZONES), week, instant, fc.array(fc.integer({ min: -3, max: 5 }), { maxLength: 2 }))
  .map(([zone, days, at, free]): readonly [Calendar, number] => [
    {
      ...ROUND_THE_CLOCK,
      zone,
      week: days,
      holidays: free.map((day, index) => {
        const date = localDate(at + day * DAY);
        return { on: index === 0 ? date : date.slice(5), name: '' };
      }),
    },
    at,
  ]);

const formats = new Map<string, Intl.DateTimeFormat>();
/** What the wall shows, as this test reads it: another way than the product's. */
function wall(at: number, zone: string): { date: string; minute: number; weekday: number } {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(zone, format);
  const [date = '', time = ''] = format.format(at).split(' ');
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return {
    date,
    minute: hour * 60 + minute,
    weekday: (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7,
  };
}

/** Whether the desk works in the minute that begins at `at`. */
function isOpen({ zone, week: days, holidays }: Calendar, at: number): boolean {
  const { date, minute, weekday } = wall(at, zone);
  if (holidays.some(({ on }) => on === date || on === date.slice(5))) return false;
  const openings = days[weekday] ?? [];
  return openings.some(({ from, to }) => minute >= from && minute < to);
}

test('what counts between two instants is what the clock on the wall shows minute by minute', (t) => {
  fc.assert(
    fc.property(calendarAt, fc.integer({ min: 1, max: 2 * 1440 }), ([calendar, from], minutes) => {
      let counted = 0;
      for (let minute = 0; minute < minutes; minute += 1) if (isOpen(calendar, from + minute * MINUTE)) counted += 1;
      return workBetween(from, from + minutes * MINUTE, calendar) === counted * MINUTE;
    }),
    { numRuns: 60 },
  );
  t.pass();
});

test('after some working time exactly that has passed, and not a millisecond earlier', (t) => {
  fc.assert(
    fc.property(calendarAt, fc.integer({ min: 1, max: 60 * HOUR }), ([calendar, from], work) => {
      const due = afterWork(from, work, calendar);
      return workBetween(from, due, calendar) === work && workBetween(from, due - 1, calendar) === work - 1;
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test('before some working time exactly that is left, and not a millisecond later', (t) => {
  fc.assert(
    fc.property(calendarAt, fc.integer({ min: 1, max: 60 * HOUR }), ([calendar, to], work) => {
      const from = beforeWork(to, work, calendar);
      return workBetween(from, to, calendar) === work && workBetween(from + 1, to, calendar) === work - 1;
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test('what counts is added up: a stretch counts as its parts do', (t) => {
  fc.assert(
    fc.property(calendarAt, fc.nat(9 * DAY), fc.nat(9 * DAY), ([calendar, at], first, second) => {
      const [middle, end] = [at + first, at + first + second];
      return workBetween(at, middle, calendar) + workBetween(middle, end, calendar) === workBetween(at, end, calendar);
    }),
    { numRuns: 200 },
  );
  t.pass();
});

const OFFICE: Calendar = {
  ...ROUND_THE_CLOCK,
  zone: 'Europe/Berlin',
  week: WEEKDAYS.map((_, day) => (day < 5 ? [{ from: 540, to: 1020 }] : [])),
  holidays: [
    { on: '12-25', name: 'Christmas Day' },
    { on: '2026-12-24', name: '' },
  ],
};

test('eight hours from Friday noon in Berlin are over on Monday noon, also where the clocks went back in between', (t) => {
  t.is(afterWork(Date.UTC(2026, 10, 27, 11), 8 * HOUR, OFFICE), Date.UTC(2026, 10, 30, 11));
  // Friday is summer time, Monday is not.
  t.is(afterWork(Date.UTC(2026, 9, 23, 10), 8 * HOUR, OFFICE), Date.UTC(2026, 9, 26, 11));
});

test('holidays of one year and of each year are left out', (t) => {
  const wednesday = Date.UTC(2026, 11, 23, 15);
  t.is(afterWork(wednesday, 2 * HOUR, OFFICE), Date.UTC(2026, 11, 28, 9), 'past the 24th, the 25th and the weekend');
  t.is(
    workBetween(Date.UTC(2027, 11, 24), Date.UTC(2027, 11, 25), OFFICE),
    8 * HOUR,
    'the 24th of the next year counts',
  );
});

test('what is full by the end of a day is due then, not on the next morning', (t) => {
  t.is(afterWork(Date.UTC(2026, 10, 27, 8), 8 * HOUR, OFFICE), Date.UTC(2026, 10, 27, 16));
});

test('where every hour counts, an hour of work is an hour of the clock', (t) => {
  t.true(isRoundTheClock(ROUND_THE_CLOCK));
  t.false(isRoundTheClock(OFFICE));
  t.false(isRoundTheClock({ ...ROUND_THE_CLOCK, holidays: [{ on: '12-25', name: '' }] }));
  t.false(isRoundTheClock({ ...ROUND_THE_CLOCK, week: [...ROUND_THE_CLOCK.week.slice(1), [{ from: 1, to: 1440 }]] }));
  const halves = [
    { from: 0, to: 720 },
    { from: 720, to: 1440 },
  ];
  t.true(isRoundTheClock({ ...ROUND_THE_CLOCK, week: WEEKDAYS.map(() => halves) }));
  const at = Date.UTC(2026, 2, 29, 0, 30);
  for (const zone of ZONES) {
    const calendar = { ...ROUND_THE_CLOCK, zone };
    t.is(afterWork(at, 100 * HOUR, calendar), at + 100 * HOUR, zone);
    t.is(beforeWork(at, 100 * HOUR, calendar), at - 100 * HOUR, zone);
  }
});

test('a calendar without any working time is an error, not an endless search', (t) => {
  const never = { ...ROUND_THE_CLOCK, week: WEEKDAYS.map(() => []) };
  t.throws(() => afterWork(0, 1, never), { message: /no such long time/ });
  t.throws(() => beforeWork(0, 1, never), { message: /no such long time/ });
  t.is(afterWork(5, 0, never), 5);
});

test('a day begins when the clocks of its zone show midnight, on the days of their changes too', (t) => {
  const days: readonly (readonly [string, string, string])[] = [
    ['2026-06-15', 'UTC', '2026-06-15T00:00Z'],
    ['2026-06-15', 'Europe/Berlin', '2026-06-14T22:00Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00Z'],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00Z'],
    ['2026-03-09', 'America/New_York', '2026-03-09T04:00Z'],
    ['2026-10-04', 'Australia/Lord_Howe', '2026-10-03T13:30Z'],
    ['2026-06-15', 'Asia/Kathmandu', '2026-06-14T18:15Z'],
  ];
  for (const [day, zone, begins] of days)
    t.is(
      new Date(startOfDayIn(dayOf(Date.parse(`${day}T00:00Z`)), zone)).toISOString(),
      new Date(begins).toISOString(),
      `${day} ${zone}`,
    );
});

test('a time zone that there is not is an error', (t) => {
  t.throws(() => offsetAt(0, 'Europe/Atlantis'), { instanceOf: RangeError });
});
