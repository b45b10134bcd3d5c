// Other working hours, inside the transaction in which they are set.

import type { Act } from '../../act.ts';
import type { Calendar } from '../../calendar/calendar.ts';
import { underCalendar } from './clock.ts';
import { lockRunningClocks, updateClock } from './store.ts';

/** Makes every open decision due by another calendar. */
export async function moveClocks(act: Act, calendars: { before: Calendar; after: Calendar }): Promise<void> {
  const { trx, actor } = act;
  for (const one of await lockRunningClocks(trx)) {
    await updateClock(trx, { id: one.id, ...underCalendar(one, actor.at, calendars) });
  }
}
