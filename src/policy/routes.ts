// How requests work: the policy in force, in plain words.
import type { Response } from 'express';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { sharedRules } from '../reputation/wording.ts';
import { evenPattern } from '../sending/pattern.ts';
import { type ScheduleWords, scheduleWords } from '../warmup/pages/wording.ts';
import { type PlannedWarmup, planWarmup } from '../warmup/plan.ts';
import type { Route } from '../web/router.ts';
import {
  courseOf,
  dedicatedRules,
  type PlanRow,
  type Published,
  planRows,
  poolRules,
  sampleVolumes,
} from './document/plain-words.ts';
import { findAdoptedAt } from './store.ts';

declare module '../web/page.ts' {
  interface Views {
    'policy/show': {
      title: string;
      course: readonly Published[];
      dedicated: readonly Published[];
      pool: readonly Published[];
      shared: readonly Published[];
      plans: readonly PlanRow[];
      schedule: ScheduleWords;
      warmups: readonly { readonly weeklyVolume: number; readonly plan: PlannedWarmup }[];
      policy: { readonly title: string; readonly number: number; readonly adoptedAt: number };
    };
  }
}

export function policyRoutes(deps: Deps): Route[] {
  return [{ method: 'get', path: '/policy', may: 'signed in', handle: (_req, res) => show(deps, res) }];
}

async function show({ db, now, policy, calendar }: Deps, res: Response): Promise<void> {
  const { document, id, number } = policy;
  const { schedule } = document.warmup;
  const today = dayOf(now());
  res.page('policy/show', {
    title: 'How requests work',
    course: courseOf(document, calendar),
    dedicated: dedicatedRules(document),
    pool: poolRules(document),
    shared: sharedRules(document),
    plans: planRows(document),
    schedule: scheduleWords(schedule, document.schedules[schedule]),
    warmups: sampleVolumes(document).map((weeklyVolume) => ({
      weeklyVolume,
      plan: planWarmup(document, evenPattern(weeklyVolume, 'measured'), today),
    })),
    policy: { title: document.title, number, adoptedAt: await findAdoptedAt(db, id) },
  });
}
