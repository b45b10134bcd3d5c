// What an administrator types as working hours, and how it reads.
import test from 'ava';
import fc from 'fast-check';
import { type Calendar, ROUND_THE_CLOCK, WEEKDAYS } from '../../src/calendar/calendar.ts';
import { calendarAsTyped, readCalendar, readHoliday, readOpenings } from '../../src/calendar/form.ts';
import { hoursOfWork, workingHoursInWords } from '../../src/calendar/wording.ts';

const OFFICE: Calendar = {
  zone: 'Europe/Berlin',
  week: WEEKDAYS.map((_, day) => (day < 5 ? [{ from: 540, to: 1020 }] : [])),
  holidays: [
    { on: '12-25', name: 'Christmas Day' },
    { on: '2027-03-29', name: 'Easter Monday' },
  ],
  soonHours: 2,
  escalateHours: 8,
};

test('a calendar is read as its form shows it', (t) => {
  for (const calendar of [OFFICE, ROUND_THE_CLOCK]) {
    const read = readCalendar(calendarAsTyped(calendar));
    t.deepEqual(read.ok ? read.value : read.errors, calendar as never);
  }
});

test('hours are read as people write them', (t) => {
  const nineToFive = [{ from: 540, to: 1020 }];
  for (const text of ['9-17', '09:00-17:00', '9:00 – 17:00', '0900-1700', '9 to 17', ' 09.00-17.00 '])
    t.deepEqual(readOpenings(text), nineToFive, text);
  t.deepEqual(readOpenings(''), []);
  t.deepEqual(readOpenings('9-12, 13:30-24:00'), [
    { from: 540, to: 720 },
    { from: 810, to: 1440 },
  ]);
  for (const text of ['17-9', '9-9', '9-25', '9:60-17', '13-17, 9-12', '9-13, 12-17', 'all day', '-5-9', '9-17,'])
    t.is(readOpenings(text), undefined, text);
});

test('a holiday is a day of one year or of each', (t) => {
  t.deepEqual(readHoliday('2026-12-25  Christmas Day'), { on: '2026-12-25', name: 'Christmas Day' });
  t.deepEqual(readHoliday('12-25'), { on: '12-25', name: '' });
  t.deepEqual(readHoliday('02-29 Leap day'), { on: '02-29', name: 'Leap day' });
  for (const line of ['2027-02-29', '13-01', '25.12.2026', 'Christmas', '2026-12-25Christmas'])
    t.is(readHoliday(line), undefined, line);
});

test('what cannot be is refused at its field, all at once', (t) => {
  const wrong = { zone: '+01:00', monday: '17-9', holidays: 'Easter', soonHours: '0', escalateHours: 'soon' };
  const read = readCalendar(wrong);
  t.deepEqual(Object.keys(read.ok ? {} : read.errors).sort(), [
    'escalateHours',
    'holidays',
    'monday',
    'soonHours',
    'zone',
  ]);
  const closed = readCalendar({ zone: 'UTC', soonHours: '1', escalateHours: '1' });
  t.regex(closed.ok ? '' : (closed.errors.monday ?? ''), /at least one hour/);
  const typed = { zone: 'UTC', soonHours: '1', escalateHours: '1', monday: '9-10' };
  t.true(readCalendar(typed).ok, 'one hour is enough');
  t.false(readCalendar({ ...typed, monday: '9-9:59' }).ok);
  const missing = readCalendar({ ...typed, zone: '' });
  t.is(missing.ok ? '' : missing.errors.zone, 'Time zone is missing. Fill it in.');
  const holidays = (count: number) => readCalendar({ ...typed, holidays: '\n12-25 Christmas\n'.repeat(count) });
  t.true(holidays(300).ok);
  const many = holidays(301);
  t.is(many.ok ? '' : many.errors.holidays, 'There are 301 holidays, and there can be at most 300.');
  const feast = readCalendar({ ...typed, holidays: '12-25\n  Easter \n' });
  t.regex(feast.ok ? '' : (feast.errors.holidays ?? ''), /^“Easter” does not begin with a date/);
});

test('any hours that can be typed are shown again as the same hours', (t) => {
  const opening = fc.tuple(fc.nat(1440), fc.nat(1440)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  fc.assert(
    fc.property(
      opening.filter(({ from, to }) => from < to),
      (one) => {
        const week = [[one], ...OFFICE.week.slice(1)];
        const read = readCalendar(calendarAsTyped({ ...OFFICE, week }));
        return read.ok && JSON.stringify(read.value.week) === JSON.stringify(week);
      },
    ),
  );
  t.pass();
});

test('customers read the hours in words', (t) => {
  t.is(workingHoursInWords(OFFICE), 'Monday to Friday, 09:00–17:00 (time in Berlin), except on holidays');
  const half = { ...OFFICE, week: OFFICE.week.with(5, [{ from: 540, to: 720 }]), holidays: [], zone: 'UTC' };
  t.is(workingHoursInWords(half), 'Monday to Friday, 09:00–17:00; Saturday, 09:00–12:00 (UTC)');
  t.is(workingHoursInWords(ROUND_THE_CLOCK), null);
  t.is(hoursOfWork(24, OFFICE), '24 working hours');
  t.is(hoursOfWork(24, ROUND_THE_CLOCK), '24 hours');
});
