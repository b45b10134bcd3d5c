// Warm-ups: the board, the what-if, the page of one, and marking it complete.
import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { type CompletionProblem, completeWarmup } from './actions.ts';
import { boardRoutes } from './routes-board.ts';
import { showWarmup } from './routes-show.ts';
import { whatIfRoutes } from './routes-what-if.ts';

export function warmupRoutes(deps: Deps): Route[] {
  return [
    ...boardRoutes(deps),
    ...whatIfRoutes(deps),
    { method: 'get', path: '/warm-ups/:id', may: 'see warm-ups', handle: (req, res) => showWarmup(deps, req, res) },
    {
      method: 'post',
      path: '/warm-ups/:id/completion',
      may: 'run warm-ups',
      handle: (req, res) => complete(deps, req, res),
    },
  ];
}

async function complete(deps: Deps, req: Request, res: Response): Promise<void> {
  const id = idOf(req);
  const done = await completeWarmup(deps.db, { person: req.person, at: deps.now() }, id);
  if (done.ok) return res.redirect(303, `/warm-ups/${id}?note=warmup-completed`);
  if (done.problem.name === 'not-found') throw new NotFound();
  await showWarmup(deps, req, res, sentenceOf(done.problem));
}

const sentenceOf = (problem: Exclude<CompletionProblem, { name: 'not-found' }>): string =>
  problem.name === 'already-complete'
    ? 'It is marked complete already. Nothing was changed, and nobody was told twice.'
    : 'It cannot be marked complete yet: the last day of its plan has not passed. Nothing was changed.';
