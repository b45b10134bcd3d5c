import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';

export function requestRoutes(_deps: Deps): Route[] {
  return [];
}
