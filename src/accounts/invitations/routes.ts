// Where an invitation's link leads: a name, a time zone and a password, once.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import type { Route } from '../../web/router.ts';
import { readAcceptance, timeZones } from '../form.ts';
import { hashPassword } from '../password.ts';
import type { Person } from '../person.ts';
import { findOpenLink } from '../reset/store.ts';
import { looksLikeToken, tokenHash } from '../reset/token.ts';
import { findActivePerson } from '../store.ts';
import { acceptInvitation } from './actions.ts';

declare module '../../web/page.ts' {
  interface Views {
    'invitation/form': {
      title: string;
      typed: Typed;
      errors: FieldErrors;
      email: string;
      timeZones: readonly string[];
      /** Who is signed in here, where that is somebody else. */
      other: string | null;
    };
    'invitation/refused': { title: string };
  }
}

export function invitationRoutes(deps: Deps): Route[] {
  const path = '/invitation/:token';
  return [
    { method: 'get', path, may: 'anyone', handle: (req, res) => show(deps, req, res) },
    { method: 'post', path, may: 'anyone', handle: (req, res) => take(deps, req, res) },
  ];
}

type Open = { readonly token: string; readonly invited: Person };

/** Whom the address's token invites, where it would work now; else null, with the page that says so already answered. */
async function open(deps: Deps, req: Request, res: Response): Promise<Open | null> {
  // The page's address opens an account, so other pages are not told it. Not `no-referrer`: with it browsers post
  // `Origin: null`, which the cross-site check refuses.
  res.set('Referrer-Policy', 'strict-origin');
  const { token } = req.params;
  if (looksLikeToken(token)) {
    const id = await findOpenLink(deps.db, 'invitation', tokenHash(token), deps.now());
    const invited = id === null ? null : await findActivePerson(deps.db, id);
    if (invited !== null) return { token, invited };
  }
  refuse(res);
  return null;
}

const refuse = (res: Response): void =>
  res.page('invitation/refused', { title: 'This invitation no longer works' }, 404);

async function show(deps: Deps, req: Request, res: Response): Promise<void> {
  const found = await open(deps, req, res);
  if (found === null) return;
  const { name, timeZone } = found.invited;
  showForm(req, res, found.invited, { typed: { name, timeZone } });
}

type Filled = { readonly typed: Typed; readonly errors?: FieldErrors };

function showForm(req: Request, res: Response, invited: Person, { typed, errors = {} }: Filled): void {
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  const other = req.person !== null && req.person.id !== invited.id ? req.person.name : null;
  const page = { title: 'Choose a password', typed, errors, email: invited.email, timeZones: timeZones(), other };
  res.page('invitation/form', page, status);
}

async function take(deps: Deps, req: Request, res: Response): Promise<void> {
  const found = await open(deps, req, res);
  if (found === null) return;
  const form = readAcceptance(req.body);
  if (!form.ok) return showForm(req, res, found.invited, form);
  const { password, ...who } = form.value;
  const passwordHash = await hashPassword(password, deps.passwordMemory);
  const done = await acceptInvitation(deps.db, found.token, { ...who, passwordHash }, deps.now());
  if (!done.ok) return refuse(res);
  res.redirect(303, '/sign-in?note=joined');
}
