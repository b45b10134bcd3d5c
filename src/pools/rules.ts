// S-07: which IPs may be in a customer's own pool, and which domains may point to one. Pure.
import { createHash } from 'node:crypto';
import type { Domain } from '../domains/domain.ts';
import type { Allocation } from '../ips/allocation.ts';
import type { LinkStatus } from '../ips/names/lifecycle.ts';
import { type Choices, choicesWithout, KINDS, MOST, type OwnPool, type PoolChoice } from '../ips/own-pools/pool.ts';
import type { Region } from '../policy/checks/facts.ts';
import type { Policy } from '../policy/document/policy.ts';
import { mayLeaveFrom } from '../policy/document/regions.ts';

/** An IP as it is to be in a pool. */
export type Wish = { readonly allocationId: number; readonly weight: number };

/** An account's pools, its live IPs with the names linked to them, its domains, and what these choose. */
export type Known = {
  readonly region: Region | null;
  /** S-07, S-19: whether it wants a domain linked to each IP of a pool; S-04: which regions it keeps for whom. */
  readonly policy: Pick<Policy, 'reverseDns' | 'pinnedRegions'>;
  readonly pools: readonly OwnPool[];
  readonly live: readonly Allocation[];
  /** By the IP's id. */
  readonly names: ReadonlyMap<number, { readonly name: string; readonly status: LinkStatus }>;
  readonly domains: readonly Domain[];
  readonly choices: Choices;
};

/** Why an IP cannot join a pool. */
export type MemberBar = 'gone' | 'not-own' | 'one-kind' | 'region' | 'unlinked';

/**
 * What keeps an IP out of the pools of its account; null: nothing does. S-17: the account sends over it itself. S-04: mail of the
 * account may leave from its region. S-07, S-19: a domain is linked to it, where the policy says so.
 */
export function barToPool(allocationId: number, { live, region, names, policy }: Known): MemberBar | null {
  const ip = live.find(({ id }) => id === allocationId);
  if (ip === undefined) return 'gone';
  if (!ip.ownerSends) return 'not-own';
  if (ip.stream !== 'both') return 'one-kind';
  if (!mayLeaveFrom(region, ip.region, policy)) return 'region';
  return policy.reverseDns.value !== null && names.get(ip.ipId)?.status !== 'linked' ? 'unlinked' : null;
}

/** Why a pool cannot have these IPs. One that is in it already stays, even if its name is not right any more. */
export function barToMembers(
  wanted: readonly Wish[],
  pool: OwnPool | undefined,
  known: Known,
): MemberBar | 'empty' | 'too-many' | null {
  if (wanted.length === 0) return 'empty';
  if (wanted.length > MOST.members) return 'too-many';
  const isMember = (id: number) => pool?.members.some(({ allocationId }) => allocationId === id) === true;
  for (const { allocationId } of wanted) {
    const bar = isMember(allocationId) ? null : barToPool(allocationId, known);
    if (bar !== null) return bar;
  }
  return null;
}

/** Where the mail of a pool's domains goes once it is deleted: over another pool, or (`null`) over its IPs, one by one. */
export type Heir = number | null;

/** A domain that points to a pool which is to be deleted, and what it chooses from then on; null: the same IPs directly. */
export type After = { readonly domainId: number; readonly domain: string; readonly choice: PoolChoice | null };

/** What becomes of the domains that point to a pool, each by its name. */
export function afterDeletion({ id, domains }: OwnPool, heir: Heir, choices: Choices): After[] {
  const after = choicesWithout(id, heir, choices);
  return domains.map(({ domainId, domain }) => ({ domainId, domain, choice: after.get(domainId) ?? null }));
}

/** Pools that can take the mail of another: those with IPs. */
export const heirsOf = (pool: OwnPool, pools: readonly OwnPool[]): OwnPool[] =>
  pools.filter(({ id, members }) => id !== pool.id && members.length > 0);

/** What the deletion of a pool binds to: its version, and who points to it with what. */
export const deletionBasis = ({ version, domains }: OwnPool): string =>
  createHash('sha256')
    .update(JSON.stringify([version, domains.map(({ domainId, kinds }) => [domainId, kinds])]))
    .digest('hex')
    .slice(0, 16);

/** Why a domain cannot point to these pools. */
export type ChoiceBar = 'gone' | 'empty' | 'in-pool' | 'same';

/** What keeps a domain from choosing so; null: nothing does. C-06: the transactional pool is left by a decision of its own. */
export function barToChoice(domain: Domain, choice: PoolChoice | null, { pools, choices }: Known): ChoiceBar | null {
  const before = choices.get(domain.id) ?? null;
  if (KINDS.every((kind) => before?.[kind] === choice?.[kind])) return 'same';
  if (choice === null) return null;
  if (domain.route === 'transactional') return 'in-pool';
  for (const kind of KINDS) {
    const pool = pools.find(({ id }) => id === choice[kind]);
    if (pool === undefined) return 'gone';
    if (pool.members.length === 0) return 'empty';
  }
  return null;
}

/** What the choice of a domain on its page binds to. */
export const choiceBasis = (choice: PoolChoice | null | undefined): string =>
  choice ? KINDS.map((kind) => choice[kind]).join('.') : '';

/** Why nothing was changed. `changed`: somebody else was faster. `taken`: the account has a pool of that name. */
export type PoolProblem =
  | MemberBar
  | ChoiceBar
  | 'not-found'
  | 'not-yours'
  | 'not-active'
  | 'subuser'
  | 'taken'
  | 'too-many'
  | 'changed';
