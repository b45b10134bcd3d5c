import type { Actor } from '../accounts/person.ts';
import { findAccount } from '../accounts/store.ts';
import { type Act, act } from '../act.ts';
import { record, recordFirsts } from '../audit/actions.ts';
import { type Db, overtaken } from '../database.ts';
import { type Day, dayOf } from '../day.ts';
import type { Region, Stream } from '../policy/checks/facts.ts';
import type { Result } from '../result.ts';
import type { Allocation, AllocationStatus } from './allocation.ts';
import { endAssignments } from './assignments/actions.ts';
import { allocationTransitions, type IpTransitionName, ipTransitions, mayFollow } from './lifecycle.ts';
import { endLinks } from './names/actions.ts';
import { joinPools, leavePools } from './own-pools/actions.ts';
import { lockAddresses } from './pools/actions.ts';
import { listTakenByPools } from './pools/store.ts';
import type { IpDetails } from './stock-details.ts';
import { insertAllocation, listAllocationsFor, moveAllocation } from './store.ts';
import { claimAddress, claimIps } from './store-claims.ts';
import { insertIps, updateDetails } from './store-inventory.ts';
import { type Ip, moveIp } from './store-release.ts';
import { deleteDomainLinks, markUnused, replaceLinks } from './store-use.ts';

/** Adds addresses (in normal form) to the inventory as free, with what is known of each. Returns those that were new. */
export async function addIps(
  act: Act,
  addresses: readonly string[],
  region: Region,
  details: ReadonlyMap<string, IpDetails> = new Map(),
): Promise<string[]> {
  const added = await insertIps(act.trx, addresses, region, act.actor.at);
  for (const { id, address } of added) {
    const known = details.get(address);
    if (known) await updateDetails(act.trx, id, known);
  }
  await recordFirsts(
    act,
    added.map(({ id, address }) => ({
      name: 'ip.added',
      subject: { type: 'ip', id },
      accountId: null,
      to: 'free',
      facts: { address, region, ...details.get(address) },
    })),
  );
  return added.map((ip) => ip.address);
}

