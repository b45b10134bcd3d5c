// Who waits for IPs in which region, and what is free there.
import type { Db } from '../../database.ts';
import { dayLength } from '../../day.ts';
import type { Region } from '../../policy/checks/facts.ts';
import { findPolicyVersion } from '../../policy/store.ts';
import type { IpRequest } from '../request.ts';
import { type Position, positionOf, serveOrder, type Waiting } from './serve-order.ts';
import { countFree, listFree, listWaitingRows, type WaitingRow } from './store.ts';

/** The waitlist of each region, the one that waits longest first. */
export async function gatherWaiting(db: Db): Promise<ReadonlyMap<Region, Waiting[]>> {
  return waitingByRegion(db, await listWaitingRows(db));
}

async function waitingByRegion(db: Db, rows: readonly WaitingRow[]): Promise<ReadonlyMap<Region, Waiting[]>> {
  const found = new Map<Region, Waiting[]>();
  for (const { id, region, count, since, policyVersionId } of rows) {
    const { document } = await findPolicyVersion(db, policyVersionId);
    const keptFrom = since + document.waitlistKeepDays.value * dayLength;
    found.set(region, [...(found.get(region) ?? []), { id, count, keptFrom }]);
  }
  return found;
}

/** The free IPs of each region, without those that the waitlist gets next or that are kept for it. One statement. */
export async function countUnpromised(db: Db, at: number): Promise<ReadonlyMap<Region, number>> {
  const free = await listFree(db);
  const waiting = await waitingByRegion(
    db,
    free.flatMap((one) => one.waiting),
  );
  return new Map(free.map((one) => [one.region, serveOrder(one.free, waiting.get(one.region) ?? [], at).left]));
}

/** A request's place on the waitlist; null where it does not wait, or its account is suspended. */
export async function gatherPosition(db: Db, { id, answers }: IpRequest, at: number): Promise<Position | null> {
  if (answers.kind !== 'dedicated_ip') return null;
  const waiting = (await gatherWaiting(db)).get(answers.region) ?? [];
  return positionOf(id, (await countFree(db)).get(answers.region) ?? 0, waiting, at);
}
