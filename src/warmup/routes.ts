// Warm-ups: the board, the what-if, and the page of one.
import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { boardRoutes } from './routes-board.ts';
import { showWarmup } from './routes-show.ts';
import { whatIfRoutes } from './routes-what-if.ts';

export function warmupRoutes(deps: Deps): Route[] {
  return [
    ...boardRoutes(deps),
    ...whatIfRoutes(deps),
    { method: 'get', path: '/warm-ups/:id', may: 'see warm-ups', handle: (req, res) => showWarmup(deps, req, res) },
  ];
}
