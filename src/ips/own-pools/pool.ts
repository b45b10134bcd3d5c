// S-07: a customer's own pool: some of its dedicated IPs under a name, to which domains point instead of to single IPs. Pure.
import type { Allocation } from '../allocation.ts';

export const KINDS = ['marketing', 'transactional'] as const;
/** A kind of mail of a domain. */
export type Kind = (typeof KINDS)[number];

/** Pools of an account, IPs of a pool, and the largest weight. The first two are SendGrid's own limits. */
export const MOST = { pools: 100, members: 100, weight: 100 } as const;

/** An IP of a pool. `weight`: its part of the mail that no warming IP takes, beside those of the other warm members. */
export type Member = {
  readonly allocationId: number;
  readonly weight: number;
  readonly address: string;
} & Pick<Allocation, 'ipId' | 'region' | 'status'>;

/** A domain that points to a pool, with this kind of its mail or with both. */
export type Pointing = { readonly domainId: number; readonly domain: string; readonly kinds: readonly Kind[] };

/** `version`: of its name and members. */
export type OwnPool = {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly version: number;
  readonly members: readonly Member[];
  readonly domains: readonly Pointing[];
};

/** The ids of the pools over which a domain's mail goes, by its kind. A domain points to pools with all of its mail, or not at all. */
export type PoolChoice = Readonly<Record<Kind, number>>;

/** The choices of domains, by their ids; null: the domain uses IPs directly. */
export type Choices = ReadonlyMap<number, PoolChoice | null>;

/**
 * What the domains choose that point to a pool, once it is gone: the pool `heir`; without one, the other pool that the domain
 * points to; null where it points to this one alone.
 */
export function choicesWithout(poolId: number, heir: number | null, choices: Choices): Choices {
  const after = new Map<number, PoolChoice | null>();
  for (const [domainId, choice] of choices) {
    if (choice === null || !KINDS.some((kind) => choice[kind] === poolId)) continue;
    const next = heir ?? KINDS.map((kind) => choice[kind]).find((id) => id !== poolId);
    const idFor = (kind: Kind) => (choice[kind] === poolId ? next : choice[kind]);
    const [marketing, transactional] = [idFor('marketing'), idFor('transactional')];
    const isGone = marketing === undefined || transactional === undefined;
    after.set(domainId, isGone ? null : { marketing, transactional });
  }
  return after;
}
