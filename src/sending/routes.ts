import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { sendingApiRoutes } from './routes-api.ts';
import { sendingPageRoutes } from './routes-pages.ts';
import { uploadRoutes } from './routes-upload.ts';

export const sendingRoutes = (deps: Deps): Route[] => [
  ...sendingPageRoutes(deps),
  ...uploadRoutes(deps),
  ...sendingApiRoutes(deps),
];
