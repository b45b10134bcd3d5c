// The page of one request as reviewers see it, and how it answers what they do there.
import type { Request, Response } from 'express';
import { can } from '../../accounts/permissions.ts';
import { limitsOf } from '../../attachments/attachment.ts';
import type { EventName } from '../../audit/event.ts';
import { INTERNAL_EVENTS } from '../../audit/internal.ts';
import type { Db } from '../../database.ts';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import type { Result } from '../../result.ts';
import { NotFound } from '../../web/errors.ts';
import { type Attaching, attachingOf } from '../attachments/chosen.ts';
import { SAME_OPENING_MS } from '../claims/claim.ts';
import { upsertOpening } from '../claims/store.ts';
import { timeline } from '../history.ts';
import { type IpRequest, idOfReference, reference } from '../request.ts';
import { findRequest } from '../store.ts';
import { listHistory } from '../store-decisions.ts';
import type { TransitionProblem } from '../transition.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { gatherOffered, type Offered } from './canned/gather.ts';
import { untickedSentence } from './checklist/checklist.ts';
import type { Reviewer } from './decide.ts';
import { type Dossier, type DossierMode, gatherDossier, modes } from './gather.ts';

declare module '../../web/page.ts' {
  interface Views {
    'review/show': Words &
      Dossier & {
        title: string;
        mode: DossierMode;
        problem: { readonly sentence: string; readonly differences: readonly string[] } | null;
        typed: Typed;
        errors: FieldErrors;
        mayAddIps: boolean;
        /** What can be attached to a message; null: nothing. */
        attaching: Attaching | null;
        /** Texts for the form that is open, as they would be written into it. */
        offered: readonly Offered[];
        /** Whether the page is at its own address, where it can be loaded again. */
        isAtHome: boolean;
      };
  }
}

/** Who asks, and the request that the address names. Throws NotFound where there is none. */
export async function findAsked(deps: Deps, req: Request): Promise<{ actor: Reviewer; request: IpRequest }> {
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

/** Answers with the page of the request: at first, or with what went wrong and what was typed. */
export async function showRequest(deps: Deps, req: Request, res: Response, shown: Shown): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const dossier = await gatherDossier(deps.db, actor.person, request, actor.at);
  const asked = modes.find((mode) => mode === req.query.decision);
  const mode = shown.mode ?? asked ?? 'approve';
  const { desk } = dossier;
  const isNoted = desk.openedAt !== null && desk.openedAt >= actor.at - SAME_OPENING_MS;
  // Only who may decide keeps others from it.
  if (req.method === 'GET' && desk.mayClaim && !isNoted)
    await upsertOpening(deps.db, request.id, actor.person.id, actor.at);
  res.page(
    'review/show',
    {
      words,
      ...dossier,
      title: `${reference(request.id)} ${dossier.what}`,
      mode,
      offered: await gatherOffered(deps.db, mode, dossier),
      problem: shown.problem ?? null,
      typed: shown.typed ?? {},
      errors: shown.errors ?? {},
      attaching: attachingOf(limitsOf(dossier.evidence.policy.document)),
      mayAddIps: can(actor.person, 'manage inventory'),
      isAtHome: req.method === 'GET',
    },
    shown.status,
  );
}

const AGAINST = 'Write why you approve it although a check fails. A second reviewer reads it.';

/** Answers what a reviewer did: leads back to the page, or shows why nothing was done. */
export async function finish(
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
  if (problem.name === 'reason-missing' || problem.name === 'unticked') {
    const errors = { reason: problem.name === 'unticked' ? untickedSentence(problem.items) : AGAINST };
    return showRequest(deps, req, res, { mode: 'approve', typed: page.typed, errors, status: 422 });
  }
  if (problem.name === 'not-found') throw new NotFound();
  const { request } = await findAsked(deps, req);
  await showRequest(deps, req, res, { ...page, problem: await explain(deps, request.id, problem), status: 409 });
}

/** Why nothing was done, as a page tells it: with who was faster, and with what changed. */
export const explain = async ({ db }: Deps, id: number, problem: TransitionProblem) =>
  wordsOf(problem, await whoMoved(db, id));

/** Who took the last step: the one who was faster. Notes, comments and claims do not count. */
async function whoMoved(db: Db, id: number): Promise<string> {
  const isStep = (name: EventName) => name !== 'request.commented' && !INTERNAL_EVENTS.includes(name);
  const steps = (await listHistory(db, id)).filter(({ name }) => isStep(name));
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
    case 'own-decline':
      return { sentence: 'You declined this. Another reviewer decides on the appeal.', differences: [] };
    case 'own-proposal':
      return { sentence: 'You proposed this. A second reviewer has to agree.', differences: [] };
    case 'pending':
      return { sentence: 'Nothing was changed: a decision on this is about to take effect.', differences: [] };
    default:
      return { sentence: `Nothing was changed: somebody else was faster. ${last}`, differences: [] };
  }
}
