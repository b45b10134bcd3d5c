import type { Actor } from '../accounts/person.ts';
import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { Db } from '../database.ts';
import type { Region } from '../policy/checks/facts.ts';
import type { Result } from '../result.ts';
import type { Allocation, AllocationStatus } from './allocation.ts';
import { lockAddresses } from './pools/actions.ts';
import { listTakenByPools } from './pools/store.ts';
import {
  claimIps,
  deleteDomainLinks,
  insertAllocation,
  insertIps,
  listAllocationsFor,
  moveAllocation,
} from './store.ts';

/** Adds addresses (in normal form) to the inventory as free. Returns those that were new. */
export async function addIps(act: Act, addresses: readonly string[], region: Region): Promise<string[]> {
  const added = await insertIps(act.trx, addresses, region, act.actor.at);
  for (const { id, address } of added) {
    await record(act, {
      name: 'ip.added',
      subject: { type: 'ip', id },
      accountId: null,
      to: 'free',
      facts: { address, region },
    });
  }
  return added.map((ip) => ip.address);
}

/** Adds addresses (in normal form) in an act of their own, all or none. Refused where one of them is known already. */
export function addAllIps(
  db: Db,
  actor: Actor,
  addresses: readonly string[],
  region: Region,
): Promise<Result<void, 'known'>> {
  return act<void, 'known'>(db, actor, async (act) => {
    await lockAddresses(act.trx);
    if ((await listTakenByPools(act.trx, addresses)).size > 0) return act.refuse('known');
    const added = await addIps(act, addresses, region);
    if (added.length < addresses.length) act.refuse('known');
  });
}

/**
 * Returns free IPs of a region to one account (C-07), each at its monthly price in cents.
 * All or none: null where fewer are free than the prices say.
 */
export async function allocateIps(
  act: Act,
  wanted: {
    requestId: number;
    reference: string;
    accountId: number;
    region: Region;
    prices: readonly number[];
    currency: string;
    domainIds: readonly number[];
    /** `active`: in use at once, without automated warm-up (S-15). */
    status: 'warming' | 'active';
  },
): Promise<Allocation[] | null> {
  const { trx, actor } = act;
  const ips = await claimIps(trx, wanted.region, wanted.prices.length);
  if (ips.length === 0) return null;
  for (const [index, ip] of ips.entries()) {
    const id = await insertAllocation(trx, {
      ...wanted,
      ipId: ip.id,
      monthlyCents: wanted.prices[index] ?? 0,
      at: actor.at,
    });
    await record(act, {
      name: 'allocation.made',
      subject: { type: 'allocation', id },
      accountId: wanted.accountId,
      to: wanted.status,
      facts: {
        address: ip.address,
        region: wanted.region,
        reference: wanted.reference,
        ...(wanted.status === 'active' ? { withoutWarmup: true } : {}),
      },
    });
  }
  return listAllocationsFor(trx, wanted.requestId);
}

/** Follows a warm-up, which keeps the record of it: warming, paused, active. Throws where it was not in `from`. */
export async function followWarmup(
  { trx, actor }: Act,
  id: number,
  from: AllocationStatus,
  to: AllocationStatus,
): Promise<void> {
  if (!(await moveAllocation(trx, id, { from, to, at: actor.at }))) throw new Error(`allocation ${id} was not ${from}`);
}

/** Takes a domain off the IPs that it used, in the transaction in which its mail goes elsewhere. The IPs stay the account's. */
export async function unlinkDomain(trx: Db, domainId: number, at: number): Promise<void> {
  await deleteDomainLinks(trx, domainId, at);
}
