// How real senders mail: fifteen kinds, each a day's messages by the day.
import { weekdayOf } from '../../src/sending/pattern-days.ts';

const TUESDAY = 1;
/** Christmas and New Year, as month-day. */
const HOLIDAYS = new Set(['12-24', '12-25', '12-26', '12-31', '1-1']);

export const kinds = [
  'even',
  'growing',
  'weekdays',
  'uneven',
  'weekly',
  'two a week',
  'fortnightly',
  'monthly',
  'wandering',
  'seasonal',
  'shrinking',
  'stops',
  'peaks',
  'incident',
  'overstates',
  'understates',
] as const;
export type Kind = (typeof kinds)[number];

/** Kinds that mail as they did before: their plans are to end when it was said. */
export const STEADY: ReadonlySet<Kind> = new Set<Kind>([
  'even',
  'weekdays',
  'uneven',
  'weekly',
  'two a week',
  'fortnightly',
  'monthly',
]);

/** A number from 0 up to 1, the same for the same key everywhere. */
export function drawn(...key: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of key.join('/')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

const WEEK: Readonly<Partial<Record<Kind, readonly number[]>>> = {
  weekdays: [0.2, 0.2, 0.2, 0.2, 0.2, 0, 0],
  uneven: [0.2, 0.2, 0.2, 0.2, 0.15, 0.03, 0.02],
  weekly: [0, 1, 0, 0, 0, 0, 0],
  'two a week': [0, 0.5, 0, 0.5, 0, 0, 0],
  understates: [0.2, 0.2, 0.2, 0.2, 0.2, 0, 0],
};

/** Messages that a sender of `weekly` messages a week sends on a day; `began`: the day on which the year began. */
export function mailOn(kind: Kind, id: number, weekly: number, day: number, began: number): number {
  const date = new Date(day * 86_400_000);
  if (kind !== 'even' && HOLIDAYS.has(`${date.getUTCMonth() + 1}-${date.getUTCDate()}`)) return 0;
  const noise = 0.93 + 0.14 * drawn('noise', id, day);
  return Math.round(weekly * noise * shareOn(kind, id, day, began));
}

/** The part of a week's mail that a day brings. */
function shareOn(kind: Kind, id: number, day: number, began: number): number {
  const week = WEEK[kind];
  if (week) return week[weekdayOf(day)] ?? 0;
  const nth = day - began;
  const even = 1 / 7;
  switch (kind) {
    case 'growing':
      return even * 1.01 ** (nth / 7);
    case 'shrinking':
      return even * Math.max(0.4, 1 - Math.max(0, nth) / 300);
    case 'fortnightly':
      return weekdayOf(day) === TUESDAY && Math.floor((day + 3) / 7) % 2 === id % 2 ? 2 : 0;
    case 'monthly':
      return new Date(day * 86_400_000).getUTCDate() === 1 + (id % 20) ? 52 / 12 : 0;
    case 'wandering':
      return weekdayOf(day) === Math.floor(5 * drawn('day', id, Math.floor((day + 3) / 7))) ? 1 : 0;
    case 'seasonal':
      return (day + 7 * id) % 100 < 60 ? even : 0;
    case 'stops':
      return nth >= 110 && nth < 150 ? 0 : even;
    case 'peaks':
      return nth % 90 >= 80 && nth % 90 < 84 ? 2 * even : even;
    default:
      return even;
  }
}
