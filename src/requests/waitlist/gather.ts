// Who waits for IPs in which region, and what is free there.
import type { Db } from '../../database.ts';
import { dayLength } from '../../day.ts';
import { countFreeIps } from '../../ips/store.ts';
import type { Region } from '../../policy/checks/facts.ts';
import { findPolicyVersion } from '../../policy/store.ts';
import type { IpRequest } from '../request.ts';
import { type Position, positionOf, serveOrder, type Waiting } from './serve-order.ts';
import { countPendingIps, listWaitingRows, type Turn } from './store.ts';

/** The waitlist of each region, the one that waits longest first. */
export async function gatherWaiting(db: Db): Promise<ReadonlyMap<Region, Waiting[]>> {
  const found = new Map<Region, Waiting[]>();
  for (const { id, region, count, since, policyVersionId } of await listWaitingRows(db)) {
    const { document } = await findPolicyVersion(db, policyVersionId);
    const keptFrom = since + document.waitlistKeepDays.value * dayLength;
    found.set(region, [...(found.get(region) ?? []), { id, count, keptFrom }]);
  }
  return found;
}

/**
 * The free IPs of each region, without those that approvals take which have not taken effect yet: all of them, or those
 * that are to take effect before `than`.
 */
export async function countFree(db: Db, than?: Turn): Promise<ReadonlyMap<Region, number>> {
  const pending = await countPendingIps(db, than);
  const free = [...(await countFreeIps(db))];
  return new Map(free.map(([region, count]) => [region, Math.max(0, count - (pending.get(region) ?? 0))]));
}

/** The free IPs of each region, without those that the waitlist gets next or that are kept for it. */
export async function countUnpromised(db: Db, at: number): Promise<ReadonlyMap<Region, number>> {
  const waiting = await gatherWaiting(db);
  const free = [...(await countFree(db))];
  return new Map(free.map(([region, count]) => [region, serveOrder(count, waiting.get(region) ?? [], at).left]));
}

/** A request's place on the waitlist; null where it does not wait, or its account is suspended. */
export async function gatherPosition(db: Db, { id, answers }: IpRequest, at: number): Promise<Position | null> {
  if (answers.kind !== 'dedicated_ip') return null;
  const waiting = (await gatherWaiting(db)).get(answers.region) ?? [];
  return positionOf(id, (await countFree(db)).get(answers.region) ?? 0, waiting, at);
}
