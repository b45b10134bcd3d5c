// Warm-ups: the board, the what-if, and the page of one.
import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { boardRoutes } from './pages/routes-board.ts';
import { showWarmup } from './pages/routes-show.ts';
import { whatIfRoutes } from './simulation/routes.ts';

export function warmupRoutes(deps: Deps): Route[] {
  return [
    ...boardRoutes(deps),
    ...whatIfRoutes(deps),
    { method: 'get', path: '/warm-ups/:id', may: 'see warm-ups', handle: (req, res) => showWarmup(deps, req, res) },
  ];
}
