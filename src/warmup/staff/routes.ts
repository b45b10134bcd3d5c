// What staff do with a warm-up: each step is posted to a path of its own below the warm-up's page.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { type FormResult, readForm, typedOf } from '../../form.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { NotFound } from '../../web/errors.ts';
import { idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { warmupTransitions } from '../lifecycle.ts';
import { showWarmup } from '../pages/routes-show.ts';
import { findWarmup } from '../store.ts';
import { type StaffProblem, type StaffStep, type StaffStepForm, takeStaffStep } from './actions.ts';
import { readWarmupBasis } from './basis.ts';
import { readPlanWish } from './replan.ts';
import { problemWords, STEP_PATHS, staffSteps } from './wording.ts';

export function warmupStepRoutes(deps: Deps): Route[] {
  return staffSteps.map((name) => ({
    method: 'post',
    path: `/warm-ups/:id/${STEP_PATHS[name]}`,
    may: 'run warm-ups',
    handle: (req, res) => take(deps, req, res, name),
  }));
}

const NOTES: Readonly<Record<StaffStep, string>> = {
  pause: 'warmup-paused',
  resume: 'warmup-resumed',
  setBack: 'warmup-set-back',
  replan: 'warmup-replanned',
  propose: 'warmup-proposed',
  agree: 'warmup-completed',
  drop: 'warmup-dropped',
};

async function take(deps: Deps, req: Request, res: Response, name: StaffStep): Promise<void> {
  const { person } = req;
  const id = idOf(req);
  const warmup = await findWarmup(deps.db, id);
  if (!person || !warmup) throw new NotFound();
  const typed = typedOf(req.body);
  const policy = deps.policy.document;
  const form = readStep(req.body, name, policy);
  if (!form.ok) return showWarmup(deps, req, res, { open: name, typed, errors: form.errors, status: 422 });
  const seen = readWarmupBasis(req.body);
  if (seen === null) return showWarmup(deps, req, res, { open: name, typed, problem: INCOMPLETE, status: 409 });
  const done = await takeStaffStep(deps.db, { person, at: deps.now() }, { id, name, ...form.value, seen }, policy);
  if (done.ok) return res.redirect(303, `/warm-ups/${id}?note=${NOTES[name]}`);
  await showProblem(deps, req, res, { name, problem: done.problem });
}

const INCOMPLETE = {
  sentence: 'The page was not complete when it was sent. Nothing was done; look at it again.',
  differences: [],
};

function readStep(
  body: unknown,
  name: StaffStep,
  policy: Policy,
): FormResult<Pick<StaffStepForm, 'reason' | 'stage' | 'replan'>> {
  const form = readForm(body);
  const required = warmupTransitions[name].reason === 'required';
  const reason = form.text('reason', { label: required ? 'Reason' : 'Your words', max: 2000, required });
  if (name === 'replan') {
    const read = readPlanWish(body, policy);
    if (!read.ok) for (const [field, message] of Object.entries(read.errors)) form.fail(field, message);
    return form.result(() => ({ reason, ...(read.ok ? { replan: { wish: read.value, policy } } : {}) }));
  }
  if (name !== 'setBack') return form.result(() => ({ reason }));
  const stage = form.whole('stage', { label: 'Stage', min: 1, max: 1000 }) ?? 0;
  return form.result(() => ({ reason, stage }));
}

async function showProblem(
  deps: Deps,
  req: Request,
  res: Response,
  { name, problem }: { readonly name: StaffStep; readonly problem: StaffProblem },
): Promise<void> {
  if (problem.name === 'not-found') throw new NotFound();
  const typed = typedOf(req.body);
  if (problem.name === 'not-earlier') {
    const errors = { stage: 'Stage must be an earlier one than the plan has reached.' };
    return showWarmup(deps, req, res, { open: name, typed, errors, status: 422 });
  }
  await showWarmup(deps, req, res, { open: name, typed, problem: problemWords(problem), status: 409 });
}
