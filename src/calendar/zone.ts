// What a time zone's clocks show, from the platform's own tables (IANA). Pure.
import { type Day, startOfDay } from '../day.ts';

// Making a DateTimeFormat takes far longer than using it.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const found =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  formats.set(zone, found);
  return found;
}

/** The first instant of a calendar day in a zone (UTC milliseconds); where it has no midnight, an instant within an hour of it. */
export function startOfDayIn(day: Day, zone: string): number {
  const utc = startOfDay(day);
  return utc - offsetAt(utc - offsetAt(utc, zone), zone);
}

/**
 * How far the clocks of `zone` (an IANA name) are ahead of UTC at the instant `at` (UTC milliseconds), in milliseconds.
 * Throws a RangeError where there is no such zone.
 */
export function offsetAt(at: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(at / 1000) * 1000;
}
