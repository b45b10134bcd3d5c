// What an account needs to qualify: each check that can be judged before anybody asks, and how far it is from passing.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { distanceOf } from '../../policy/checks/distance.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import type { Kind } from '../request.ts';
import { listWatches } from '../watch/store.ts';
import { reached } from '../watch/watch.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { type Asking, gatherAsking, gatherAsks, gatherProspects, type Prospects } from './gather.ts';
import { type Ask, VERDICTS } from './wording.ts';

declare module '../../web/page.ts' {
  interface Views {
    'requests/qualifying': Words & {
      title: string;
      prospects: Prospects;
      dedicated: Ask;
      pool: Ask;
      open: Asking['open'];
      verdicts: typeof VERDICTS;
      distanceOf: typeof distanceOf;
      /** What the reader is mailed about once it passes: by kind, and by domain for the pool. */
      isWatched: (kind: Kind, domainId: number | null) => boolean;
      reached: typeof reached;
    };
  }
}

export const qualifyingRoutes = (deps: Deps): Route[] => [
  { method: 'get', path: '/requests/qualifying', may: 'make requests', handle: (req, res) => show(deps, req, res) },
];

async function show(deps: Deps, req: Request, res: Response): Promise<void> {
  const at = deps.now();
  const asking = req.person && (await gatherAsking(deps.db, req.person, at));
  if (!req.person || !asking) throw new NotFound();
  const prospects = await gatherProspects(deps, asking, at);
  const asks = await gatherAsks(deps, req.person, prospects);
  const watches = await listWatches(deps.db, req.person.id);
  res.page('requests/qualifying', {
    words,
    title: 'What you need to qualify',
    prospects,
    dedicated: asks.dedicated_ip,
    pool: asks.transactional_pool,
    open: asking.open,
    verdicts: VERDICTS,
    distanceOf,
    isWatched: (kind, domainId) => watches.some((one) => one.kind === kind && one.domainId === domainId),
    reached,
  });
}
