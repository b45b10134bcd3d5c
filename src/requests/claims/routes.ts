// Who of the reviewers has what: claim, give back, hand over, and the way to the next request.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { readForm } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { TEXT_MAX } from '../form.ts';
import { idOfReference, reference } from '../request.ts';
import { findAsked, finish, showRequest } from '../review/routes-page.ts';
import { claimRequest, handOver, releaseClaim } from './actions.ts';
import { findNextFor } from './store-next.ts';

export function claimRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  const post = (path: string, handle: (deps: Deps, req: Request, res: Response) => Promise<void>): Route => ({
    method: 'post',
    path: `/review/:reference/${path}`,
    may,
    handle: (req, res) => handle(deps, req, res),
  });
  return [
    { method: 'get', path: '/review/next', may, handle: (req, res) => next(deps, req, res) },
    post('claim', claim),
    post('claim/ending', release),
    post('claim/handover', passOn),
  ];
}

/** Leads to the reviewer's next request: found when it is asked for, so that two who ask one after the other get two. */
async function next({ db, now }: Deps, req: Request, res: Response): Promise<void> {
  const { person } = req;
  if (!person) throw new NotFound();
  const after = idOfReference(String(req.query['after'] ?? ''));
  const found = await findNextFor(db, person, now(), after ?? null);
  res.redirect(303, found === null ? '/review?note=no-next' : `/review/${reference(found)}`);
}

const typed = {};

async function claim(deps: Deps, req: Request, res: Response): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const from = idIn(readForm(req.body).text('from', { label: 'From', max: 9, required: false }));
  const result = await claimRequest(deps.db, actor, request.id, from ?? null);
  await finish(deps, req, res, { result, mode: 'approve', typed, note: 'claimed' });
}

async function release(deps: Deps, req: Request, res: Response): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const result = await releaseClaim(deps.db, actor, request.id);
  await finish(deps, req, res, { result, mode: 'approve', typed, note: 'claim-ended' });
}

async function passOn(deps: Deps, req: Request, res: Response): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const form = readForm(req.body);
  const to = idIn(form.text('to', { label: 'Colleague', max: 9, required: false }));
  const handoverNote = form.text('handoverNote', { label: 'Note', max: TEXT_MAX, required: false });
  if (to === undefined) form.fail('to', 'Choose a colleague.');
  const read = form.result(() => ({ to: to ?? 0, note: handoverNote }));
  if (!read.ok) return showRequest(deps, req, res, { ...read, status: 422 });
  const result = await handOver(deps.db, actor, request.id, read.value);
  await finish(deps, req, res, { result, mode: 'approve', typed: read.typed, note: 'passed-on' });
}
