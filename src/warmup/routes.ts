// Warm-ups: the staff's list of those that run, the page of one, and marking it complete.
import type { Request, Response } from 'express';
import { can } from '../accounts/permissions.ts';
import type { Person } from '../accounts/person.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import { type Paging, pageOf, pagingOf } from '../web/paging.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { type CompletionProblem, completeWarmup } from './actions.ts';
import {
  countRunningWarmups,
  findOriginOf,
  findWarmupFor,
  listDomainNamesOf,
  listWarmups,
  type Warmup,
} from './store.ts';
import { type ScheduleWords, scheduleWords, type WarmupState, warmupState } from './words.ts';

declare module '../web/page.ts' {
  interface Views {
    'warm-ups/list': {
      title: string;
      warmups: readonly { readonly warmup: Warmup; readonly state: WarmupState }[];
      paging: Paging;
    };
    'warm-ups/show': {
      title: string;
      warmup: Warmup;
      state: WarmupState;
      today: number;
      domains: readonly string[];
      schedule: ScheduleWords;
      request: { readonly reference: string; readonly href: string };
      mayComplete: boolean;
      /** Why the last step was not taken. */
      problem: string | null;
    };
  }
}

const PAGE_SIZE = 50;

export function warmupRoutes(deps: Deps): Route[] {
  return [
    { method: 'get', path: '/warm-ups', may: 'run warm-ups', handle: (req, res) => list(deps, req, res) },
    { method: 'get', path: '/warm-ups/:id', may: 'see warm-ups', handle: (req, res) => show(deps, req, res) },
    {
      method: 'post',
      path: '/warm-ups/:id/completion',
      may: 'run warm-ups',
      handle: (req, res) => complete(deps, req, res),
    },
  ];
}

async function list({ db, now }: Deps, req: Request, res: Response): Promise<void> {
  const page = pageOf(req);
  const running = await listWarmups(
    db,
    { statuses: ['planned', 'running', 'paused'] },
    PAGE_SIZE,
    (page - 1) * PAGE_SIZE,
  );
  const today = dayOf(now());
  res.page('warm-ups/list', {
    title: 'Warm-ups',
    warmups: running.map((warmup) => ({ warmup, state: warmupState(warmup, today) })),
    paging: pagingOf('/warm-ups', page, PAGE_SIZE, running.length, await countRunningWarmups(db)),
  });
}

async function show(deps: Deps, req: Request, res: Response, problem: string | null = null): Promise<void> {
  const { db, now, policy } = deps;
  const person = req.person as Person;
  const warmup = await findWarmupFor(db, person, idOf(req));
  if (!warmup) throw new NotFound();
  const { reference } = await findOriginOf(db, warmup);
  const isOwn = person.accountId === warmup.accountId;
  const { schedule } = warmup.plan;
  const today = dayOf(now());
  const state = warmupState(warmup, today);
  res.page(
    'warm-ups/show',
    {
      title: `Warm-up of ${warmup.address}`,
      warmup,
      state,
      today,
      domains: await listDomainNamesOf(db, warmup.allocationId),
      schedule: scheduleWords(schedule, policy.document.schedules[schedule]),
      request: { reference, href: `/${isOwn ? 'requests' : 'review'}/${reference}` },
      mayComplete: state.name === 'through' && can(person, 'run warm-ups'),
      problem,
    },
    problem === null ? 200 : 409,
  );
}

async function complete(deps: Deps, req: Request, res: Response): Promise<void> {
  const id = idOf(req);
  const done = await completeWarmup(deps.db, { person: req.person, at: deps.now() }, id);
  if (done.ok) return res.redirect(303, `/warm-ups/${id}?note=warmup-completed`);
  if (done.problem.name === 'not-found') throw new NotFound();
  await show(deps, req, res, sentenceOf(done.problem));
}

const sentenceOf = (problem: Exclude<CompletionProblem, { name: 'not-found' }>): string =>
  problem.name === 'already-complete'
    ? 'It is marked complete already. Nothing was changed, and nobody was told twice.'
    : 'It cannot be marked complete yet: the last day of its plan has not passed. Nothing was changed.';
