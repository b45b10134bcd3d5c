// Assigning a parent's IPs and taking them away, inside the transaction of what brings it about. The parent is locked.
import type { Account } from '../accounts/store.ts';
import type { Act } from '../act.ts';
import { keepAll, moveDomain } from '../domains/actions.ts';
import { changeAssignments } from '../ips/assignments/actions.ts';
import { tellOwners } from '../ips/assignments/notify.ts';
import { listIpsAssignedTo } from '../ips/assignments/store.ts';
import { type Assignment, assignedIds, type Consequences, consequencesOf } from './assignment.ts';
import { gatherAssignment } from './gather.ts';

/** Carries out what follows: from now on others may send over the IP, and the mail of their domains moves. */
export async function carryOut(
  act: Act,
  parent: Pick<Account, 'id' | 'name'>,
  { allocation, domains }: Assignment,
  consequences: Consequences,
): Promise<void> {
  const { added, removed, ownerSends, domainIds, moves } = consequences;
  const chosen = domains.filter(({ id }) => domainIds.includes(id));
  await keepAll(act, chosen);
  const eventId = await changeAssignments(act, allocation, consequences);
  for (const { domain, to } of moves) await moveDomain(act, domain, to);
  const names = (some: typeof added) => some.map(({ name }) => name);
  const whose = ownerSends === allocation.ownerSends ? null : ownerSends;
  const { address } = allocation;
  const change = { eventId, address, added: names(added), removed: names(removed), ownerSends: whose };
  await tellOwners(act, parent, change);
}

/** Takes all IPs from a subuser that is closed. One that nobody else sends over is its parent's to send over again (S-17). */
export async function takeAll(act: Act, parent: Account, subuserId: number): Promise<void> {
  for (const { id } of await listIpsAssignedTo(act.trx, subuserId)) {
    const assignment = await gatherAssignment(act.trx, parent.id, id);
    if (assignment === undefined) continue;
    const subuserIds = assignedIds(assignment).filter((one) => one !== subuserId);
    const ownerSends = assignment.allocation.ownerSends || subuserIds.length === 0;
    const consequences = consequencesOf(assignment, { subuserIds, ownerSends });
    if (typeof consequences === 'string') throw new Error(`allocation ${id} cannot be taken: ${consequences}`);
    await carryOut(act, parent, assignment, consequences);
  }
}
