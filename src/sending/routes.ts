import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { sendingApiRoutes } from './routes-api.ts';

export const sendingRoutes = (deps: Deps): Route[] => [...sendingApiRoutes(deps)];
