import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';

export function resetRoutes(_deps: Deps): Route[] {
  return [];
}
