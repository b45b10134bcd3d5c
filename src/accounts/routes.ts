import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { addressRoutes } from './addresses/routes.ts';
import { customerRoutes } from './customers/routes.ts';
import { emailChangeRoutes } from './email-change/routes.ts';
import { invitationRoutes } from './invitations/routes.ts';
import { openIdRoutes } from './openid/routes.ts';
import { passkeyRoutes } from './passkeys/routes.ts';
import { peopleRoutes } from './people/routes.ts';
import { resetRoutes } from './reset/routes.ts';
import { profileRoutes } from './routes-profile.ts';
import { signInRoutes } from './routes-sign-in.ts';
import { ownSignInRoutes } from './second-factor/routes-own.ts';
import { secondFactorRuleRoutes } from './second-factor/routes-rule.ts';
import { secondStepRoutes } from './second-factor/routes-sign-in.ts';
import { sessionRoutes } from './session/routes.ts';

/** Signing in and out, a forgotten password, invitations, one's own profile, and who is on which team. */
export function accountRoutes(deps: Deps): Route[] {
  return [
    ...signInRoutes(deps),
    ...openIdRoutes(deps),
    ...secondStepRoutes(deps),
    ...resetRoutes(deps),
    ...profileRoutes(deps),
    ...ownSignInRoutes(deps),
    ...sessionRoutes(deps),
    ...passkeyRoutes(deps),
    ...secondFactorRuleRoutes(deps),
    ...emailChangeRoutes(deps),
    ...invitationRoutes(deps),
    ...peopleRoutes(deps),
    ...customerRoutes(deps),
    ...addressRoutes(deps),
  ];
}
