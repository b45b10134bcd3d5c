// What of today's mail went over the warming IPs so far: handed out hour by hour, as routers take it.
import { startOfDay } from '../../src/day.ts';
import { takeBlocks } from '../../src/routing/store-caps.ts';
import { capNow } from '../../src/warmup/state.ts';
import { listWarmups } from '../../src/warmup/store.ts';
import type { Desk } from './desk.ts';
import { SHARES, spread } from './sending.ts';
import { domainsOf, sentBy } from './warming.ts';
import type { When } from './when.ts';

const HOUR = 3_600_000;

/** Of a day's mail, by the hour (UTC); they add up to one. */
const HOURS = [1, 1, 1, 1, 2, 3, 6, 9, 10, 9, 8, 7, 6, 6, 6, 5, 5, 4, 3, 2, 2, 1, 1, 1].map((part) => part / 100);

/** Of an IP's mail, what goes to Microsoft: the one provider that is ever slowed in the demo. */
const MICROSOFT = SHARES[1] ?? 0;

/** Takes of today's caps what was sent up to now; the day has as much mail as the same weekday a week ago. */
export async function handOutToday(desk: Desk, when: When): Promise<void> {
  const running = await listWarmups(desk.trx, { statuses: ['running'] });
  for (const warmup of running) {
    const mail = sentBy(desk, await domainsOf(desk, warmup), when.today - 7);
    const byHour = spread(Math.min(capNow(warmup) ?? mail, mail), HOURS);
    for (const [hour, messages] of byHour.entries()) {
      const from = startOfDay(when.today) + hour * HOUR;
      const passed = Math.min(1, (when.now - from) / HOUR);
      if (passed <= 0) break;
      const [toMicrosoft = 0, toOthers = 0] = spread(Math.floor(messages * passed), [MICROSOFT, 1 - MICROSOFT]);
      const { ipId } = warmup;
      if (toMicrosoft > 0) await takeBlocks(desk.trx, [{ ipId, provider: 'microsoft', want: toMicrosoft }], from);
      if (toOthers > 0) await takeBlocks(desk.trx, [{ ipId, provider: '', want: toOthers }], from);
    }
  }
}
