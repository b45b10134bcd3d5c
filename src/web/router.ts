import type { Express, Request, Response } from 'express';
import { can, type Permission } from '../accounts/permissions.ts';
import { NoToken, NotFound, NotFromHere } from './errors.ts';
import { isMultipart, wordsOf } from './multipart.ts';

/**
 * One address of the site. `may` has no default: a route that forgets it does not compile. `mail system`: programs with
 * a token, and nobody else.
 */
export type Route = {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly may: Permission | 'mail system';
  readonly handle: (req: Request, res: Response) => Promise<void> | void;
};

/** Mounts routes behind their permissions. Signed out: to the sign-in page. Not allowed: not found. */
export function mount(app: Express, routes: readonly Route[]): void {
  for (const route of routes) {
    app[route.method](route.path, async (req, res) => {
      if (route.may === 'mail system') {
        if (req.mailSystem === null) throw new NoToken();
        return await route.handle(req, res);
      }
      if (can(req.person, route.may)) return await route.handle(req, res);
      if (req.outsider !== null) throw new NotFromHere();
      if (req.person === null) return askToSignIn(req, res);
      throw new NotFound();
    });
  }
}

/** What was posted after the session ended is kept in the sign-in form, so that nothing typed is lost; files have to be chosen again. */
async function askToSignIn(req: Request, res: Response): Promise<void> {
  if (req.method !== 'POST') return res.redirect(303, `/sign-in?next=${encodeURIComponent(req.originalUrl)}`);
  const body = isMultipart(req) ? await wordsOf(req) : (req.body ?? {});
  res.page(
    'sign-in/form',
    { title: 'Sign in', typed: {}, errors: {}, next: req.originalUrl, kept: JSON.stringify(body) },
    401,
  );
}