/** Adds addresses (in normal form) in an act of their own, all or none. Refused where one of them is known already. */
export function addAllIps(
  db: Db,
  actor: Actor,
  ips: readonly { readonly address: string; readonly region: Region; readonly details?: IpDetails }[],
): Promise<Result<void, 'known'>> {
  const addresses = ips.map(({ address }) => address);
  return act<void, 'known'>(db, actor, async (act) => {
    await lockAddresses(act.trx);
    if ((await listTakenByPools(act.trx, addresses)).size > 0) return act.refuse('known');
    for (const [region, some] of Map.groupBy(ips, (ip) => ip.region)) {
      const wanted = some.map(({ address }) => address);
      const details = new Map(some.flatMap((ip) => (ip.details ? [[ip.address, ip.details] as const] : [])));
      if ((await addIps(act, wanted, region, details)).length < wanted.length) act.refuse('known');
    }
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
  await refuseSubuser(trx, wanted.accountId);
  const ips = await claimIps(trx, wanted.region, wanted.prices.length);
  if (ips.length === 0) return null;
  for (const [index, ip] of ips.entries()) {
    const id = await insertAllocation(trx, {
      ...wanted,
      ipId: ip.id,
      monthlyCents: wanted.prices[index] ?? 0,
      at: actor.at,
    });
    await joinPools(act, { id, accountId: wanted.accountId, ipId: ip.id, address: ip.address }, wanted.domainIds);
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

/** A subuser's IPs are those that its parent assigns to it; what would give it one of its own was refused before. */
async function refuseSubuser(trx: Db, accountId: number): Promise<void> {
  if ((await findAccount(trx, accountId))?.parentId) throw new Error(`account ${accountId} is a subuser`);
}

/** An IP that an account had before Warmdesk came. `at`: since when (UTC milliseconds). */
export type MovedIn = {
  readonly address: string;
  readonly region: Region;
  readonly accountId: number;
  readonly domainIds: readonly number[];
  readonly status: 'warming' | 'active';
  readonly perDay: number;
  readonly monthlyCents: number;
  readonly currency: string;
  readonly at: number;
  readonly chargedFrom: Day;
};

/**
 * Returns an IP to the account that has it already, without a request; the inventory gets it where it lacks it. Returns
 * the allocation's id. Throws (`overtaken`, `isDuplicate`) where somebody else got the address just now.
 */
export async function moveIpIn(act: Act, { at, ...held }: MovedIn): Promise<number> {
  const { trx, actor } = act;
  const { address, region, accountId, status, perDay } = held;
  await refuseSubuser(trx, accountId);
  await addIps(act, [address], region);
  const ipId = await claimAddress(trx, address);
  if (ipId === undefined) throw overtaken(`${address} was allocated meanwhile`);
  const id = await insertAllocation(trx, { ...held, ipId, requestId: null, at, changedAt: actor.at });
  await joinPools(act, { id, accountId, ipId, address }, held.domainIds);
  await record(act, {
    name: 'allocation.movedIn',
    subject: { type: 'allocation', id },
    accountId,
    to: status,
    facts: { address, region, warming: status === 'warming', perDay },
  });
  return id;
}

/** Follows a warm-up, which keeps the record of it: warming, paused, active. Throws where it was not in `from`. */
export async function followWarmup(
  { trx, actor }: Act,
  id: number,
  from: AllocationStatus,
  to: AllocationStatus,
): Promise<void> {
  if (!mayFollow(from, to)) throw new Error(`an allocation does not go from ${from} to ${to}`);
  if (!(await moveAllocation(trx, id, { from, to, at: actor.at }))) throw new Error(`allocation ${id} was not ${from}`);
}

/** Takes a domain off the IPs that it used, in the transaction in which its mail goes elsewhere. The IPs stay the account's. */
export async function unlinkDomain(
  trx: Db,
  { id, accountId }: { readonly id: number; readonly accountId: number },
  at: number,
): Promise<void> {
  await deleteDomainLinks(trx, id, at);
  await markUnused(trx, accountId, at);
}

/**
 * Begins to give an IP back, in the caller's transaction, who has seen that the actor may: nothing new goes over it, and the
 * day of `actor.at` (UTC) is the last that is charged. Returns the id of its record. Throws where its status has changed meanwhile.
 */
export async function beginRelease(act: Act, allocation: Allocation, drainsUntil: number, reason: string) {
  const { trx, actor } = act;
  const { id, accountId, address, status: from } = allocation;
  const { to, event: name } = allocationTransitions.release;
  const releasedOn = dayOf(actor.at);
  const isMoved = await moveAllocation(trx, id, { from, to, at: actor.at }, { releasedOn, drainsUntil });
  if (!isMoved) throw overtaken(`${address} was moved meanwhile`);
  await endAssignments(act, allocation);
  await leavePools(act, allocation);
  const subject = { type: 'allocation', id } as const;
  return record(act, { name, subject, accountId, from, to, facts: { address, releasedOn, drainsUntil } }, reason);
}

/** Ends the release of an IP that is drained: it is nobody's, and rests. Returns the id of its record. */
export async function finishRelease(act: Act, allocation: Allocation, quarantinedUntil: number): Promise<number> {
  const { trx, actor } = act;
  const { id, ipId, accountId, address, status: from } = allocation;
  const { to, event: name } = allocationTransitions.finish;
  if (!(await moveAllocation(trx, id, { from, to, at: actor.at }))) throw overtaken(`${address} was moved meanwhile`);
  const subject = { type: 'allocation', id } as const;
  const eventId = await record(act, { name, subject, accountId, from, to, facts: { address } });
  await endLinks(act, accountId, { allocation_id: id });
  await changeIp(act, 'rest', { id: ipId, address, status: 'allocated' }, { quarantinedUntil });
  return eventId;
}

/** Takes a step of an IP's lifecycle, in the caller's transaction, who has seen that the actor may. Throws where it moved on meanwhile. */
export async function changeIp(
  act: Act,
  name: Exclude<IpTransitionName, 'allocate'>,
  { id, address, status: from }: Pick<Ip, 'id' | 'address' | 'status'>,
  { reason = '', ...change }: { readonly reason?: string; readonly quarantinedUntil?: number } = {},
): Promise<void> {
  const { to, event } = ipTransitions[name];
  if (!(await moveIp(act.trx, id, { from, to }, change))) throw overtaken(`${address} was moved meanwhile`);
  const facts = { address, before: from, after: to };
  await record(act, { name: event, subject: { type: 'ip', id }, accountId: null, facts }, reason);
}

/** Has these domains use an IP, and no others, for this mail of theirs; the caller moves them. `added`, `removed`: names. Returns the id of its record. */
export async function setUse(
  act: Act,
  { id, accountId, address, stream: before }: Allocation,
  { domainIds, stream }: { readonly domainIds: readonly number[]; readonly stream: Stream },
  { reason, ...change }: { readonly added: string[]; readonly removed: string[]; readonly reason: string },
): Promise<number> {
  const { trx, actor } = act;
  await replaceLinks(trx, id, { domainIds, stream, at: actor.at });
  await markUnused(trx, accountId, actor.at);
  const facts = { address, ...change, ...(stream === before ? {} : { stream }) };
  return record(act, { name: 'allocation.used', subject: { type: 'allocation', id }, accountId, facts }, reason);
}
