// The customer's form on the page of a paused warm-up.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { readForm, typedOf } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import { idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { showWarmup } from '../pages/routes-show.ts';
import { findWarmupFor } from '../store.ts';
import { askToGoOn } from './actions.ts';

export const customerStepRoutes = (deps: Deps): Route[] => [
  {
    method: 'post',
    path: '/warm-ups/:id/go-on',
    may: 'see own account',
    handle: (req, res) => goOn(deps, req, res),
  },
];

async function goOn(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person } = req;
  const id = idOf(req);
  const warmup = person && (await findWarmupFor(deps.db, person, id));
  if (!warmup || warmup.accountId !== person.accountId) throw new NotFound();
  const form = readForm(req.body);
  const note = form.text('note', { label: 'What you did', max: 500 });
  const read = form.result(() => note);
  const typed = typedOf(req.body);
  if (!read.ok) return showWarmup(deps, req, res, { typed, errors: read.errors, status: 422 });
  const done = await askToGoOn(deps.db, { person, at: deps.now() }, id, read.value);
  if (done.ok) return res.redirect(303, `/warm-ups/${id}?note=go-on-asked`);
  await showWarmup(deps, req, res, { typed, status: 409 });
}
