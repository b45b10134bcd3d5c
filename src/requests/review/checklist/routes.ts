// The form of the reviewers' checklist.
import type { Request, Response } from 'express';
import type { Deps } from '../../../deps.ts';
import type { Route } from '../../../web/router.ts';
import { findAsked, finish } from '../routes-page.ts';
import { tickChecklist } from './actions.ts';

export const checklistRoutes = (deps: Deps): Route[] => [
  {
    method: 'post',
    path: '/review/:reference/checklist',
    may: 'review requests',
    handle: (req, res) => tick(deps, req, res),
  },
];

/** The texts of a field that may be given once, several times or not at all. */
const textsIn = (value: unknown): string[] => [value ?? []].flat().filter((one) => typeof one === 'string');

async function tick(deps: Deps, req: Request, res: Response): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const form = { shown: textsIn(req.body?.shown), chosen: textsIn(req.body?.item) };
  const result = await tickChecklist(deps.db, actor, request.id, form);
  await finish(deps, req, res, { result, mode: 'approve', typed: {}, note: 'checklist-saved' });
}
