// The working calendar in words. Pure.
import { counted } from '../wording.ts';
import { type Calendar, isRoundTheClock, WEEKDAYS } from './calendar.ts';
import { openingsAsTyped } from './form.ts';

/** `24 hours` where every hour counts, `24 working hours` where not. */
export const hoursOfWork = (hours: number, calendar: Calendar): string =>
  isRoundTheClock(calendar) ? counted(hours, 'hour') : counted(hours, 'working hour');

/** Days of the week with the same hours, `Monday to Friday` and `09:00-17:00`; those without any left out. */
type Hours = { readonly days: string; readonly hours: string };

function hoursByDay({ week }: Calendar): Hours[] {
  const runs: { from: number; to: number; hours: string }[] = [];
  for (const [index, openings] of week.entries()) {
    const hours = openingsAsTyped(openings);
    const last = runs.at(-1);
    if (last?.hours === hours) last.to = index;
    else runs.push({ from: index, to: index, hours });
  }
  return runs
    .filter(({ hours }) => hours !== '')
    .map(({ from, to, hours }) => ({
      days: to === from ? `${WEEKDAYS[from]}` : `${WEEKDAYS[from]} to ${WEEKDAYS[to]}`,
      hours: hours.replaceAll('-', '–'),
    }));
}

/** The working hours in words: `Monday to Friday, 09:00–17:00 (time in Berlin), except on holidays`; null: every hour counts. */
export function workingHoursInWords(calendar: Calendar): string | null {
  if (isRoundTheClock(calendar)) return null;
  const hours = hoursByDay(calendar).map(({ days, hours }) => `${days}, ${hours}`);
  const city =
    calendar.zone === 'UTC' ? 'UTC' : `time in ${(calendar.zone.split('/').at(-1) ?? '').replaceAll('_', ' ')}`;
  return `${hours.join('; ')} (${city})${calendar.holidays.length === 0 ? '' : ', except on holidays'}`;
}
