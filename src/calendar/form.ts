// Reads the hours at which the desk works, as an administrator types them. Pure.
import { isTimeZone } from '../accounts/form.ts';
import { type FormResult, parseDay, readForm, type Typed } from '../form.ts';
import { type Calendar, type Holiday, MINUTES_A_DAY, type Opening, WEEKDAYS } from './calendar.ts';

const MOST_HOLIDAYS = 300;
const HOURS = /^(\d{1,2})(?:[:.]?([0-5]\d))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.]?([0-5]\d))?$/;

/** The hours of one day: `9-17`, `09:00-12:00, 13:00-17:30`; empty: closed. Undefined for anything else. */
export function readOpenings(text: string): Opening[] | undefined {
  if (text.trim() === '') return [];
  const openings: Opening[] = [];
  for (const part of text.split(/[,;]/)) {
    const [, fromHour, fromMinute = '0', toHour, toMinute = '0'] = HOURS.exec(part.trim()) ?? [];
    if (fromHour === undefined) return undefined;
    const from = Number(fromHour) * 60 + Number(fromMinute);
    const to = Number(toHour) * 60 + Number(toMinute);
    const last = openings.at(-1)?.to ?? 0;
    if (from < last || to <= from || to > MINUTES_A_DAY) return undefined;
    openings.push({ from, to });
  }
  return openings;
}

/** A line of the list of holidays: `2026-12-25 Christmas Day`, or `12-25 Christmas Day` for each year's. Undefined for anything else. */
export function readHoliday(line: string): Holiday | undefined {
  const [, year, date, name = ''] = /^(\d{4}-)?(\d{2}-\d{2})(?:\s+(.*))?$/.exec(line.trim()) ?? [];
  // In a leap year there is each day that a year can have.
  if (date === undefined || parseDay(`${year ?? '2000-'}${date}`) === undefined) return undefined;
  return { on: `${year ?? ''}${date}`, name: name.trim() };
}

/** The name of the field for a day of the week, Monday being 0. */
export const fieldOf = (index: number): string => (WEEKDAYS[index] ?? '').toLowerCase();

export function readCalendar(body: unknown): FormResult<Calendar> {
  const form = readForm(body);
  const zone = form.text('zone', { label: 'Time zone', max: 60 });
  if (zone !== '' && !isTimeZone(zone))
    form.fail('zone', 'Time zone must be a name from the list, like Europe/Berlin.');
  const week = WEEKDAYS.map((day, index) => {
    const openings = readOpenings(form.text(fieldOf(index), { label: day, max: 200, required: false }));
    if (openings === undefined)
      form.fail(
        fieldOf(index),
        `${day} must be hours in order, like 09:00-12:00, 13:00-17:00. Leave it empty for a day off.`,
      );
    return openings ?? [];
  });
  const minutes = week.flat().reduce((sum, { from, to }) => sum + to - from, 0);
  if (minutes < 60) form.fail(fieldOf(0), 'Enter at least one hour on one day, or nothing would ever be due.');
  const lines = form.text('holidays', { label: 'Holidays', max: 20_000, required: false }).split('\n');
  const days = lines.filter((line) => line.trim() !== '');
  const holidays = days.map(readHoliday);
  const wrong = holidays.indexOf(undefined);
  if (wrong >= 0)
    form.fail(
      'holidays',
      `“${days[wrong]?.trim()}” does not begin with a date like 2026-12-25, or 12-25 for every year.`,
    );
  if (days.length > MOST_HOLIDAYS)
    form.fail('holidays', `There are ${days.length} holidays, and there can be at most ${MOST_HOLIDAYS}.`);
  const soonHours = form.whole('soonHours', { label: 'Due soon', min: 1, max: 100 });
  const escalateHours = form.whole('escalateHours', { label: 'Administrators', min: 1, max: 1000 });
  return form.result(() => ({
    zone,
    week,
    holidays: holidays.filter((holiday) => holiday !== undefined),
    soonHours: soonHours ?? 1,
    escalateHours: escalateHours ?? 1,
  }));
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** `09:00-12:00, 13:00-17:00`; empty on a day off. */
export const openingsAsTyped = (openings: readonly Opening[]): string =>
  openings.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(', ');

/** A calendar as its form shows it. */
export const calendarAsTyped = ({ zone, week, holidays, soonHours, escalateHours }: Calendar): Typed => ({
  zone,
  ...Object.fromEntries(week.map((openings, index) => [fieldOf(index), openingsAsTyped(openings)])),
  holidays: holidays.map(({ on, name }) => `${on} ${name}`.trim()).join('\n'),
  soonHours: String(soonHours),
  escalateHours: String(escalateHours),
});
