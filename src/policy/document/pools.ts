// Which of a policy's shared pools carries a domain's mail. Pure.
import { partOf } from '../../hash.ts';
import type { Region } from '../checks/facts.ts';
import type { Pool } from './policy.ts';

export const tierOf = ({ tier }: Pick<Pool, 'tier'>): number => tier ?? 1;

/** The first of the best default pools (S-01); `region` not given: of any region. */
export const bestPool = (pools: readonly Pool[], region?: Region): Pool | undefined =>
  pools.find((one) => one.kind === 'default' && tierOf(one) === 1 && (region === undefined || one.region === region));

/** A pool of a lower tier takes mail once it has addresses: before, mail servers may not know it. */
export const isSetUp = (pool: Pick<Pool, 'tier' | 'addresses'>): boolean =>
  tierOf(pool) === 1 || pool.addresses.length > 0;

type Wanted = {
  readonly kind: Pool['kind'];
  /** Where the account's mail has to leave from; null: nowhere in particular. */
  readonly region: Region | null;
  /** S-01: 1 the best. Only default pools have tiers. */
  readonly tier: number;
  /** The domain's name. */
  readonly name: string;
};

/** C-01, C-06, S-04: the pool that carries a domain's mail; of an account of no region one in the US, or else anywhere. */
export const poolOfDomain = (pools: readonly Pool[], { region, ...wanted }: Wanted): Pool | undefined =>
  poolFor(pools, { ...wanted, region: region ?? 'us' }) ??
  (region === null ? poolFor(pools, { ...wanted, region: 'eu' }) : undefined);

/**
 * The pool of a kind and region: of the domain's tier, or the next better one that is set up. Where several are alike the
 * domain's name chooses, so that it keeps its pool; when one is added, only what goes there moves.
 */
function poolFor(pools: readonly Pool[], { kind, region, tier, name }: Wanted): Pool | undefined {
  const there = pools.filter((pool) => pool.kind === kind && pool.region === region && isSetUp(pool));
  const tiers = there.map(tierOf);
  const wanted = kind === 'default' ? tier : 1;
  const level = Math.max(...tiers.filter((one) => one <= wanted), Number.NEGATIVE_INFINITY);
  const found = there.filter((pool) => tierOf(pool) === (Number.isFinite(level) ? level : Math.min(...tiers)));
  return found.length < 2 ? found[0] : found.toSorted((one, other) => weightOf(other, name) - weightOf(one, name))[0];
}

const weightOf = ({ key }: Pool, name: string): number => partOf(`${name} ${key}`);
