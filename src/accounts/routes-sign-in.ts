import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import type { Route } from '../web/router.ts';
import { findAnyLimit } from './addresses/store.ts';
import { ownPath, readKept, readSignIn } from './form.ts';
import { askOptions, siteOf } from './passkeys/options.ts';
import { checkingPassword, cookieName, signOut } from './session/session.ts';
import { goOnSigningIn, homeOf, type Onward } from './session/sign-in.ts';
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
      /** Whether somebody who is signed in has to show again that it is them. */
      isAgain?: boolean;
      /** What a browser does to sign in with a passkey; null: it cannot here. */
      passkey?: string | null;
      /** Whether to list the people of the demo. */
      demo?: boolean;
      /** Whether there is a development mailbox to look into. */
      mailbox?: boolean;
    };
  }
}

export function signInRoutes(deps: Deps): Route[] {
  const check = checkingPassword(deps);
  return [
    { method: 'get', path: '/sign-in', may: 'anyone', handle: (req, res) => showForm(deps, req, res) },
    { method: 'post', path: '/sign-in', may: 'anyone', handle: (req, res) => takeForm(deps, check, req, res) },
    { method: 'post', path: '/sign-out', may: 'anyone', handle: (req, res) => leave(deps, req, res) },
  ];
}

type Shown = {
  readonly errors?: FieldErrors;
  readonly status?: number;
  readonly typed?: Typed;
  readonly isAgain?: boolean;
};

function showForm(deps: Deps, req: Request, res: Response): void {
  const next = ownPath(req.query.next);
  const isAgain = req.person !== null && req.query.again === '1';
  if (req.person && !isAgain) return res.redirect(303, homeOf(req.person, next));
  const typed: Typed = isAgain ? { email: req.person?.email ?? '' } : {};
  showSignIn({ deps, res }, { next, kept: null }, { typed, isAgain });
}

/** Shows the sign-in page. */
export function showSignIn(
  { deps, res }: { readonly deps: Deps; readonly res: Response },
  onward: Onward,
  { errors = {}, status = 200, typed = {}, isAgain = false }: Shown,
): void {
  const kept = onward.kept ? JSON.stringify(onward.kept) : null;
  const site = siteOf(deps.config.baseUrl);
  const passkey = site && askOptions(site, deps.sessionSecret, deps.now());
  const page = { title: 'Sign in', typed, errors, next: onward.next, kept, isAgain, passkey, ...demoOf(deps) };
  res.page('sign-in/form', page, status);
}

async function takeForm(
  deps: Deps,
  check: ReturnType<typeof checkingPassword>,
  req: Request,
  res: Response,
): Promise<void> {
  const next = ownPath(req.body?.next);
  const fields = readKept(req.body?.kept);
  const form = readSignIn(req.body);
  const onward = { next, kept: fields };
  const typed = { email: form.typed.email ?? '' };
  const isAgain = req.person !== null && req.body?.again === '1';
  const again = (errors: FieldErrors, status: number): void =>
    showSignIn({ deps, res }, onward, { errors, status, typed, isAgain });
  if (!form.ok) return again(form.errors, 422);
  const address = addressOf(req.ip);
  const tries = [
    [limits.signInFromAddress, address],
    [limits.signInOfAccount, form.value.email],
  ] as const;
  const waitMs = await takeTries(deps.db, tries, deps.now());
  if (waitMs > 0) return again({ email: tooMany(res, waitMs) }, 429);
  req.body = form.value;
  const known = await check(req);
  if (!known) return again({ email: await noEntry(deps) }, 422);
  for (const [limit, who] of tries) await forgiveTry(deps.db, limit, who);
  await goOnSigningIn(deps, { req, res }, known, onward);
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

const demoOf = ({ config }: Deps): { demo: boolean; mailbox: boolean } => ({
  demo: config.demo && !config.production,
  mailbox: config.smtpUrl === null && !config.production,
});
