// S-18: which subusers of an account send over its dedicated IPs; S-17: whether it does so itself. In the caller's transaction,
// in which the account is locked: giving an IP back waits for it as well.
import type { Act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { noteAccountChanges } from '../../domains/actions.ts';
import type { Allocation } from '../allocation.ts';
import { leavePools, relinkDomains } from '../own-pools/actions.ts';
import { markUnused, replaceLinks } from '../store-use.ts';
import { tellSubuser } from './notify.ts';
import { deleteAssignments, insertAssignments, listAssigned, updateOwnerSends } from './store.ts';

/** A subuser, and those of its domains whose mail moves. */
export type Moved = { readonly id: number; readonly name: string; readonly domains: readonly string[] };

/** `domainIds`: the domains that use the IP from now on; the caller moves those that begin or end to. */
export type AssignmentChange = {
  readonly added: readonly Moved[];
  readonly removed: readonly Moved[];
  readonly ownerSends: boolean;
  readonly domainIds: readonly number[];
};

/**
 * Changes who may send over an IP, and has exactly these domains use it. Each subuser has it in its own history and is mailed.
 * Returns the id of its record. Throws where the database refuses a subuser of another account or region (S-22, S-23).
 */
export async function changeAssignments(act: Act, allocation: Allocation, change: AssignmentChange): Promise<number> {
  const { trx, actor } = act;
  const { id, accountId, address, stream } = allocation;
  const { added, removed, ownerSends, domainIds } = change;
  const ids = (some: readonly Moved[]) => some.map((one) => one.id);
  await deleteAssignments(trx, id, ids(removed));
  await insertAssignments(trx, allocation, ids(added), actor.at);
  await updateOwnerSends(trx, id, ownerSends, actor.at);
  await replaceLinks(trx, id, { domainIds, stream, at: actor.at });
  // S-07: an IP of a pool is used by all domains that point to it, also by those that nobody named here.
  await (ownerSends ? relinkDomains(act, accountId) : leavePools(act, allocation));
  await markUnused(trx, accountId, actor.at);
  await noteAccountChanges(trx, [accountId, ...ids(added), ...ids(removed)], actor.at);
  const names = (some: readonly Moved[]) => some.map(({ name }) => name);
  const whose = ownerSends === allocation.ownerSends ? {} : { ownerSends };
  const eventId = await record(act, {
    name: 'allocation.assigned',
    subject: { type: 'allocation', id },
    accountId,
    facts: { address, added: names(added), removed: names(removed), ...whose },
  });
  for (const subuser of added) await tell(act, 'account.ipAssigned', address, subuser);
  for (const subuser of removed) await tell(act, 'account.ipTaken', address, subuser);
  return eventId;
}

async function tell(act: Act, name: 'account.ipAssigned' | 'account.ipTaken', address: string, { id, ...of }: Moved) {
  const subject = { type: 'account', id } as const;
  const eventId = await record(act, { name, subject, accountId: id, facts: { address } });
  const template = name === 'account.ipAssigned' ? 'ip-assigned' : 'ip-taken';
  await tellSubuser(act, id, template, { eventId, facts: { account: of.name, address, domains: [...of.domains] } });
}

/** Ends all assignments of an IP that is given back. What its subusers' domains used it for stays, as history. */
export async function endAssignments(
  act: Act,
  { id, address, ownerSends }: Pick<Allocation, 'id' | 'address' | 'ownerSends'>,
): Promise<void> {
  const { trx, actor } = act;
  const subusers = await listAssigned(trx, id);
  const ids = subusers.map((one) => one.id);
  if (!ownerSends) await updateOwnerSends(trx, id, true, actor.at);
  if (ids.length === 0) return;
  await deleteAssignments(trx, id, ids);
  await noteAccountChanges(trx, ids, actor.at);
  for (const subuser of subusers) await tell(act, 'account.ipTaken', address, { ...subuser, domains: [] });
}
