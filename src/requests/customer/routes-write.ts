// What the customer writes about a request: an answer, a comment, an appeal.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { Route } from '../../web/router.ts';
import { appealDecline } from '../appeals/actions.ts';
import { discard, receiveSaid } from '../attachments/routes-receive.ts';
import { addComment } from '../comments/actions.ts';
import { readText } from '../form.ts';
import { reference } from '../request.ts';
import { answerRequest } from './actions.ts';
import { findOwn, finish, show } from './routes-show.ts';
import { sentenceOf } from './step-wording.ts';

export function writeRoutes(deps: Deps): Route[] {
  const post = (path: string, handle: typeof answer): Route => ({
    method: 'post',
    path: `/requests/:reference/${path}`,
    may: 'see own account',
    handle: (req, res) => handle(deps, req, res),
  });
  return [post('answer', answer), post('appeal', appeal), post('comments', comment)];
}

async function answer(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person, request } = await findOwn(deps, req);
  const read = await receiveSaid(deps, req, { request, field: 'answer', label: 'Your answer', isLimited: true });
  if (!read.ok) return show(deps, req, res, { ...read, status: 422 });
  const result = await answerRequest(deps.db, { person, at: deps.now() }, request.id, read.value);
  if (!result.ok) await discard(deps, read.value);
  await finish(deps, req, res, { request, result, note: 'answered', typed: read.typed });
}

async function appeal(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person, request } = await findOwn(deps, req);
  const read = readText(req.body, 'appeal', 'Your reason');
  if (!read.ok) return show(deps, req, res, { ...read, status: 422 });
  const result = await appealDecline(deps.db, { person, at: deps.now() }, request.id, read.value);
  await finish(deps, req, res, { request, result, note: 'appealed', typed: read.typed });
}

async function comment(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person, request } = await findOwn(deps, req);
  const read = await receiveSaid(deps, req, { request, field: 'comment', label: 'Your comment', isLimited: true });
  if (!read.ok) return show(deps, req, res, { ...read, status: 422 });
  const result = await addComment(deps.db, { person, at: deps.now() }, request.id, read.value);
  if (result.ok) return res.redirect(303, `/requests/${reference(request.id)}?note=commented`);
  await discard(deps, read.value);
  await show(deps, req, res, { problem: sentenceOf(result.problem), typed: read.typed, status: 409 });
}
