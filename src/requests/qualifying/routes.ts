// What an account needs to qualify: each check that can be judged before anybody asks, and how far it is from passing.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { distanceOf } from '../../policy/checks/distance.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { listPayers } from '../drafts/actions.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { type Asking, gatherAsking, gatherProspects, type Prospects } from './gather.ts';
import { type Ask, askOf, VERDICTS } from './wording.ts';

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
    };
  }
}

export const qualifyingRoutes = (deps: Deps): Route[] => [
  { method: 'get', path: '/requests/qualifying', may: 'make requests', handle: (req, res) => show(deps, req, res) },
];

async function show({ db, policy, now }: Deps, req: Request, res: Response): Promise<void> {
  const at = now();
  const asking = req.person && (await gatherAsking(db, req.person, policy, at));
  if (!req.person || !asking) throw new NotFound();
  const prospects = await gatherProspects(db, asking, policy, at);
  const payers = (await listPayers(db, req.person, policy.document)).map(({ name }) => name);
  res.page('requests/qualifying', {
    words,
    title: 'What you need to qualify',
    prospects,
    dedicated: askOf('dedicated_ip', prospects.dedicated, payers),
    pool: askOf('transactional_pool', prospects.pool[0], payers),
    open: asking.open,
    verdicts: VERDICTS,
    distanceOf,
  });
}
