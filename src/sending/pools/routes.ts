// C-02: what went over the shared pools, and who is over their limits.
import type { Response } from 'express';
import type { Deps } from '../../deps.ts';
import { listWaitingToLeave, type WaitingToLeave } from '../../domains/standing/store.ts';
import type { Pool } from '../../policy/document/policy.ts';
import { isSetUp, tierOf } from '../../policy/document/pools.ts';
import { listToReview, type ToReview } from '../../reputation/tiers/store-review.ts';
import type { Route } from '../../web/router.ts';
import { sumOf } from '../counts.ts';
import { type Limits, poolLimits, type Rated, rated, rateWords } from '../rates.ts';
import { findUploadUnderWay, type Upload } from '../upload/store.ts';
import { listPoolOffenders, listPoolSums, type PoolDomain } from './store.ts';

type PoolRow = {
  readonly key: string;
  readonly kind: Pool['kind'];
  readonly region: Pool['region'];
  /** S-01: 1 is the best. Whether it takes mail yet. */
  readonly tier: number;
  readonly isSetUp: boolean;
  readonly limits: Limits;
  readonly mail: Rated;
  readonly domains: number;
  readonly small: number;
  readonly over: readonly (PoolDomain & Rated)[];
};

declare module '../../web/page.ts' {
  interface Views {
    'sending/pools': {
      title: string;
      /** The upload that is stored at the moment; null: none is. */
      storing: Upload | null;
      waiting: readonly WaitingToLeave[];
      /** C-02: domains that a night stopped or reported, and about which nobody has decided. */
      toReview: readonly ToReview[];
      pools: readonly PoolRow[];
      rateWords: typeof rateWords;
    };
  }
}

export const poolRoutes = (deps: Deps): Route[] => [
  { method: 'get', path: '/pools', may: 'see inventory', handle: (_req, res) => show(deps, res) },
];

async function show({ db, policy }: Deps, res: Response): Promise<void> {
  const { document } = policy;
  const sums = await listPoolSums(db, document.minimumSample.value);
  const rows: PoolRow[] = [];
  for (const pool of document.pools) {
    const { key, kind, region } = pool;
    const limits = poolLimits(document, kind);
    const sum = sums.find(({ pool }) => pool === key);
    const over = sum ? await listPoolOffenders(db, key, limits) : [];
    rows.push({
      ...{ key, kind, region, tier: tierOf(pool), isSetUp: isSetUp(pool), limits },
      mail: rated(sumOf(sum ? [sum] : []), limits),
      domains: sum?.domains ?? 0,
      small: sum?.small ?? 0,
      over: over.map((one) => ({ ...one, ...rated(one, limits) })),
    });
  }
  const waiting = await listWaitingToLeave(db);
  const toReview = await listToReview(db);
  const storing = (await findUploadUnderWay(db)) ?? null;
  res.page('sending/pools', { title: 'Shared pools', storing, waiting, toReview, pools: rows, rateWords });
}
