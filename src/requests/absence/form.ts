// Reads when a reviewer is back, and who gets their notices until then. Pure.

import type { Absence } from '../../accounts/person.ts';
import { startOfDayIn } from '../../calendar/zone.ts';
import { dayIn, startOfDay } from '../../day.ts';
import { type FormResult, readForm, type Typed } from '../../form.ts';

export type AbsenceForm = { readonly until: number; readonly standInId: number | null };

/** A day from tomorrow on, in the reviewer's time zone, and the colleague, if any. `until`: its first instant (UTC milliseconds). */
export function readAbsence(
  body: unknown,
  { at, timeZone }: { at: number; timeZone: string },
): FormResult<AbsenceForm> {
  const form = readForm(body);
  const day = form.day('backOn', {
    label: 'Back on',
    min: dayIn(at, timeZone) + 1,
    tooEarly: 'Back on must be a day after today.',
  });
  const text = form.text('standIn', { label: 'Stand-in', max: 9, required: false });
  if (!/^([1-9][0-9]{0,8})?$/.test(text)) form.fail('standIn', 'Choose a colleague from the list.');
  return form.result(() => ({ until: startOfDayIn(day ?? 0, timeZone), standInId: text === '' ? null : Number(text) }));
}

/** An absence as its form has it: the day in the reviewer's time zone, and the stand-in's id or nothing. */
export const absenceAsTyped = ({ until, standInId }: Absence, timeZone: string): Typed => ({
  backOn: new Date(startOfDay(dayIn(until, timeZone))).toISOString().slice(0, 10),
  standIn: standInId === null ? '' : String(standInId),
});
