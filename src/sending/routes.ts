import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { sendingApiRoutes } from './routes-api.ts';
import { uploadRoutes } from './routes-upload.ts';

export const sendingRoutes = (deps: Deps): Route[] => [...uploadRoutes(deps), ...sendingApiRoutes(deps)];
