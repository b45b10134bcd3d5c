// What if a warm-up had another volume, schedule or clock, or a bad day: both curves, for staff.
import type { Request, Response } from 'express';
import type { Person } from '../../accounts/person.ts';
import { type Day, dayOf, weekStart } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { listDayShares } from '../../sending/store-reports.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { type MarkedDay, markDays, type Run, runsOf } from '../pages/days.ts';
import { listDomainIdsOf } from '../pages/store-days.ts';
import { MARKS, scheduleWords } from '../pages/wording.ts';
import { findWarmupFor, type Warmup } from '../store.ts';
import { firstTyped, readWhatIf, weekdaysOf } from './form.ts';
import { simulate, type Trial } from './simulate.ts';
import { type Outcome, outcomeOf, outcomeWords } from './trial.ts';

/** One of the two settings, and what came of it. */
export type Tried = {
  readonly trial: Trial;
  readonly stages: number;
  readonly days: readonly MarkedDay[];
  readonly runs: readonly Run[];
  readonly outcome: Outcome;
  readonly sentence: string;
  /** null: it did not end. */
  readonly finishesOn: Day | null;
};

type Choice = { readonly value: string; readonly label: string };

declare module '../../web/page.ts' {
  interface Views {
    'warm-ups/what-if': {
      title: string;
      warmup: Warmup | null;
      typed: Typed;
      errors: FieldErrors;
      schedules: readonly Choice[];
      providers: readonly Choice[];
      marks: typeof MARKS;
      /** null: what was typed cannot be tried out. */
      tried: { readonly now: Tried; readonly changed: Tried } | null;
    };
  }
}

export function whatIfRoutes(deps: Deps): Route[] {
  return [
    { method: 'get', path: '/warm-ups/what-if', may: 'run warm-ups', handle: (req, res) => whatIf(deps, req, res) },
  ];
}

async function whatIf({ db, now, policy }: Deps, req: Request, res: Response): Promise<void> {
  const { document } = policy;
  const warmupId = idIn(req.query['warmup']);
  const warmup = warmupId === undefined ? null : await findWarmupFor(db, req.person as Person, warmupId);
  if (warmup === undefined) throw new NotFound();
  // Both begin on the same weekday: that of the plan, or the coming Monday.
  const startsOn = warmup?.plan.startsOn ?? weekStart(dayOf(now())) + 7;
  const read = readWhatIf(
    { ...firstTyped(document, warmup, warmup && (await weekdaysIn(db, warmup, dayOf(now())))), ...req.query },
    document,
    startsOn,
  );
  const minimumDays = document.warmup.minimumDays.value;
  const tried = (trial: Trial): Tried => {
    const trialled = simulate(trial, document);
    const days = markDays(trialled.days, trialled.plan, minimumDays);
    const outcome = outcomeOf(trialled, minimumDays);
    const { plan, finishesOn } = trialled;
    const sentence = outcomeWords(outcome, finishesOn !== null);
    return { trial, stages: plan.caps.length, days, runs: runsOf(days), outcome, sentence, finishesOn };
  };
  const providers = document.providers.value.map(({ key: value, name: label }) => ({ value, label }));
  res.page(
    'warm-ups/what-if',
    {
      title: 'What if',
      warmup,
      typed: read.typed,
      errors: read.ok ? {} : read.errors,
      schedules: Object.entries(document.schedules).map(([value, schedule]) => ({
        value,
        label: scheduleWords(value, schedule).title,
      })),
      providers: [...providers, { value: 'other', label: 'Other providers' }],
      marks: MARKS,
      tried: read.ok ? { now: tried(read.value.now), changed: tried(read.value.changed) } : null,
    },
    read.ok ? 200 : 422,
  );
}

/** How the mail of the warm-up's domains fell on weekdays over the last four weeks. */
async function weekdaysIn(db: Deps['db'], warmup: Warmup, today: Day): Promise<string | null> {
  const domainIds = await listDomainIdsOf(db, warmup.allocationId);
  return weekdaysOf(await listDayShares(db, domainIds, warmup.ipId, { since: today - 28, until: today - 1 }));
}
