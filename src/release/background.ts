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
import type { Result } from '../result.ts';
import { notifyReleased } from './notify.ts';

const TOGETHER = 100;

type Done = Result<void, 'gone'>;

/**
 * Releases the IPs whose drain is over, and frees those whose quarantine is, each in an act of its own, at the instant `at`.
 * Any number of processes may do it at once. Returns how many it moved. What goes wrong with one holds up none behind it,
 * and is thrown at the end.
 */
export async function finishReleases(db: Db, { release }: Policy, at: number): Promise<number> {
  const restsUntil = at + release.quarantineDays.value * dayLength;
  const faults: unknown[] = [];
  let [moved, tried] = [0, 0];
  const each = async (ids: readonly number[], move: (id: number) => Promise<Done>): Promise<void> => {
    for (const id of ids) {
      tried += 1;
      try {
        if ((await move(id)).ok) moved += 1;
      } catch (error) {
        faults.push(error);
      }
    }
  };
  await each(await listDrained(db, at, TOGETHER), (id) => endDrain(db, id, { at, restsUntil }));
  await each(await listRested(db, at, TOGETHER), (id) => endRest(db, id, at));
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} of ${tried} IPs could not be released or freed`);
  return moved;
}

type Times = { readonly at: number; readonly restsUntil: number };

const endDrain = (db: Db, id: number, { at, restsUntil }: Times): Promise<Done> =>
  act<void, 'gone'>(db, { person: null, at }, async (act) => {
    const allocation = (await findAllocation(act.trx, id)) ?? act.refuse('gone');
    // Another process was faster.
    if (barToAllocation('finish', allocation, null) !== null) return act.refuse('gone');
    const eventId = await finishRelease(act, allocation, restsUntil);
    const account = await findAccount(act.trx, allocation.accountId);
    if (account !== null) await notifyReleased(act, account, { allocation, eventId });
  });

const endRest = (db: Db, id: number, at: number): Promise<Done> =>
  act<void, 'gone'>(db, { person: null, at }, async (act) => {
    const ip = (await findIp(act.trx, id)) ?? act.refuse('gone');
    if (barToIp('free', ip.status, null) !== null) return act.refuse('gone');
    await changeIp(act, 'free', ip);
  });
