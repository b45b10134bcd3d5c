// Mail systems and their tokens, as staff admins keep them.
import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import { type FieldErrors, readForm, type Typed } from '../form.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { addSystem, revokeSystem } from './actions.ts';
import { listSystems, type MailSystem } from './store.ts';

declare module '../web/page.ts' {
  interface Views {
    'systems/list': { title: string; systems: readonly MailSystem[]; typed: Typed; errors: FieldErrors };
    /** The only page that shows a token. */
    'systems/added': { title: string; name: string; token: string; baseUrl: string };
    'systems/revoke': { title: string; system: MailSystem };
  }
}

export function systemRoutes(deps: Deps): Route[] {
  const may = 'manage mail systems';
  const path = '/mail-systems';
  return [
    { method: 'get', path, may, handle: (_req, res) => list(deps, res, {}) },
    { method: 'post', path, may, handle: (req, res) => add(deps, req, res) },
    { method: 'get', path: `${path}/:id/revocation`, may, handle: (req, res) => ask(deps, req, res) },
    { method: 'post', path: `${path}/:id/revocation`, may, handle: (req, res) => revoke(deps, req, res) },
  ];
}

type Shown = { readonly typed?: Typed; readonly errors?: FieldErrors; readonly status?: number };

async function list({ db }: Deps, res: Response, { typed = {}, errors = {}, status = 200 }: Shown): Promise<void> {
  res.page('systems/list', { title: 'Mail systems', systems: await listSystems(db), typed, errors }, status);
}

async function add(deps: Deps, req: Request, res: Response): Promise<void> {
  const form = readForm(req.body);
  const name = form.name('name', { label: 'Name', max: 60 });
  const read = form.result(() => name);
  if (!read.ok) return list(deps, res, { ...read, status: 422 });
  const made = await addSystem(deps.db, { person: req.person, at: deps.now() }, name);
  if (!made.ok) {
    const error = 'A mail system has this name already. Revoked ones keep theirs, so that the history stays clear.';
    return list(deps, res, { typed: read.typed, errors: { name: error }, status: 422 });
  }
  const { token } = made.value;
  res.page('systems/added', { title: `Token of ${name}`, name, token, baseUrl: deps.config.baseUrl });
}

/** A system whose token is good. */
async function find({ db }: Deps, req: Request): Promise<MailSystem> {
  const id = idOf(req);
  const system = (await listSystems(db)).find((one) => one.id === id);
  if (!system) throw new NotFound();
  return system;
}

async function ask(deps: Deps, req: Request, res: Response): Promise<void> {
  const system = await find(deps, req);
  if (system.revokedAt !== null) return res.redirect(303, '/mail-systems?note=system-revoked');
  res.page('systems/revoke', { title: `Revoke ${system.name}`, system });
}

async function revoke(deps: Deps, req: Request, res: Response): Promise<void> {
  const system = await find(deps, req);
  // Who was faster did the same.
  await revokeSystem(deps.db, { person: req.person, at: deps.now() }, system.id);
  res.redirect(303, '/mail-systems?note=system-revoked');
}
