// Which IPs and domains a request for IPs joins. Pure.
import type { Holding, UsingDomain } from '../ips/store.ts';

/** IPs that some domains use, and the other domains on these. */
export type Joined = { readonly ips: number; readonly others: readonly UsingDomain[] };

/**
 * What domains join that are given IPs beside those that they use (C-08): the IPs of these domains, of the other domains
 * on these IPs, and so on. An IP of the account that these domains do not use is left out.
 */
export function joinedBy(domainIds: readonly number[], { usedBy }: Holding): Joined {
  const known = new Set(domainIds);
  const others: UsingDomain[] = [];
  const joined = new Set<readonly UsingDomain[]>();
  for (let before = -1; before < joined.size; ) {
    before = joined.size;
    for (const using of usedBy) {
      if (joined.has(using) || !using.some(({ id }) => known.has(id))) continue;
      joined.add(using);
      for (const domain of using.filter(({ id }) => !known.has(id))) {
        known.add(domain.id);
        others.push(domain);
      }
    }
  }
  return { ips: joined.size, others: others.toSorted((one, other) => (one.name < other.name ? -1 : 1)) };
}

/** How many of the IPs these domains use themselves: their mail is shared out among them. */
export const ipsOf = (domainIds: readonly number[], { usedBy }: Holding): number =>
  usedBy.filter((using) => using.some(({ id }) => domainIds.includes(id))).length;
