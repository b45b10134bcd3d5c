// Warm-ups: the staff's list of those that run, and the page of one.
import type { Request, Response } from 'express';
import type { Person } from '../accounts/person.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import { type Paging, pageOf, pagingOf } from '../web/paging.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { gatherSteps } from './dossier.ts';
import {
  countRunningWarmups,
  findOriginOf,
  findWarmupFor,
  listDomainNamesOf,
  listWarmups,
  type Warmup,
} from './store.ts';
import { type ScheduleWords, scheduleWords, type WarmupState, warmupState } from './words.ts';
import { type Shown, type StepsView, staffSteps, type WarmupEntry } from './words-of-steps.ts';

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
      steps: StepsView;
      /** What happened, newest first. */
      story: readonly WarmupEntry[];
    };
  }
}

const PAGE_SIZE = 50;

export function warmupRoutes(deps: Deps): Route[] {
  return [
    { method: 'get', path: '/warm-ups', may: 'run warm-ups', handle: (req, res) => list(deps, req, res) },
    { method: 'get', path: '/warm-ups/:id', may: 'see warm-ups', handle: (req, res) => showWarmup(deps, req, res) },
  ];
}

async function list({ db }: Deps, req: Request, res: Response): Promise<void> {
  const page = pageOf(req);
  const running = await listWarmups(
    db,
    { statuses: ['planned', 'running', 'paused'] },
    PAGE_SIZE,
    (page - 1) * PAGE_SIZE,
  );
  res.page('warm-ups/list', {
    title: 'Warm-ups',
    warmups: running.map((warmup) => ({ warmup, state: warmupState(warmup) })),
    paging: pagingOf('/warm-ups', page, PAGE_SIZE, running.length, await countRunningWarmups(db)),
  });
}

/** The page of one warm-up. `shown`: a step that one wanted to take, and how it went. */
export async function showWarmup(
  deps: Deps,
  req: Request,
  res: Response,
  shown: Partial<Shown> = {},
  status = 200,
): Promise<void> {
  const { db, now, policy } = deps;
  const person = req.person as Person;
  const warmup = await findWarmupFor(db, person, idOf(req));
  if (!warmup) throw new NotFound();
  const { reference } = await findOriginOf(db, warmup);
  const isOwn = person.accountId === warmup.accountId;
  const { schedule } = warmup.plan;
  const today = dayOf(now());
  const asked = staffSteps.find((name) => name === req.query.step) ?? null;
  res.page(
    'warm-ups/show',
    {
      title: `Warm-up of ${warmup.address}`,
      warmup,
      state: warmupState(warmup),
      today,
      domains: await listDomainNamesOf(db, warmup.allocationId),
      schedule: scheduleWords(schedule, policy.document.schedules[schedule]),
      request: { reference, href: `/${isOwn ? 'requests' : 'review'}/${reference}` },
      ...(await gatherSteps(db, person, warmup, { open: asked, typed: {}, errors: {}, problem: null, ...shown })),
    },
    status,
  );
}
