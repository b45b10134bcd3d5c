import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { sendingApiRoutes } from './api/routes.ts';
import { poolRoutes } from './pools/routes.ts';
import { sendingPageRoutes } from './routes-pages.ts';
import { uploadRoutes } from './upload/routes.ts';

export const sendingRoutes = (deps: Deps): Route[] => [
  ...sendingPageRoutes(deps),
  ...poolRoutes(deps),
  ...uploadRoutes(deps),
  ...sendingApiRoutes(deps),
];
