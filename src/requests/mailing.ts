// On which days somebody says that they mail, and how much: asked where too little was measured. Pure.
import type { FormReader } from '../form.ts';
import { evenPattern, type Pattern, statedPattern, weeklyPattern } from '../sending/pattern.ts';
import { daysInWords } from '../sending/pattern-wording.ts';
import { capitalised, counted, grouped } from '../wording.ts';

/** `weekdays`: of each week, 0 Monday … 6 Sunday; `busiest`: messages on the busiest day; `everyDays`: 7, or days from one mailing to the next. */
export type Mailing = {
  readonly everyDays: number;
  readonly weekdays: readonly number[];
  readonly busiest: number;
};

export const RHYTHMS = ['7', '14', '30'] as const;
export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** What the volumes beside it say, in messages a week; null where they could not be read. */
type Volumes = { readonly weekly: number | null; readonly peak: number | null };

/** Reads the fields of a form. Days are written 1 Monday … 7 Sunday. null where one is wrong, which the form then says. */
export function readMailing(form: FormReader, { weekly, peak }: Volumes): Mailing | null {
  const every = Number(form.choice('everyDays', { label: 'how often you send', among: RHYTHMS }));
  const days = every > 7 ? [] : form.ids('weekdays', { label: 'Days' });
  if (days.some((day) => day > 7)) form.fail('weekdays', 'Days: choose from the list.');
  const busiest = form.whole('busiest', { label: 'Emails on your busiest day', min: 1, max: 10_000_000_000 });
  if (every === 0 || busiest === null) return null;
  if (weekly !== null) {
    const least = every > 7 ? 1 : Math.ceil(weekly / Math.max(1, days.length));
    const most = Math.max(peak ?? 0, Math.ceil((weekly * every) / 7));
    if (days.length > 0 && busiest < least) {
      const spread = `${grouped(weekly)} a week on ${counted(days.length, 'day')}`;
      form.fail('busiest', `${spread} are at least ${grouped(least)} on the busiest. Change one of them.`);
    } else if (busiest > most) {
      form.fail(
        'busiest',
        `This is more than the ${grouped(most)} that you expect in all those days. Change one of them.`,
      );
    }
  }
  return { everyDays: every, weekdays: days.map((day) => day - 1).toSorted(), busiest };
}

/**
 * The pattern that somebody stated with `weekly` messages a week: one day is the busiest, the others share the rest. Where
 * they were not asked, all days alike.
 */
export function patternStated(mailing: Mailing | null, weekly: number): Pattern {
  if (mailing === null) return evenPattern(weekly, 'stated');
  const { everyDays, weekdays, busiest } = mailing;
  if (everyDays > 7) return statedPattern({ busiest, weekdays: [], everyDays });
  const rest = Math.min(busiest, Math.max(0, Math.ceil((weekly - busiest) / Math.max(1, weekdays.length - 1))));
  const usual = WEEKDAYS.map((_, day) => (day === weekdays[0] ? busiest : weekdays.includes(day) ? rest : 0));
  return weeklyPattern(usual, 'stated');
}

/** A stated mailing as pages show it. */
export function mailingInWords(mailing: Mailing): string {
  const { busiest, everyDays } = mailing;
  if (everyDays > 7) return `${grouped(busiest)} emails about every ${counted(everyDays, 'day')}`;
  return capitalised(
    `${daysInWords(patternStated(mailing, busiest * mailing.weekdays.length))}, ${grouped(busiest)} emails on the busiest day`,
  );
}

/** A stated mailing as somebody would type it. */
export const typedMailing = (mailing: Mailing | null) =>
  mailing === null
    ? {}
    : {
        everyDays: String(mailing.everyDays),
        weekdays: mailing.weekdays.map((day) => String(day + 1)),
        busiest: grouped(mailing.busiest),
      };
