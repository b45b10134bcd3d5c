// The page that answers a rejected form, at an address of its own: reloading it or going back to it sends nothing again.
import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import type { Route } from '../web/router.ts';
import { idOf, isKey, open } from './sealed.ts';
import { findPage } from './store.ts';

export const rejectedRoutes = (deps: Deps): Route[] => [
  { method: 'get', path: '/rejected/:key', may: 'signed in', handle: (req, res) => show(deps, req, res) },
];

/** A page that is not kept any more leads home: what it showed was never stored otherwise. */
async function show({ db }: Deps, req: Request, res: Response): Promise<void> {
  const { key } = req.params;
  const { person } = req;
  const page = isKey(key) && person ? await findPage(db, { id: idOf(key, person), personId: person.id }) : undefined;
  const html = page && open(String(key), page.sealed);
  if (!html) return res.redirect(303, '/?note=rejected-gone');
  res.status(page.status).type('html').send(html);
}
