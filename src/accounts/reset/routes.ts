import { setTimeout as pause } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import type { Route } from '../../web/router.ts';
import { readNewPassword, readResetAsk } from '../form.ts';
import { hashPassword } from '../password.ts';
import { findPersonByEmail } from '../store.ts';
import { addressOf, forgetTries, limits, takeTries } from '../store-throttle.ts';
import { answerTooMany } from '../too-many-tries.ts';
import { askReset, setPassword } from './actions.ts';
import { findOpenLink } from './store.ts';
import { looksLikeToken, tokenHash } from './token.ts';

declare module '../../web/page.ts' {
  interface Views {
    'sign-in/reset-ask': { title: string; typed: Typed; errors: FieldErrors };
    'sign-in/reset-form': { title: string; errors: FieldErrors };
    'sign-in/reset-refused': { title: string };
  }
}

/** The answer takes at least this long, so that its time does not tell whether somebody has the address. */
const SAME_TIME_MS = 250;

export function resetRoutes(deps: Deps): Route[] {
  const ask = '/password-reset';
  const choose = '/password-reset/:token';
  return [
    { method: 'get', path: ask, may: 'anyone', handle: (req, res) => showAsk(res, { email: req.person?.email ?? '' }) },
    { method: 'post', path: ask, may: 'anyone', handle: (req, res) => takeAsk(deps, req, res) },
    { method: 'get', path: choose, may: 'anyone', handle: (req, res) => showChoice(deps, req, res) },
    { method: 'post', path: choose, may: 'anyone', handle: (req, res) => takeChoice(deps, req, res) },
  ];
}

function showAsk(res: Response, typed: Typed, errors: FieldErrors = {}, status = 200): void {
  res.page('sign-in/reset-ask', { title: 'Forgotten password', typed, errors }, status);
}

async function takeAsk(deps: Deps, req: Request, res: Response): Promise<void> {
  const form = readResetAsk(req.body);
  if (!form.ok) return showAsk(res, form.typed, form.errors, 422);
  const { email } = form.value;
  const time = deps.now();
  const waitMs = await takeTries(
    deps.db,
    [
      [limits.resetFromAddress, addressOf(req.ip)],
      [limits.resetOfPerson, email],
    ],
    time,
  );
  if (waitMs > 0) return showAsk(res, form.typed, { email: tooMany(res, waitMs) }, 429);
  const sameTime = pause(SAME_TIME_MS);
  const person = await findPersonByEmail(deps.db, email);
  if (person) await askReset(deps.db, person, deps.sessionSecret, time);
  await sameTime;
  res.redirect(303, '/password-reset?note=reset-sent');
}

const tooMany = (res: Response, waitMs: number): string =>
  `${answerTooMany(res, 'asking for a link', waitMs)} If one was mailed within the last hour, the newest still works.`;

/** The token of the address where it would work now, else null, with the page that says so already answered. */
async function openToken(deps: Deps, req: Request, res: Response): Promise<string | null> {
  // The page's address opens an account, so other pages are not told it. Not `no-referrer`: with it browsers post
  // `Origin: null`, which the cross-site check refuses.
  res.set('Referrer-Policy', 'strict-origin');
  const { token } = req.params;
  if (looksLikeToken(token) && (await findOpenLink(deps.db, 'reset', tokenHash(token), deps.now())) !== null)
    return token;
  refuse(res);
  return null;
}

const refuse = (res: Response): void => res.page('sign-in/reset-refused', { title: 'This link no longer works' }, 404);

const showForm = (res: Response, errors: FieldErrors, status: number): void =>
  res.page('sign-in/reset-form', { title: 'Choose a new password', errors }, status);

async function showChoice(deps: Deps, req: Request, res: Response): Promise<void> {
  if ((await openToken(deps, req, res)) !== null) showForm(res, {}, 200);
}

async function takeChoice(deps: Deps, req: Request, res: Response): Promise<void> {
  const token = await openToken(deps, req, res);
  if (token === null) return;
  const form = readNewPassword(req.body);
  if (!form.ok) return showForm(res, form.errors, 422);
  const hash = await hashPassword(form.value.password, deps.passwordMemory);
  const changed = await setPassword(deps.db, token, hash, deps.now());
  if (!changed.ok) return refuse(res);
  // Somebody kept out by another person's tries gets in again this way.
  await forgetTries(deps.db, limits.signInOfAccount, changed.value.email);
  res.redirect(303, '/sign-in?note=password-changed');
}
