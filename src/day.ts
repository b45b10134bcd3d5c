/** A calendar day in UTC: the whole number of days since 1970-01-01. */
export type Day = number;

/** Milliseconds in one UTC day (UTC has no daylight saving). */
export const dayLength = 86_400_000;

/** The UTC day that holds the instant `at` (UTC milliseconds). */
export const dayOf = (at: number): Day => Math.floor(at / dayLength);

// Making a DateTimeFormat takes far longer than using it.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' });
    formats.set(timeZone, format);
  }
  return format;
}

/** The calendar day that people in `timeZone` (an IANA name) have at the instant `at`; the UTC day where there is no such zone. */
export function dayIn(at: number, timeZone: string): Day {
  try {
    const parts = new Map(
      formatOf(timeZone)
        .formatToParts(at)
        .map(({ type, value }) => [type, Number(value)]),
    );
    return dayOf(Date.UTC(parts.get('year') ?? 0, (parts.get('month') ?? 1) - 1, parts.get('day')));
  } catch {
    return dayOf(at);
  }
}

/** The first instant of `day`, in UTC milliseconds. */
export const startOfDay = (day: Day): number => day * dayLength;

/** The Monday of the week that holds `day`. Day 0, 1970-01-01, was a Thursday. */
export const weekStart = (day: Day): Day => Math.floor((day + 3) / 7) * 7 - 3;

/** The first day of the calendar month (UTC) that holds `day`. */
export const monthStart = (day: Day): Day => day + 1 - new Date(startOfDay(day)).getUTCDate();

/** The first day after the calendar month (UTC) that holds `day`. */
export const monthEnd = (day: Day): Day => monthStart(monthStart(day) + 31);
