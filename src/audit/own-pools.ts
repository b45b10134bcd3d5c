// What is recorded about customers' own pools of IPs (S-07), and how the history tells it. Pure.
import { listed } from '../wording.ts';

export type OwnPoolFacts = {
  /** Names of pools; IPs with their weights. */
  'account.poolMade': { pool: string; ips: string[] };
  /** `before`: its name until then; not given: as before. `weights`: IPs that have another one from then on. */
  'account.poolChanged': { pool: string; before?: string; added: string[]; removed: string[]; weights: string[] };
  /** `to`: where the mail of its domains goes from then on, in words; empty where no domain pointed to it. */
  'account.poolDeleted': { pool: string; domains: string[]; to: string };
  /** The pools to which it points from then on, by the kind of its mail; null: it uses IPs directly. */
  'domain.pointed': { domain: string; marketing: string | null; transactional: string | null };
};

export const ownPoolSentences: {
  readonly [Name in keyof OwnPoolFacts]: (facts: OwnPoolFacts[Name]) => string;
} = {
  'account.poolMade': ({ pool, ips }) => `made the IP pool ${pool} of ${listed(ips)}`,
  'account.poolChanged': ({ pool, before, added, removed, weights }) =>
    [
      before === undefined ? `changed the IP pool ${pool}` : `renamed the IP pool ${before} to ${pool}`,
      ...(added.length > 0 ? [`added ${listed(added)}`] : []),
      ...(removed.length > 0 ? [`took out ${listed(removed)}`] : []),
      ...(weights.length > 0 ? [`set ${listed(weights)}`] : []),
    ].join('; '),
  'account.poolDeleted': ({ pool, domains, to }) =>
    `deleted the IP pool ${pool}${domains.length === 0 ? '' : `; mail of ${listed(domains)} goes over ${to}`}`,
  'domain.pointed': ({ domain, marketing, transactional }) => {
    if (marketing === null || transactional === null)
      return `took ${domain} off its IP pools; it uses their IPs directly`;
    if (marketing === transactional) return `pointed ${domain} to the IP pool ${marketing}`;
    return `pointed marketing mail of ${domain} to the IP pool ${marketing}, transactional mail to ${transactional}`;
  },
};
