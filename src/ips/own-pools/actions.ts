// S-07: what changes a customer's own pools, in the caller's transaction, in which the account is locked. The domains that
// point to a pool are moved by the caller where that is needed.
import type { Act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { noteAccountChange } from '../../domains/actions.ts';
import type { Allocation } from '../allocation.ts';
import { markUnused } from '../store-use.ts';
import { type Choices, choicesWithout, type Member, MOST, type OwnPool, type PoolChoice } from './pool.ts';
import {
  deletePool,
  findChoices,
  insertPool,
  listOwnPools,
  relinkPooled,
  replaceChoices,
  replaceMembers,
  updatePool,
} from './store.ts';

/** A pool as it is to be. */
export type WantedPool = { readonly name: string; readonly members: readonly Omit<Member, 'region' | 'status'>[] };

const named = ({ address, weight }: Pick<Member, 'address' | 'weight'>): string => `${address} (weight ${weight})`;
const subjectOf = (accountId: number) => ({ type: 'account', id: accountId }) as const;

/** Has the domains of an account that point to pools use exactly their IPs again, after links were replaced without a look at pools. */
export const relinkDomains = ({ trx }: Act, accountId: number): Promise<void> => relinkPooled(trx, accountId);

/** What routes and what pages read follows from the pools as they are now. */
async function follow({ trx, actor }: Act, accountId: number): Promise<void> {
  await relinkPooled(trx, accountId);
  await noteAccountChange(trx, accountId, actor.at);
  await markUnused(trx, accountId, actor.at);
}

/** Makes a pool. Returns its id. Throws (`isDuplicate`) where the account has one of that name. */
export async function makePool(act: Act, accountId: number, { name, members }: WantedPool): Promise<number> {
  const id = await insertPool(act.trx, { accountId, name, at: act.actor.at });
  await replaceMembers(act.trx, { id, accountId }, members);
  const facts = { pool: name, ips: members.map(named) };
  await record(act, { name: 'account.poolMade', subject: subjectOf(accountId), accountId, facts });
  return id;
}

/** Changes the name or the IPs of a pool; its domains use these from now on. Returns the id of its record. Throws as `makePool`. */
export async function setPool(act: Act, pool: OwnPool, { name, members }: WantedPool): Promise<number> {
  const { accountId } = pool;
  await updatePool(act.trx, pool.id, name);
  await replaceMembers(act.trx, pool, members);
  await follow(act, accountId);
  return recordChange(act, pool, { name, members });
}

function recordChange(act: Act, { accountId, name: before, members: had }: OwnPool, { name, members }: WantedPool) {
  const weightBefore = new Map(had.map((one) => [one.allocationId, one.weight]));
  const ids = new Set(members.map(({ allocationId }) => allocationId));
  const facts = {
    pool: name,
    ...(name === before ? {} : { before }),
    added: members.filter(({ allocationId }) => !weightBefore.has(allocationId)).map(named),
    removed: had.filter(({ allocationId }) => !ids.has(allocationId)).map(({ address }) => address),
    weights: members
      .filter(({ allocationId, weight }) => (weightBefore.get(allocationId) ?? weight) !== weight)
      .map(named),
  };
  return record(act, { name: 'account.poolChanged', subject: subjectOf(accountId), accountId, facts });
}

/** Deletes a pool. `choices`: what its domains choose from then on. `to`: that, in words. Returns the id of its record. */
export async function endPool(
  act: Act,
  { id, accountId, name, domains }: OwnPool,
  { choices, to }: { readonly choices: Choices; readonly to: string },
): Promise<number> {
  await replaceChoices(act.trx, accountId, choices);
  await deletePool(act.trx, id);
  await follow(act, accountId);
  const facts = { pool: name, domains: domains.map(({ domain }) => domain), to };
  return record(act, { name: 'account.poolDeleted', subject: subjectOf(accountId), accountId, facts });
}

/** Has a domain point to these pools, by the kind of its mail; null: it uses the same IPs directly. Returns the id of its record. */
export async function pointDomain(
  act: Act,
  { id, accountId, name: domain }: { readonly id: number; readonly accountId: number; readonly name: string },
  choice: PoolChoice | null,
  pools: readonly Pick<OwnPool, 'id' | 'name'>[],
): Promise<number> {
  await replaceChoices(act.trx, accountId, new Map([[id, choice]]));
  await follow(act, accountId);
  const nameOf = (poolId: number) => pools.find((one) => one.id === poolId)?.name ?? '';
  const facts = {
    domain,
    marketing: choice && nameOf(choice.marketing),
    transactional: choice && nameOf(choice.transactional),
  };
  return record(act, { name: 'domain.pointed', subject: { type: 'domain', id }, accountId, facts });
}

type Ip = Pick<Allocation, 'id' | 'accountId' | 'ipId' | 'address'>;

/**
 * Takes an IP out of all pools, as its account gives it back or does not send over it any more. A pool that has no IPs then
 * stays, but no domain points to it: that goes over the other pool that it chose, if it did.
 */
export async function leavePools(act: Act, { id: allocationId, accountId }: Ip): Promise<void> {
  const { trx } = act;
  const pools = await listOwnPools(trx, accountId);
  const left = pools.filter(({ members }) => members.some((one) => one.allocationId === allocationId));
  if (left.length === 0) return;
  for (const pool of left) {
    const members = pool.members.filter((one) => one.allocationId !== allocationId);
    await updatePool(trx, pool.id, pool.name);
    await replaceMembers(trx, pool, members);
    await recordChange(act, pool, { name: pool.name, members });
    if (members.length === 0)
      await replaceChoices(trx, accountId, choicesWithout(pool.id, null, await findChoices(trx, accountId)));
  }
  await follow(act, accountId);
}

/** Puts an IP that was just allocated for domains into the pools to which these point, with weight 1, so that they use it. */
export async function joinPools(act: Act, ip: Ip, domainIds: readonly number[]): Promise<void> {
  const { trx } = act;
  const choices = await findChoices(trx, ip.accountId);
  const chosen = new Set(domainIds.flatMap((id) => Object.values(choices.get(id) ?? {})));
  if (chosen.size === 0) return;
  for (const pool of await listOwnPools(trx, ip.accountId)) {
    if (!chosen.has(pool.id) || pool.members.length >= MOST.members) continue;
    const members = [...pool.members, { ...ip, allocationId: ip.id, weight: 1 }];
    await updatePool(trx, pool.id, pool.name);
    await replaceMembers(trx, pool, members);
    await recordChange(act, pool, { name: pool.name, members });
  }
  await follow(act, ip.accountId);
}
