// What is recorded about subusers and the IPs that are assigned to them, and how the history tells it. Pure.
import { listed } from '../wording.ts';

export type SubuserFacts = {
  /** `parent`, `region`: of a subuser, which keeps both. */
  'account.opened': { name: string; plan: string; parent?: string; region?: string };
  /** In the history of the parent. */
  'account.subuserAdded': { name: string; region: string };
  /** Names of subusers; `ownerSends` (S-17): whether the account itself sends over the IP from then on; not given: as before. */
  'allocation.assigned': { address: string; added: string[]; removed: string[]; ownerSends?: boolean };
  /** In the history of the subuser. */
  'account.ipAssigned': { address: string };
  'account.ipTaken': { address: string };
};

export const subuserSentences: {
  readonly [Name in keyof SubuserFacts]: (facts: SubuserFacts[Name]) => string;
} = {
  'account.opened': ({ name, parent }) =>
    `opened the account ${name}${parent === undefined ? '' : ` as a subuser of ${parent}`}`,
  'account.subuserAdded': ({ name, region }) => `created the subuser ${name} in ${region.toUpperCase()}`,
  'allocation.assigned': ({ address, added, removed, ownerSends }) =>
    `changed who sends over ${address}${added.length > 0 ? `; assigned it to ${listed(added)}` : ''}${removed.length > 0 ? `; took it from ${listed(removed)}` : ''}${ownerSends === undefined ? '' : `; the account itself ${ownerSends ? 'sends' : 'does not send'} over it`}`,
  'account.ipAssigned': ({ address }) => `assigned ${address} to this subuser`,
  'account.ipTaken': ({ address }) => `took ${address} from this subuser`,
};
