// The reviewers' queue and their page of one request, with the decision on it.

import type { Request, Response } from 'express';
import { askAgain } from '../../accounts/session/routes-again.ts';
import { isFresh } from '../../accounts/session/session.ts';
import type { Deps } from '../../deps.ts';
import type { Result } from '../../result.ts';
import { askListsBefore } from '../../warmup/listings/background.ts';
import type { Route } from '../../web/router.ts';
import { discard, readSaid, receiveSaid } from '../attachments/routes-receive.ts';
import { readDecision } from '../form.ts';
import type { Taken, TransitionProblem } from '../transition.ts';
import { addNote } from './actions.ts';
import { hasFailed, readBasis } from './decision-basis.ts';
import type { DossierMode } from './gather.ts';
import { decide } from './pending/actions.ts';
import { queueRoutes } from './queue/routes.ts';
import { findAsked, finish, showRequest } from './routes-page.ts';

export function reviewRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  const post = (path: string, handle: Handler): Route => ({
    method: 'post',
    path: `/review/:reference/${path}`,
    may,
    handle: (req, res) => handle(deps, req, res),
  });
  return [
    ...queueRoutes(deps),
    { method: 'get', path: '/review/:reference', may, handle: (req, res) => showRequest(deps, req, res, {}) },
    post('approval', (...edge) => handle(...edge, 'approve')),
    post('confirmation', (...edge) => handle(...edge, 'confirm')),
    post('refusal', (...edge) => handle(...edge, 'decline')),
    post('offer', (...edge) => handle(...edge, 'offer')),
    post('return', (...edge) => write(...edge, 'send-back')),
    post('question', (...edge) => write(...edge, 'ask')),
    post('notes', (...edge) => write(...edge, 'note')),
  ];
}

type Handler = (deps: Deps, req: Request, res: Response) => Promise<void>;

/** Decisions that bind to what was seen. */
type WithBasis = 'approve' | 'confirm' | 'decline' | 'offer';

async function handle(deps: Deps, req: Request, res: Response, decision: WithBasis): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const mode: DossierMode = decision === 'confirm' ? 'approve' : decision;
  const read = readDecision(req.body, decision === 'decline' || decision === 'offer');
  if (!read.ok) return showRequest(deps, req, res, { ...read, mode, status: 422 });
  const seen = readBasis(read.value.seen);
  const { typed } = read;
  if (!seen) return showRequest(deps, req, res, { mode, typed, problem: INCOMPLETE, status: 409 });
  // What was seen is compared with what is when it is decided, so nobody gets by with a form that hides a failed check.
  const isException = mode === 'approve' && hasFailed(seen);
  if (isException && !isFresh(req, actor.at)) return askAgain({ deps, req, res });
  const { answers } = request;
  if (mode === 'approve' && answers.kind === 'dedicated_ip')
    await askListsBefore(deps, answers.region, answers.ipCount);
  const form = { ...read.value, seen };
  const { undoMs: ms } = deps.config;
  const result = await decide(deps.db, actor, request.id, { decision, form, ms });
  await finish(deps, req, res, { result, mode, typed, note: ms > 0 ? 'pending' : noteOf(decision, result) });
}

const INCOMPLETE = {
  sentence: 'The page was not complete when it was sent. Nothing was decided; look at it again.',
  differences: [],
};

function noteOf(decision: WithBasis, result: Result<Taken, TransitionProblem>): string {
  if (!result.ok) return '';
  const { status, answers } = result.value.request;
  if (status === 'second_review') return 'proposed';
  if (status === 'waitlisted') return 'waitlisted';
  if (decision === 'decline') return 'declined';
  if (decision === 'offer') return 'offered';
  return answers.kind === 'dedicated_ip' ? 'approved' : 'approved-pool';
}

const WRITINGS = {
  'send-back': { field: 'reason', label: 'Reason', note: 'sent-back' },
  ask: { field: 'question', label: 'Your question', note: 'asked' },
  note: { field: 'note', label: 'Note', note: 'noted' },
} as const;

async function write(deps: Deps, req: Request, res: Response, mode: keyof typeof WRITINGS): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const { field, label, note } = WRITINGS[mode];
  const read =
    mode === 'send-back'
      ? readSaid(req.body, field, label)
      : await receiveSaid(deps, req, { request, field, label, isLimited: false });
  if (!read.ok) return showRequest(deps, req, res, { ...read, mode, status: 422 });
  const { typed, value: said } = read;
  const { undoMs: ms } = deps.config;
  const files = said.files.length > 0 ? { files: [...said.files] } : {};
  const form = { seen: null, reason: said.text, approvedCount: 0, ...files };
  const result =
    mode === 'note'
      ? await addNote(deps.db, actor, request.id, said)
      : await decide(deps.db, actor, request.id, { decision: mode, form, ms });
  if (!result.ok) await discard(deps, said);
  await finish(deps, req, res, { result, mode, typed, note: mode !== 'note' && ms > 0 ? 'pending' : note });
}
