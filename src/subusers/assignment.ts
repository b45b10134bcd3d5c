// What follows where other subusers may send over a dedicated IP. Pure.
import type { Domain } from '../domains/domain.ts';
import type { Allocation } from '../ips/allocation.ts';
import type { AssignmentChange, Moved } from '../ips/assignments/actions.ts';
import type { Assignee } from '../ips/assignments/store.ts';
import { type Move, movesOf } from '../release/effects.ts';

/** A live IP, the other live ones of its account, which domains use which of them, and who may send over them. */
export type Assignment = {
  readonly allocation: Allocation;
  readonly live: readonly Allocation[];
  readonly links: readonly { readonly allocationId: number; readonly id: number }[];
  /** Those of the account and of its subusers. */
  readonly domains: readonly Domain[];
  readonly assignees: readonly Assignee[];
};

/** S-17, S-18: who is to send over it: these subusers, and the account that has it or not. */
export type Wanted = { readonly subuserIds: readonly number[]; readonly ownerSends: boolean };

/** Why that cannot be. `region`: a subuser is in another one (S-23, S-04). `nobody`: it would carry no mail, and cost all the same. */
export type WantedProblem = 'not-found' | 'region' | 'suspended' | 'nobody' | 'same';

/** What follows, with where the mail of each domain goes that begins or ceases to use the IP. */
export type Consequences = AssignmentChange & { readonly moves: readonly Pick<Move, 'domain' | 'to'>[] };

/** The ids of the subusers to which it is assigned now. */
export const assignedIds = ({ allocation, assignees }: Pick<Assignment, 'allocation' | 'assignees'>): number[] =>
  assignees.filter(({ allocationIds }) => allocationIds.includes(allocation.id)).map(({ id }) => id);

/** S-23, S-04: an IP of one region is assigned to subusers of that region alone, both ways. */
export const fitsSubuser = (allocation: Pick<Allocation, 'region'>, subuser: Pick<Assignee, 'region'>): boolean =>
  allocation.region === subuser.region;

/**
 * What follows where these may send over the IP, and nobody else. All domains of a subuser that is added use it, but for those
 * in the transactional pool, which they leave by a decision of its own (C-06).
 */
export function consequencesOf(assignment: Assignment, wanted: Wanted): Consequences | WantedProblem {
  const { allocation, assignees, domains, links, live } = assignment;
  const before = assignedIds(assignment);
  const added = assignees.filter(({ id }) => wanted.subuserIds.includes(id) && !before.includes(id));
  const removed = assignees.filter(({ id }) => before.includes(id) && !wanted.subuserIds.includes(id));
  if (!wanted.subuserIds.every((id) => assignees.some((one) => one.id === id))) return 'not-found';
  if (!added.every((one) => fitsSubuser(allocation, one))) return 'region';
  if (added.some(({ status }) => status !== 'active')) return 'suspended';
  if (!wanted.ownerSends && wanted.subuserIds.length === 0) return 'nobody';
  const isSame = wanted.ownerSends === allocation.ownerSends;
  if (isSame && added.length + removed.length === 0) return 'same';
  const may = new Set([...wanted.subuserIds, ...(wanted.ownerSends ? [allocation.accountId] : [])]);
  const uses = (domain: Domain) => links.some((one) => one.allocationId === allocation.id && one.id === domain.id);
  const isNew = ({ accountId, route }: Domain) => route !== 'transactional' && added.some(({ id }) => id === accountId);
  const joining = domains.filter((domain) => isNew(domain) && !uses(domain));
  const leaving = domains.filter((domain) => uses(domain) && !may.has(domain.accountId));
  const staying = domains.filter((domain) => uses(domain) && may.has(domain.accountId));
  const movedOf = (some: readonly Domain[], { id, name }: Assignee): Moved => ({
    ...{ id, name },
    domains: some.filter(({ accountId }) => accountId === id).map((domain) => domain.name),
  });
  return {
    added: added.map((one) => movedOf(joining, one)),
    removed: removed.map((one) => movedOf(leaving, one)),
    ownerSends: wanted.ownerSends,
    domainIds: [...staying, ...joining].map(({ id }) => id),
    moves: [
      ...joining.map((domain) => ({ domain, to: 'dedicated' as const })),
      // As if the IP were given back, for those that leave it.
      ...movesOf([allocation.id], links, { domains: leaving, live }),
    ],
  };
}
