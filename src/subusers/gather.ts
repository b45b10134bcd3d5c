// Reads what assigning an IP to subusers depends on.
import type { Db } from '../database.ts';
import { listDomainsWithSubusers } from '../domains/store.ts';
import { isLive } from '../ips/allocation.ts';
import { listAssignees } from '../ips/assignments/store.ts';
import { listAllocationsOf } from '../ips/store.ts';
import { listLinksOf } from '../ips/store-release.ts';
import type { Assignment } from './assignment.ts';

/** What is known of a live IP of an account, as the page shows it and the act checks it; undefined: it has no such one. */
export async function gatherAssignment(
  db: Db,
  accountId: number,
  allocationId: number,
): Promise<Assignment | undefined> {
  const live = (await listAllocationsOf(db, accountId)).filter(isLive);
  const allocation = live.find(({ id }) => id === allocationId);
  if (allocation === undefined) return undefined;
  return {
    ...{ allocation, live, links: await listLinksOf(db, accountId) },
    domains: await listDomainsWithSubusers(db, accountId),
    assignees: await listAssignees(db, accountId),
  };
}
