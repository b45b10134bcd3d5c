// Ends what has to end by itself: drains, then quarantines.
import { findAccount } from '../accounts/store.ts';
import { act } from '../act.ts';
import type { Db } from '../database.ts';
import { dayLength } from '../day.ts';
import { changeIp, finishRelease } from '../ips/actions.ts';
import { barToAllocation, barToIp } from '../ips/lifecycle.ts';
import { findAllocation } from '../ips/store.ts';
import { findIp, listDrained, listRested } from '../ips/store-release.ts';
import type { Policy } from '../policy/document/policy.ts';
import { notifyReleased } from './notify.ts';

const TOGETHER = 100;

/**
 * Releases the IPs whose drain is over, and frees those whose quarantine is, each in an act of its own, at the instant `at`.
 * Any number of processes may do it at once. Returns how many it moved.
 */
export async function finishReleases(db: Db, { release }: Policy, at: number): Promise<number> {
  let moved = 0;
  const actor = { person: null, at };
  const restsUntil = at + release.quarantineDays.value * dayLength;
  for (const id of await listDrained(db, at, TOGETHER)) {
    const done = await act<void, 'gone'>(db, actor, async (act) => {
      const allocation = (await findAllocation(act.trx, id)) ?? act.refuse('gone');
      // Another process was faster.
      if (barToAllocation('finish', allocation, null) !== null) return act.refuse('gone');
      const eventId = await finishRelease(act, allocation, restsUntil);
      const account = await findAccount(act.trx, allocation.accountId);
      if (account !== null) await notifyReleased(act, account, { allocation, eventId });
    });
    if (done.ok) moved += 1;
  }
  for (const id of await listRested(db, at, TOGETHER)) {
    const done = await act<void, 'gone'>(db, actor, async (act) => {
      const ip = (await findIp(act.trx, id)) ?? act.refuse('gone');
      if (barToIp('free', ip.status, null) !== null) return act.refuse('gone');
      await changeIp(act, 'free', ip);
    });
    if (done.ok) moved += 1;
  }
  return moved;
}
