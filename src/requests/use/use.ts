// What changing the domains that use an IP brings about. Pure.
import type { Domain } from '../../domains/domain.ts';
import type { Allocation } from '../../ips/allocation.ts';
import type { IpBar } from '../../ips/lifecycle.ts';
import type { SendingRoute, Stream } from '../../policy/checks/facts.ts';
import { movesOf } from '../../release/effects.ts';

/**
 * Why nothing was changed. `in-pool`: a domain of the transactional pool leaves it by a decision of its own (C-06). `only-ip`: the
 * account has no other IP that could carry the rest of its mail. `region`: mail of the account itself may not leave from the region
 * of the IP (S-04). `in-own-pool`: an IP of its pools carries all mail, and which of a
 * domain's mail goes over which is chosen by pools (S-07).
 */
export type UseProblem =
  | 'not-found'
  | IpBar
  | 'changed'
  | 'same'
  | 'in-pool'
  | 'in-own-pool'
  | 'only-ip'
  | 'region'
  | 'reason-missing';

/** An IP, and which domains of its account use which live IPs. */
export type Use = {
  readonly allocation: Allocation;
  readonly live: readonly Allocation[];
  readonly links: readonly { readonly allocationId: number; readonly id: number }[];
  readonly domains: readonly Domain[];
  /** S-07: domains that point to the account's own pools, which alone say what they use; not among `domains`. */
  readonly pooled: ReadonlySet<number>;
  /** The own pools that the IP is in, by name. */
  readonly pools: readonly string[];
  /** The subusers of its account that may send over it (S-18). */
  readonly subusers: readonly { readonly id: number; readonly name: string }[];
};

export type UseChange = {
  readonly added: readonly Domain[];
  readonly removed: readonly Domain[];
  readonly moves: readonly { readonly domain: Domain; readonly to: SendingRoute }[];
};

/** Whether an IP can carry one kind of mail alone: it is in no pool, and another live IP of its account carries the rest (S-05). */
export const maySplit = ({ allocation, live, pools }: Pick<Use, 'allocation' | 'live' | 'pools'>): boolean =>
  pools.length === 0 && live.some(({ id }) => id !== allocation.id);

/** What follows where these domains use the IP, and no others, for this mail of theirs. */
export function useChange(
  use: Use,
  { domainIds, stream }: { readonly domainIds: readonly number[]; readonly stream: Stream },
): UseChange | 'not-found' | 'in-pool' | 'in-own-pool' | 'only-ip' {
  const { allocation, links, domains, live } = use;
  const own = links.filter((link) => link.allocationId === allocation.id);
  const wanted = domains.filter(({ id }) => domainIds.includes(id));
  if (wanted.length < new Set(domainIds).size) return 'not-found';
  const added = wanted.filter(({ id }) => !own.some((link) => link.id === id));
  if (added.some(({ route }) => route === 'transactional')) return 'in-pool';
  if (stream !== 'both' && use.pools.length > 0) return 'in-own-pool';
  if (stream !== 'both' && stream !== allocation.stream && !maySplit(use)) return 'only-ip';
  const removed = domains.filter(({ id }) => own.some((link) => link.id === id) && !domainIds.includes(id));
  // As if the IP were given back, for those that leave it.
  const leaving = movesOf([allocation.id], links, { domains: removed, live });
  return {
    added,
    removed,
    moves: [...added.map((domain) => ({ domain, to: 'dedicated' as const })), ...leaving],
  };
}

export const USE_PROBLEMS: Readonly<Record<Exclude<UseProblem, 'not-found' | 'reason-missing'>, string>> = {
  changed: 'Somebody changed what uses it since you opened this page. Look at it again before you go on.',
  'only-ip': 'It is the only IP of the account, so it carries all of its mail.',
  'not-open': 'It was given back, so no domain can use it.',
  'not-yours': 'Only admins and billing contacts of the account may change it.',
  'own-account': 'The IP belongs to your own account; another member of staff has to decide.',
  same: 'Nothing has changed.',
  region:
    'Mail of the account itself may not leave from the region of this IP. Its subusers of that region can use it.',
  'in-own-pool':
    'It is in one of the account’s IP pools, which say what goes over it. Take it out of them first, so that it can carry one kind of mail alone.',
  'in-pool': 'A domain in the transactional pool has to leave it first.',
};
