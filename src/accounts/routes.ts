import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { resetRoutes } from './reset/routes.ts';
import { profileRoutes } from './routes-profile.ts';
import { signInRoutes } from './routes-sign-in.ts';

/** Signing in and out, a forgotten password, one's own profile. */
export function accountRoutes(deps: Deps): Route[] {
  return [...signInRoutes(deps), ...resetRoutes(deps), ...profileRoutes(deps)];
}
