// Days and instants as the pages write them. A Day counts days since 1970-01-01 UTC and has no zone; an instant is
// UTC milliseconds and is always shown in the viewer's zone, which is named.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Parts = Partial<Record<Intl.DateTimeFormatPartTypes, string>>;

// Making a DateTimeFormat takes far longer than using it, so each zone's is kept.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string, locale: 'en-US' | 'en-GB'): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      timeZone,
      weekday: 'long',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    formats.set(key, format);
  }
  return format;
}

function knownZone(timeZone: string): string {
  try {
    formatIn(timeZone, 'en-US');
    return timeZone;
  } catch {
    return 'UTC';
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const twoDigits = (value: number): string => String(value).padStart(2, '0');

// Days are of UTC, and a page has a hundred of them: Intl takes ten times as long for the same words.
function partsInUtc(at: number): Parts {
  const date = new Date(at);
  return {
    weekday: WEEKDAYS[date.getUTCDay()] ?? '',
    day: String(date.getUTCDate()),
    month: MONTHS[date.getUTCMonth()] ?? '',
    year: String(date.getUTCFullYear()),
    hour: twoDigits(date.getUTCHours()),
    minute: twoDigits(date.getUTCMinutes()),
    timeZoneName: 'UTC',
  };
}

function partsAt(at: number, timeZone: string, locale: 'en-US' | 'en-GB' = 'en-US'): Parts {
  if (timeZone === 'UTC') return partsInUtc(at);
  return Object.fromEntries(
    formatIn(timeZone, locale)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
}

// Each English knows the names of its own zones only (`EST` there, `CET` here) and writes the rest as an offset.
function zoneName(at: number, timeZone: string, parts: Parts): string {
  const american = parts.timeZoneName ?? 'UTC';
  if (!/^GMT[+-]/.test(american)) return american;
  return partsAt(at, timeZone, 'en-GB').timeZoneName ?? american;
}

const clockOf = ({ hour, minute }: Parts): string => `${hour}:${minute}`;
const dateOf = ({ day, month, year }: Parts): string => `${day} ${month} ${year}`;

/** A stretch of time in its one or two largest units: `3 h 10 min`, `2 days`. Milliseconds. */
export function span(ms: number): string {
  const length = Math.abs(ms);
  if (length < MINUTE) return `${Math.round(length / 1000)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length >= 2 * DAY) return `${Math.floor(length / DAY)} days`;
  const minutes = Math.floor((length % HOUR) / MINUTE);
  const hours = Math.floor(length / HOUR);
  return minutes === 0 || hours >= 12 ? `${hours} h` : `${hours} h ${minutes} min`;
}

/** The helpers that write days and instants for a viewer in `timeZone`, at the instant `now`. */
export function dates(timeZone: string, now: number) {
  const zone = knownZone(timeZone);
  const ofDay = (day: number): Parts => partsAt(day * DAY, 'UTC');
  const date = (at: number): string => dateOf(partsAt(at, zone));
  return {
    /** A Day: `23 Nov 2026`. */
    day: (day: number): string => dateOf(ofDay(day)),
    /** A Day near enough to leave the year out: `23 Nov`. */
    shortDay: (day: number): string => `${ofDay(day).day} ${ofDay(day).month}`,
    /** A Day that somebody plans for: `Monday, 23 Nov 2026`. */
    longDay: (day: number): string => `${ofDay(day).weekday}, ${dateOf(ofDay(day))}`,
    /** A Day as machines and date fields write it: `2026-11-23`. */
    isoDay: (day: number): string => new Date(day * DAY).toISOString().slice(0, 10),
    /** The Day that it is for the viewer at an instant. */
    dayAt: (at: number): number => {
      const { year, month, day } = partsAt(at, zone);
      return Date.parse(`${day} ${month} ${year} UTC`) / DAY;
    },
    /** An instant's date in the viewer's zone: `21 Nov 2026`. */
    date,
    /** An instant in the viewer's zone, which is named: `21 Nov 2026, 09:12 UTC`. */
    time: (at: number): string => {
      const parts = partsAt(at, zone);
      return `${dateOf(parts)}, ${clockOf(parts)} ${zoneName(at, zone, parts)}`;
    },
    /** An instant for `<time datetime>`. */
    iso: (at: number): string => new Date(at).toISOString(),
    /** How long ago: `just now`, `12 min ago`, `3 h ago`; a date after 30 days; `in 5 min` for what comes. */
    ago: (at: number): string => {
      const age = now - at;
      if (age <= -MINUTE) return age < -30 * DAY ? date(at) : `in ${span(age)}`;
      if (age < MINUTE) return 'just now';
      return age > 30 * DAY ? date(at) : `${span(age).replace(/ h .*/, ' h')} ago`;
    },
    /** What a due instant says: `due in 3 h 10 min`, `2 days overdue`. */
    due: (at: number): string => (at >= now ? `due in ${span(at - now)}` : `${span(now - at)} overdue`),
    /** How long something took: `3 h 10 min`, `2 days`. Milliseconds. */
    span,
    now,
  };
}
