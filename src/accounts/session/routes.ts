// Ending one's own sessions. The list of them is on the page of how one signs in.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { endOtherSessions, endSession } from './actions.ts';
import { sessionKey } from './store.ts';

const HOME = '/profile/sign-in';

export function sessionRoutes(deps: Deps): Route[] {
  const may = 'signed in';
  const end = `${HOME}/sessions/:session/ending`;
  return [
    { method: 'post', path: `${HOME}/sessions/ending`, may, handle: (req, res) => endOthers(deps, req, res) },
    { method: 'post', path: end, may, handle: (req, res) => endOne(deps, req, res) },
  ];
}

function selfOf({ now }: Deps, { person }: Request) {
  if (person === null) throw new NotFound();
  return { person, at: now() };
}

async function endOthers(deps: Deps, req: Request, res: Response): Promise<void> {
  await endOtherSessions(deps.db, selfOf(deps, req), sessionKey(req.sessionID));
  res.redirect(303, `${HOME}?note=sessions-ended`);
}

async function endOne(deps: Deps, req: Request, res: Response): Promise<void> {
  const session = String(req.params['session']);
  // Anything else belongs to nobody, and PostgreSQL refuses a text with a NUL in it.
  const count = /^[0-9a-f]{64}$/.test(session) ? await endSession(deps.db, selfOf(deps, req), session) : 0;
  res.redirect(303, `${HOME}?note=${count > 0 ? 'session-ended' : 'session-over'}`);
}
