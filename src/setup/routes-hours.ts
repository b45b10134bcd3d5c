// When the desk works, as an administrator sets it.
import type { Request, Response } from 'express';
import { timeZones } from '../accounts/form.ts';
import { type Calendar, MINUTES_A_DAY, WEEKDAYS } from '../calendar/calendar.ts';
import { calendarAsTyped, fieldOf, readCalendar } from '../calendar/form.ts';
import { hoursOfWork } from '../calendar/wording.ts';
import { afterWork } from '../calendar/working-time.ts';
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';
import { setHours } from './actions.ts';

const HOUR = 3_600_000;

declare module '../web/page.ts' {
  interface Views {
    'setup/hours': {
      title: string;
      typed: Typed;
      errors: FieldErrors;
      zones: readonly string[];
      days: readonly { readonly day: string; readonly field: string }[];
      /** What holds now: the openings of each day as shares of it, and when a request sent now would be due. */
      inForce: {
        readonly week: readonly { readonly day: string; readonly openings: readonly Share[] }[];
        readonly zone: string;
        readonly within: string;
        readonly dueAt: number;
      };
    };
  }
}

/** Percent of a day. */
type Share = { readonly x: number; readonly width: number };

export function hoursRoutes(deps: Deps): Route[] {
  const may = 'set up';
  return [
    { method: 'get', path: '/settings/hours', may, handle: (_req, res) => show(deps, res) },
    { method: 'post', path: '/settings/hours', may, handle: (req, res) => take(deps, req, res) },
  ];
}

function show(deps: Deps, res: Response, typed?: Typed, errors: FieldErrors = {}): void {
  const { calendar, policy, now } = deps;
  const zones = timeZones();
  const page = {
    title: 'Working hours',
    typed: typed ?? calendarAsTyped(calendar),
    errors,
    // A zone under an old name stays choosable where it is set.
    zones: zones.includes(calendar.zone) ? zones : [calendar.zone, ...zones],
    days: WEEKDAYS.map((day, index) => ({ day, field: fieldOf(index) })),
    inForce: inForce(calendar, policy.document.decideWithinHours.value, now()),
  };
  res.page('setup/hours', page, Object.keys(errors).length > 0 ? 422 : 200);
}

const percent = (minutes: number): number => Math.round((minutes / MINUTES_A_DAY) * 10_000) / 100;

const inForce = (calendar: Calendar, hours: number, at: number) => ({
  week: calendar.week.map((openings, index) => ({
    day: WEEKDAYS[index] ?? '',
    openings: openings.map(({ from, to }) => ({ x: percent(from), width: percent(to - from) })),
  })),
  zone: calendar.zone,
  within: hoursOfWork(hours, calendar),
  dueAt: afterWork(at, hours * HOUR, calendar),
});

async function take(deps: Deps, req: Request, res: Response): Promise<void> {
  if (req.person === null) throw new NotFound();
  const form = readCalendar(req.body);
  if (!form.ok) return show(deps, res, form.typed, form.errors);
  await setHours(deps.db, { person: req.person, at: deps.now() }, form.value);
  await deps.reload();
  res.redirect(303, '/settings/hours?note=settings-saved');
}
