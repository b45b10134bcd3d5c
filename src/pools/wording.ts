// What pages and mails say of customers' own pools (S-07). Pure.
import { KINDS, type Kind, type OwnPool, type PoolChoice } from '../ips/own-pools/pool.ts';
import { listed } from '../wording.ts';
import type { After, MemberBar, PoolProblem } from './rules.ts';

/** Why an IP cannot be chosen, beside its address. */
export const MEMBER_BARS: Readonly<Record<MemberBar, string>> = {
  gone: 'It was given back.',
  'not-own': 'Only subusers send over it, so it cannot be in a pool of this account.',
  'one-kind': 'It carries one kind of mail only. Let it carry all mail under Change domains first.',
  region: 'Mail of this account may not leave from the region of this IP.',
  unlinked: 'No domain is linked to it yet. Link one first, under Dedicated IPs.',
};

export const POOL_PROBLEMS: Readonly<Record<Exclude<PoolProblem, 'not-found'>, string>> = {
  ...MEMBER_BARS,
  gone: 'One of these is no longer yours to choose. Look at the page again before you go on.',
  'not-yours': 'Only admins and billing contacts of the account may change its pools.',
  'not-active': 'The account is suspended, so nothing can be changed until it is reopened.',
  subuser: 'A subuser sends over IPs of its parent, which alone has pools.',
  taken: 'There is a pool of this name already. Choose another one.',
  'too-many': 'An account has at most 100 pools, and a pool at most 100 IPs.',
  empty: 'A pool needs at least one IP: give one a weight.',
  changed: 'Somebody changed this since you opened the page. Look at it again before you go on.',
  'in-pool': 'A domain in the transactional pool has to leave it first.',
  same: 'Nothing has changed.',
};

const overPool = (id: number, pools: readonly Pick<OwnPool, 'id' | 'name'>[]): string =>
  `the pool ${pools.find((pool) => pool.id === id)?.name ?? ''}`;

/** Over what a domain's mail goes by its choice. */
export function choiceInWords(choice: PoolChoice, pools: readonly Pick<OwnPool, 'id' | 'name'>[]): string {
  if (choice.marketing === choice.transactional) return overPool(choice.marketing, pools);
  return `${overPool(choice.marketing, pools)}, its transactional mail over ${overPool(choice.transactional, pools)}`;
}

/** What becomes of each domain that points to a pool which is deleted, a sentence each. */
export const afterInWords = (after: readonly After[], pool: OwnPool, pools: readonly OwnPool[]): string[] =>
  after.map(({ domain, choice }) =>
    choice === null
      ? `Mail of ${domain} goes over ${listed(pool.members.map(({ address }) => address))} as before, each an even part: it uses them directly, without weights.`
      : `Mail of ${domain} goes over ${choiceInWords(choice, pools)} at once.`,
  );

/** Which kinds of a domain's mail go over a pool; empty: all. */
export const kindsInWords = (kinds: readonly Kind[]): string => (kinds.length === KINDS.length ? '' : kinds.join(', '));
