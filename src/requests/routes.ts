import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { askRoutes } from './routes-ask.ts';
import { customerRoutes } from './routes-customer.ts';
import { homeRoutes } from './routes-home.ts';
import { reviewRoutes } from './routes-review.ts';
import { showRoutes } from './routes-show.ts';

export const requestRoutes = (deps: Deps): Route[] => [
  ...homeRoutes(deps),
  ...askRoutes(deps),
  ...showRoutes(deps),
  ...reviewRoutes(deps),
  ...customerRoutes(deps),
];
