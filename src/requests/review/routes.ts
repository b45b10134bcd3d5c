// The reviewers' queue and their page of one request, with the decision on it.

import type { Request, Response } from 'express';
import { askAgain } from '../../accounts/session/routes-again.ts';
import { isFresh } from '../../accounts/session/session.ts';
import type { Deps } from '../../deps.ts';
import { typedOf } from '../../form.ts';
import type { Result } from '../../result.ts';
import type { Route } from '../../web/router.ts';
import { readDecision, readText } from '../form.ts';
import type { Taken, TransitionProblem } from '../transition.ts';
import { addNote, askForInformation, sendBack } from './actions.ts';
import { approveRequest, confirmApproval, declineRequest, offerFewer } from './decide.ts';
import { hasFailed, readBasis } from './decision-basis.ts';
import type { DossierMode } from './gather.ts';
import { findAsked, finish, showRequest } from './routes-page.ts';
import { queueRoutes } from './routes-queue.ts';

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
    post('approval', (...edge) => decide(...edge, 'approve')),
    post('confirmation', (...edge) => decide(...edge, 'confirm')),
    post('refusal', (...edge) => decide(...edge, 'decline')),
    post('offer', (...edge) => decide(...edge, 'offer')),
    post('return', (...edge) => write(...edge, 'send-back')),
    post('question', (...edge) => write(...edge, 'ask')),
    post('notes', (...edge) => write(...edge, 'note')),
  ];
}

type Handler = (deps: Deps, req: Request, res: Response) => Promise<void>;

type Deciding = keyof typeof DECISIONS;

async function decide(deps: Deps, req: Request, res: Response, deciding: Deciding): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const mode: DossierMode = deciding === 'confirm' ? 'approve' : deciding;
  const read = readDecision(req.body, deciding === 'decline' || deciding === 'offer');
  if (!read.ok) return showRequest(deps, req, res, { ...read, mode, status: 422 });
  const seen = readBasis(read.value.seen);
  const { typed } = read;
  if (!seen) return showRequest(deps, req, res, { mode, typed, problem: INCOMPLETE, status: 409 });
  // What was seen is compared with what is when it is decided, so nobody gets by with a form that hides a failed check.
  const isException = mode === 'approve' && hasFailed(seen);
  if (isException && !isFresh(req, actor.at)) return askAgain({ deps, req, res });
  const result = await DECISIONS[deciding](deps.db, actor, request.id, { ...read.value, seen });
  await finish(deps, req, res, { result, mode, typed, note: noteOf(deciding, result) });
}

const INCOMPLETE = {
  sentence: 'The page was not complete when it was sent. Nothing was decided; look at it again.',
  differences: [],
};

const DECISIONS = { approve: approveRequest, confirm: confirmApproval, decline: declineRequest, offer: offerFewer };

function noteOf(deciding: Deciding, result: Result<Taken, TransitionProblem>): string {
  if (!result.ok) return '';
  const { status, answers } = result.value.request;
  if (status === 'second_review') return 'proposed';
  if (status === 'waitlisted') return 'waitlisted';
  if (deciding === 'decline') return 'declined';
  if (deciding === 'offer') return 'offered';
  return answers.kind === 'dedicated_ip' ? 'approved' : 'approved-pool';
}

const WRITINGS = {
  'send-back': { field: 'reason', label: 'Reason', act: sendBack, note: 'sent-back' },
  ask: { field: 'question', label: 'Your question', act: askForInformation, note: 'asked' },
  note: { field: 'note', label: 'Note', act: addNote, note: 'noted' },
} as const;

async function write(deps: Deps, req: Request, res: Response, mode: keyof typeof WRITINGS): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const { field, label, act: writing, note } = WRITINGS[mode];
  const read = readText(req.body, field, label);
  if (!read.ok) return showRequest(deps, req, res, { ...read, mode, status: 422 });
  const result = await writing(deps.db, actor, request.id, read.value);
  await finish(deps, req, res, { result, mode, typed: typedOf(req.body), note });
}
