import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import type { Route } from '../web/router.ts';
import { findAnyLimit } from './addresses/store.ts';
import { ownPath, readKept, readSignIn } from './form.ts';
import { markSignedIn } from './people/store.ts';
import { startOf } from './permissions.ts';
import type { Person } from './person.ts';
import { cookieName, signingIn, signOut } from './session/session.ts';
import { addressOf, forgiveTry, limits, takeTries } from './store-throttle.ts';
import { answerTooMany } from './too-many-tries.ts';

declare module '../web/page.ts' {
  interface Views {
    'sign-in/form': {
      title: string;
      typed: Typed;
      errors: FieldErrors;
      /** Where to go on afterwards. */
      next: string;
      /** A form (JSON) that was sent after the session had ended. */
      kept?: string | null;
      /** Whether to list the people of the demo. */
      demo?: boolean;
      /** Whether there is a development mailbox to look into. */
      mailbox?: boolean;
    };
    'sign-in/resume': { title: string; next: string; fields: readonly (readonly [name: string, value: string])[] };
  }
}

export function signInRoutes(deps: Deps): Route[] {
  const signIn = signingIn(deps);
  return [
    { method: 'get', path: '/sign-in', may: 'anyone', handle: (req, res) => showForm(deps, req, res) },
    { method: 'post', path: '/sign-in', may: 'anyone', handle: (req, res) => takeForm(deps, signIn, req, res) },
    { method: 'post', path: '/sign-out', may: 'anyone', handle: (req, res) => leave(deps, req, res) },
  ];
}

function showForm(deps: Deps, req: Request, res: Response): void {
  const next = ownPath(req.query.next);
  if (req.person) res.redirect(303, homeOf(req.person, next));
  else res.page('sign-in/form', { title: 'Sign in', typed: {}, errors: {}, next, ...demoOf(deps) });
}

async function takeForm(deps: Deps, signIn: ReturnType<typeof signingIn>, req: Request, res: Response): Promise<void> {
  const next = ownPath(req.body?.next);
  const fields = readKept(req.body?.kept);
  const form = readSignIn(req.body);
  const again = (errors: FieldErrors, status: number): void => {
    const kept = fields ? JSON.stringify(fields) : null;
    const typed = { email: form.typed.email ?? '' };
    res.page('sign-in/form', { title: 'Sign in', typed, errors, next, kept, ...demoOf(deps) }, status);
  };
  if (!form.ok) return again(form.errors, 422);
  const address = addressOf(req.ip);
  const tries = [
    [limits.signInFromAddress, address],
    [limits.signInOfAccount, form.value.email],
  ] as const;
  const waitMs = await takeTries(deps.db, tries, deps.now());
  if (waitMs > 0) return again({ email: tooMany(res, waitMs) }, 429);
  req.body = form.value;
  const person = await signIn(req);
  if (!person) return again({ email: await noEntry(deps) }, 422);
  for (const [limit, who] of tries) await forgiveTry(deps.db, limit, who);
  await markSignedIn(deps.db, person.id, deps.now());
  if (fields && next !== '/') return resume(res, next, fields);
  res.redirect(303, homeOf(person, next));
}

/** What was sent after the session had ended is sent again only by the person themself, from this page. */
function resume(res: Response, next: string, kept: Typed): void {
  const fields = Object.entries(kept).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const));
  res.page('sign-in/resume', { title: 'You are signed in again', next, fields });
}

async function leave(deps: Deps, req: Request, res: Response): Promise<void> {
  await signOut(req);
  const https = deps.config.baseUrl.startsWith('https:');
  res.clearCookie(cookieName(https), { path: '/', secure: https, httpOnly: true, sameSite: 'lax' });
  res.redirect(303, '/sign-in?note=signed-out');
}

const tooMany = (res: Response, waitMs: number): string =>
  `${answerTooMany(res, 'signing in', waitMs)} A new password lets you in at once.`;

/** The same words for a wrong password and for a right one from a wrong place (S-27). */
const noEntry = async ({ db }: Deps): Promise<string> =>
  (await findAnyLimit(db))
    ? 'Email and password do not belong together, or this account cannot be reached from where you are. Check both and try again.'
    : 'Email and password do not belong together. Check both and try again.';

const homeOf = (person: Person, next: string): string => (next === '/' ? startOf(person) : next);

const demoOf = ({ config }: Deps): { demo: boolean; mailbox: boolean } => ({
  demo: config.demo && !config.production,
  mailbox: config.smtpUrl === null && !config.production,
});
