// Other working hours, inside the transaction in which they are set.

import type { Act } from '../../act.ts';
import type { Calendar } from '../../calendar/calendar.ts';
import { underCalendar } from './clock.ts';
import { lockRunningClocks, updateClocks } from './store.ts';

/** This many requests are read and written at a time: a desk may have thousands open. */
const PIECE = 500;

/** Makes every open decision due by another calendar, `piece` requests at a time. */
export async function moveClocks(
  act: Act,
  calendars: { before: Calendar; after: Calendar },
  piece = PIECE,
): Promise<void> {
  const { trx, actor } = act;
  for (let after = 0; ; ) {
    const running = await lockRunningClocks(trx, after, piece);
    await updateClocks(
      trx,
      running.map((one) => ({ id: one.id, ...underCalendar(one, actor.at, calendars) })),
    );
    const last = running.at(-1);
    if (last === undefined || running.length < piece) return;
    after = last.id;
  }
}
