import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';

export function ipRoutes(_deps: Deps): Route[] {
  return [];
}
