// The customer's page of one request: its status, whose turn it is, what was said; and what the customer can do.
import type { Request, Response } from 'express';
import type { Person } from '../../accounts/person.ts';
import { limitsOf } from '../../attachments/attachment.ts';
import { isRoundTheClock } from '../../calendar/calendar.ts';
import { dayOf } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import type { Domain } from '../../domains/domain.ts';
import { type FieldErrors, readForm, type Typed } from '../../form.ts';
import { type GivenBack, isLive } from '../../ips/allocation.ts';
import { listAllocationsFor } from '../../ips/store.ts';
import { regionNames } from '../../policy/checks/dedicated.ts';
import type { Result } from '../../result.ts';
import { askListsBefore } from '../../warmup/listings/background.ts';
import { type Brief, briefOf } from '../../warmup/pages/wording.ts';
import { listWarmups } from '../../warmup/store.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { viewHelpers } from '../../web/view-helpers.ts';
import { appealUntil } from '../appeals/appeal.ts';
import { type Attaching, attachingOf } from '../attachments/chosen.ts';
import { LEAST_LEFT_MS } from '../clock/clock.ts';
import { type Decline, declineIn } from '../declining.ts';
import { type Evidence, gatherEvidenceFor } from '../evidence/gather.ts';
import { givenBackOf } from '../given-back.ts';
import { type TimelineEntry, timeline } from '../history.ts';
import { barTo, openTransitions, type TransitionName } from '../lifecycle.ts';
import { type IpRequest, idOfReference, isOpen, reference, type Status } from '../request.ts';
import { findRequestOf, listDomainsOfRequests } from '../store.ts';
import { findQuote, listHistory, listPoolQuestion, listTimesToDecision, type StoredQuote } from '../store-decisions.ts';
import type { Taken, TransitionProblem } from '../transition.ts';
import { decidePool } from '../waitlist/actions.ts';
import { gatherPosition } from '../waitlist/gather.ts';
import { positionInWords } from '../waitlist/wording.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { acceptOffer, withdrawRequest } from './actions.ts';
import { noteOf, sentenceOf } from './step-wording.ts';
import { LATELY_MS, MOST, type UsualTime, usualTime } from './usual-time.ts';

