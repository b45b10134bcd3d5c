// The reviewers' queue and their page of one request, with the decision on it.

import type { Request, Response } from 'express';
import { can } from '../../accounts/permissions.ts';
import { askAgain } from '../../accounts/session/routes-again.ts';
import { isFresh } from '../../accounts/session/session.ts';
import type { Deps } from '../../deps.ts';
import { type FieldErrors, type Typed, typedOf } from '../../form.ts';
import type { Result } from '../../result.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { readDecision, readText } from '../form.ts';
import { timeline } from '../history.ts';
import { type IpRequest, idOfReference, reference } from '../request.ts';
import { findRequest } from '../store.ts';
import { listHistory } from '../store-decisions.ts';
import type { Taken, TransitionProblem } from '../transition.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { approveRequest, confirmApproval, declineRequest, offerFewer, type Reviewer } from './decide.ts';
import { hasFailed, readBasis } from './decision-basis.ts';
import { type Dossier, type DossierMode, gatherDossier, modes } from './dossier.ts';
import { addNote, askForInformation, sendBack } from './inquire.ts';
import { PAGE_SIZE, type QueueFilter, type QueueRow, readQueueFilter, TABS } from './queue.ts';
import { gatherQueue, type TabCounts } from './queue-page.ts';

declare module '../../web/page.ts' {
  interface Views {
    'review/queue': Words & {
      title: string;
      filter: QueueFilter;
      tabs: typeof TABS;
      counts: TabCounts;
      rows: readonly QueueRow[];
      total: number;
      pageSize: number;
      now: number;
    };
    'review/show': Words &
      Dossier & {
        title: string;
        mode: DossierMode;
        problem: { readonly sentence: string; readonly differences: readonly string[] } | null;
        typed: Typed;
        errors: FieldErrors;
        mayAddIps: boolean;
      };
  }
}

export function reviewRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  const post = (path: string, handle: Handler): Route => ({
    method: 'post',
    path: `/review/:reference/${path}`,
    may,
    handle: (req, res) => handle(deps, req, res),
  });
  return [
    { method: 'get', path: '/review', may, handle: (req, res) => queue(deps, req, res) },
    { method: 'get', path: '/review/:reference', may, handle: (req, res) => show(deps, req, res, {}) },
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

async function queue(deps: Deps, req: Request, res: Response): Promise<void> {
  const filter = readQueueFilter(req.query);
  const { rows, total, counts } = await gatherQueue(deps.db, filter, deps.now());
  res.page('review/queue', {
    words,
    title: 'Queue',
    filter,
    tabs: TABS,
    counts,
    rows,
    total,
    pageSize: PAGE_SIZE,
    now: deps.now(),
  });
}

async function find(deps: Deps, req: Request): Promise<{ actor: Reviewer; request: IpRequest }> {
  const { person } = req;
  const id = idOfReference(String(req.params.reference));
  const request = id === undefined ? undefined : await findRequest(deps.db, id);
  if (!person || !request) throw new NotFound();
  return { actor: { person, at: deps.now() }, request };
}

type Shown = {
  readonly mode?: DossierMode;
  readonly problem?: { readonly sentence: string; readonly differences: readonly string[] };
  readonly typed?: Typed;
  readonly errors?: FieldErrors;
  readonly status?: number;
};

async function show(deps: Deps, req: Request, res: Response, shown: Shown): Promise<void> {
  const { actor, request } = await find(deps, req);
  const dossier = await gatherDossier(deps.db, actor.person, request, actor.at);
  const asked = modes.find((mode) => mode === req.query.decision);
  res.page(
    'review/show',
    {
      words,
      ...dossier,
      title: `${reference(request.id)} ${dossier.what}`,
      mode: shown.mode ?? asked ?? 'approve',
      problem: shown.problem ?? null,
      typed: shown.typed ?? {},
      errors: shown.errors ?? {},
      mayAddIps: can(actor.person, 'manage inventory'),
    },
    shown.status,
  );
}

type Deciding = keyof typeof DECISIONS;

async function decide(deps: Deps, req: Request, res: Response, deciding: Deciding): Promise<void> {
  const { actor, request } = await find(deps, req);
  const mode: DossierMode = deciding === 'confirm' ? 'approve' : deciding;
  const read = readDecision(req.body, deciding === 'decline' || deciding === 'offer');
  if (!read.ok) return show(deps, req, res, { ...read, mode, status: 422 });
  const seen = readBasis(read.value.seen);
  const { typed } = read;
  if (!seen) return show(deps, req, res, { mode, typed, problem: INCOMPLETE, status: 409 });
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
  const { actor, request } = await find(deps, req);
  const { field, label, act: writing, note } = WRITINGS[mode];
  const read = readText(req.body, field, label);
  if (!read.ok) return show(deps, req, res, { ...read, mode, status: 422 });
  const result = await writing(deps.db, actor, request.id, read.value);
  await finish(deps, req, res, { result, mode, typed: typedOf(req.body), note });
}

async function finish(
  deps: Deps,
  req: Request,
  res: Response,
  { result, ...page }: { result: Result<unknown, TransitionProblem>; mode: DossierMode; typed: Typed; note: string },
): Promise<void> {
  const path = `/review/${String(req.params.reference)}`;
  if (result.ok) {
    deps.log.info(
      { request: req.params.reference, did: page.note, person: req.person?.id, requestId: req.requestId },
      'decided',
    );
    return res.redirect(303, `${path}?note=${page.note}`);
  }
  const { problem } = result;
  if (problem.name === 'reason-missing') {
    const errors = { reason: 'Write why you approve it although a check fails. A second reviewer reads it.' };
    return show(deps, req, res, { mode: 'approve', typed: page.typed, errors, status: 422 });
  }
  if (problem.name === 'not-found') throw new NotFound();
  await show(deps, req, res, { ...page, problem: wordsOf(problem, await whoMoved(deps, req)), status: 409 });
}

/** Who took the last step: the one who was faster. A note does not count. */
async function whoMoved(deps: Deps, req: Request): Promise<string> {
  const { request } = await find(deps, req);
  const steps = (await listHistory(deps.db, request.id)).filter(({ name }) => name !== 'request.noted');
  const last = timeline(steps, { staff: true }).at(-1);
  return last ? `${last.who ?? 'Warmdesk'} ${last.what}.` : '';
}

function wordsOf(problem: TransitionProblem, last: string): { sentence: string; differences: readonly string[] } {
  switch (problem.name) {
    case 'changed':
      return {
        sentence: `Nothing was decided, because this changed since you opened the page. Last: ${last}`,
        differences: problem.differences,
      };
    case 'not-possible':
      return { sentence: problem.sentence, differences: [] };
    case 'own-account':
      return {
        sentence: 'This is your own request, or your own account’s. Somebody else has to decide it.',
        differences: [],
      };
    case 'own-proposal':
      return { sentence: 'You proposed this. A second reviewer has to agree.', differences: [] };
    default:
      return { sentence: `Nothing was changed: somebody was faster. ${last}`, differences: [] };
  }
}
