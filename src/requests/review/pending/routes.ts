// Undoing a decision that has not taken effect.
import type { Request, Response } from 'express';
import type { Deps } from '../../../deps.ts';
import type { Route } from '../../../web/router.ts';
import { findAsked, finish } from '../routes-page.ts';
import { undoDecision } from './actions.ts';

export const pendingRoutes = (deps: Deps): Route[] => [
  {
    method: 'post',
    path: '/review/:reference/undo',
    may: 'review requests',
    handle: (req, res) => undo(deps, req, res),
  },
];

async function undo(deps: Deps, req: Request, res: Response): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const result = await undoDecision(deps.db, actor, request.id);
  await finish(deps, req, res, { result, mode: 'approve', typed: {}, note: 'undone' });
}
