// The Set up page, which walks an administrator through the first hour, and the logo and colours as every page shows them.
import type { Request, Response } from 'express';
import type { Person } from '../accounts/person.ts';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';
import { skipStep } from './actions.ts';
import { colourSheet } from './provider.ts';
import { settingsRoutes } from './routes-settings.ts';
import { openSteps, type Step, stepKeys } from './steps.ts';
import { findBegun, findSettings, findTestMail } from './store.ts';

declare module '../web/page.ts' {
  interface Views {
    'setup/steps': { title: string; steps: readonly Step[] };
  }
}

export function setupRoutes(deps: Deps): Route[] {
  const may = 'set up';
  return [
    { method: 'get', path: '/set-up', may, handle: (_req, res) => show(deps, res) },
    { method: 'post', path: '/set-up/:step/skip', may, handle: (req, res) => skip(deps, req, res, true) },
    { method: 'post', path: '/set-up/:step/resumption', may, handle: (req, res) => skip(deps, req, res, false) },
    { method: 'get', path: '/provider/logo', may: 'anyone', handle: (_req, res) => logo(deps, res) },
    { method: 'get', path: '/provider/colours.css', may: 'anyone', handle: (_req, res) => colours(deps, res) },
    ...settingsRoutes(deps),
  ];
}

async function show(deps: Deps, res: Response): Promise<void> {
  const { db, config } = deps;
  const isMailTested = (await findTestMail(db))?.status === 'sent';
  const steps = openSteps(await findSettings(db), { config, begun: await findBegun(db), isMailTested });
  await deps.reload();
  if (steps.every(({ state }) => state === 'done')) return res.redirect(303, '/settings');
  res.page('setup/steps', { title: 'Set up', steps });
}

async function skip(deps: Deps, req: Request, res: Response, isSkipped: boolean): Promise<void> {
  const step = stepKeys.find((key) => key === req.params['step']);
  if (step === undefined || req.person === null) throw new NotFound();
  const actor = { person: req.person satisfies Person, at: deps.now() };
  await skipStep(deps.db, actor, { step, isSkipped });
  await deps.reload();
  res.redirect(303, '/set-up');
}

/** Kept for a day; another logo has another address. */
const KEPT = 'public, max-age=86400';

function logo({ provider }: Deps, res: Response): void {
  if (provider.logo === null) throw new NotFound();
  res.set('Cache-Control', KEPT).set('Content-Security-Policy', "default-src 'none'; sandbox");
  res.type(provider.logo.type).send(provider.logo.bytes);
}

function colours({ provider }: Deps, res: Response): void {
  if (provider.colour === null) throw new NotFound();
  res.set('Cache-Control', KEPT).type('css').send(colourSheet(provider.colour));
}