declare module '../../web/page.ts' {
  interface Views {
    'requests/show': Words & {
      title: string;
      request: IpRequest;
      domains: readonly Domain[];
      /** While it is open: the current checks. */
      evidence: Evidence | null;
      price: StoredQuote | null;
      /** What its IPs cost a month now; null: it brought none yet, or all were given back. */
      nowCents: number | null;
      /** What was given back of its IPs. */
      given: GivenBack | undefined;
      warmups: readonly Brief[];
      timeline: readonly TimelineEntry[];
      /** What can be attached to a message; null: nothing, or nothing any more. */
      attaching: Attaching | null;
      steps: readonly TransitionName[];
      /** C-06: domains of which the open question asks whether they leave the transactional pool. */
      poolQuestion: readonly string[];
      /** Its place on the waitlist, in sentences; none where it does not wait. */
      position: readonly string[];
      /** Of a declined request: codes, and what would get a new one approved. */
      decline: Decline | null;
      /** Until when it can be appealed (UTC milliseconds); null: it cannot, or not by who looks. */
      appealBy: number | null;
      /** While the customer has to act: within which time of working a decision comes after that. */
      resumes: string | null;
      /** How long decisions on such requests take; null: too few were made lately, or none is due. */
      usual: UsualTime | null;
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

type Member = Person & { readonly accountId: number };

export function showRoutes(deps: Deps): Route[] {
  const may = 'see own account';
  return [
    { method: 'get', path: '/requests/:reference', may, handle: async (req, res) => show(deps, req, res, {}) },
    { method: 'post', path: '/requests/:reference/pool', may, handle: (req, res) => answerPool(deps, req, res) },
    {
      method: 'post',
      path: '/requests/:reference/acceptance',
      may,
      handle: (req, res) => accept(deps, req, res),
    },
    {
      method: 'post',
      path: '/requests/:reference/withdrawal',
      may,
      handle: (req, res) => take(deps, req, res, { step: withdrawRequest, note: 'withdrawn' }),
    },
  ];
}

/** Who asks, and the request of their account that the address names. Throws NotFound where there is none. */
export async function findOwn(deps: Deps, req: Request): Promise<{ person: Member; request: IpRequest }> {
  const { person } = req;
  const id = idOfReference(String(req.params.reference));
  if (person?.accountId == null || id === undefined) throw new NotFound();
  const request = await findRequestOf(deps.db, person.accountId, id);
  if (!request) throw new NotFound();
  return { person: { ...person, accountId: person.accountId }, request };
}

type Shown = {
  readonly problem?: string;
  readonly typed?: Typed;
  readonly errors?: FieldErrors;
  readonly status?: number;
};

/** Answers with the page of a request: at first, or with what went wrong and what was typed. */
export async function show(deps: Deps, req: Request, res: Response, shown: Shown): Promise<void> {
  const { person, request } = await findOwn(deps, req);
  const { db } = deps;
  const evidence = isOpen(request.status) ? await gatherEvidenceFor(db, [request], deps.now()) : [];
  const warmups = request.status === 'fulfilled' ? await listWarmups(db, { requestId: request.id }) : [];
  const allocations = request.status === 'fulfilled' ? await listAllocationsFor(db, request.id) : [];
  const live = allocations.filter(isLive);
  const domains = evidence[0]?.domains ?? (await listDomainsOfRequests(db, [request.id])).get(request.id) ?? [];
  const history = await listHistory(db, request.id);
  const declined =
    request.status === 'declined' ? history.findLast(({ name }) => name === 'request.declined') : undefined;
  res.page(
    'requests/show',
    {
      words,
      title: reference(request.id),
      request,
      domains,
      evidence: evidence[0] ?? null,
      price: (await findQuote(db, request.id)) ?? null,
      nowCents: live.length === 0 ? null : live.reduce((sum, { monthlyCents }) => sum + monthlyCents, 0),
      given: givenBackOf(allocations),
      warmups: warmups.map((warmup) => briefOf(warmup, dayOf(deps.now()), deps.policy.document)),
      timeline: timeline(history, { staff: false }),
      attaching: evidence[0] ? attachingOf(limitsOf(evidence[0].policy.document)) : null,
      decline: declined ? declineIn(declined.facts) : null,
      steps: openTransitions(request, person),
      appealBy: appealBy(deps, request, person),
      poolQuestion: request.status === 'needs_info' ? await listPoolQuestion(db, request.id) : [],
      resumes: resumesOf(deps, request),
      usual: REVIEWERS_TURN.includes(request.status) ? await usualFor(deps, request) : null,
      position: request.status === 'waitlisted' ? await positionOf(deps, req, request) : [],
      problem: shown.problem ?? null,
      typed: shown.typed ?? {},
      errors: shown.errors ?? {},
    },
    shown.status,
  );
}

function appealBy({ now }: Deps, request: IpRequest, person: Member): number | null {
  const until = barTo('appeal', request, person) === null ? appealUntil(request) : null;
  return until !== null && until > now() ? until : null;
}

/** Within which time a reviewer decides once the customer has answered; null where the clock is not stopped. */
function resumesOf({ calendar, now }: Deps, { dueLeft }: IpRequest): string | null {
  if (dueLeft === null) return null;
  const left = viewHelpers('UTC', now()).span(Math.max(dueLeft, LEAST_LEFT_MS));
  return isRoundTheClock(calendar) ? left : `${left} of working time`;
}

const REVIEWERS_TURN: readonly Status[] = ['submitted', 'second_review'];

/** How long reviewers usually take for such a request; null where too few were decided lately. */
async function usualFor({ db, now }: Deps, { answers }: IpRequest): Promise<UsualTime | null> {
  return usualTime(await listTimesToDecision(db, answers.kind, now() - LATELY_MS, MOST));
}

/** A request's place on the waitlist; it is said in the days of the person who reads it. */
async function positionOf({ db, now }: Deps, req: Request, request: IpRequest): Promise<string[]> {
  const at = now();
  const position = await gatherPosition(db, request, at);
  if (position === null || request.answers.kind !== 'dedicated_ip') return [];
  const { day } = viewHelpers(req.person?.timeZone ?? 'UTC', at);
  const keptFrom = position.keptFrom <= at ? null : day(dayOf(position.keptFrom));
  return positionInWords(position, regionNames[request.answers.region], keptFrom);
}

async function answerPool(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person, request } = await findOwn(deps, req);
  const form = readForm(req.body);
  const choice = form.choice('pool', { label: 'what becomes of the pool', among: ['leave', 'stay'] as const });
  const read = form.result(() => choice);
  if (!read.ok) return show(deps, req, res, { ...read, status: 422 });
  const result = await decidePool(deps.db, { person, at: deps.now() }, request.id, read.value === 'leave');
  await finish(deps, req, res, { request, result, note: 'answered', typed: read.typed });
}

async function accept(deps: Deps, req: Request, res: Response): Promise<void> {
  const { answers } = (await findOwn(deps, req)).request;
  if (answers.kind === 'dedicated_ip') await askListsBefore(deps, answers.region, answers.ipCount);
  await take(deps, req, res, { step: acceptOffer, note: 'accepted' });
}

type Simple = { readonly step: typeof withdrawRequest; readonly note: string };

async function take(deps: Deps, req: Request, res: Response, { step, note }: Simple): Promise<void> {
  const { person, request } = await findOwn(deps, req);
  const result = await step(deps.db, { person, at: deps.now() }, request.id);
  await finish(deps, req, res, { request, result, note, typed: {} });
}

/** What became of a step. `note` says in the address what was done. */
type Done = {
  readonly request: IpRequest;
  readonly result: Result<Taken, TransitionProblem>;
  readonly note: string;
  readonly typed: Typed;
};

/** Answers what a customer did: leads back to the page, or shows why nothing was done. */
export async function finish(deps: Deps, req: Request, res: Response, done: Done): Promise<void> {
  const { request, result, note, typed } = done;
  if (!result.ok) return show(deps, req, res, { problem: sentenceOf(result.problem), typed, status: 409 });
  res.redirect(303, `/requests/${reference(request.id)}?note=${noteOf(note, result.value.request.status)}`);
}
