// What staff do with a warm-up: pause, resume, set back, complete early. Each is one step of the lifecycle.
import type { Actor, Person } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import type { AuditFacts } from '../../audit/event.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import { hasPoolIn, poolTakesBeyondWarm } from '../../policy/document/overflow.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { showsNothing } from '../../visible.ts';
import { listAccountRegions } from '../daily/store-whole.ts';
import { limitWords } from '../daily/throttled-providers.ts';
import { stateFacts } from '../forecast.ts';
import { barToTransition, type WarmupBar, type WarmupTransitionName, warmupTransitions } from '../lifecycle.ts';
import type { NotificationFacts } from '../notify.ts';
import type { StateFacts } from '../state.ts';
import { lockWarmup, moveWarmup, type Warmup, type WarmupChange } from '../store.ts';
import { followUp } from '../transition.ts';
import { differencesTo, type WarmupBasis } from './basis.ts';
import { type PlanWish, replanned } from './replan.ts';

export type StaffStep = Exclude<
  WarmupTransitionName,
  'begin' | 'brake' | 'cool' | 'follow' | 'stand' | 'reopen' | 'recool' | 'alarm' | 'complete' | 'end' | 'askToGoOn'
>;

/** A step that staff hand in, for the warm-up `id`. `stage`: to which it is set back; `replan`: with that step alone. */
export type StaffStepForm = {
  readonly id: number;
  readonly name: StaffStep;
  readonly seen: WarmupBasis;
  readonly reason: string;
  readonly stage?: number;
  /** What a new plan is for, and by which policy. */
  readonly replan?: { readonly wish: PlanWish; readonly policy: Policy };
};

/** Why a step was not taken. `changed`: what was on the screen has changed, a sentence for each difference. */
export type StaffProblem =
  | { readonly name: 'not-found' }
  | { readonly name: WarmupBar }
  | { readonly name: 'changed'; readonly differences: readonly string[] }
  | { readonly name: 'reason-missing' }
  | { readonly name: 'not-earlier' };

type Staff = Actor & { readonly person: Person };
type Rules = Pick<Policy, 'warmup' | 'schedules' | 'pools' | 'providers'>;

/**
 * Takes a step of the staff's, bound to what was on the screen; all or nothing. `policy`: the one in force, for
 * the day on which the plan is expected to end, and for the limits that stay when it is completed early. R-05: nobody takes one on an IP of their own account.
 */
export function takeStaffStep(db: Db, actor: Staff, step: StaffStepForm, policy: Rules) {
  const { id, name } = step;
  return act<Warmup, StaffProblem, Staff>(db, actor, async (act) => {
    const { refuse } = act;
    const before = await lockFor(act, step);
    const reason = step.reason.trim();
    if (warmupTransitions[name].reason === 'required' && showsNothing(reason))
      return refuse({ name: 'reason-missing' });
    const kept = name === 'agree' ? await limitsKept(act.trx, before, policy) : {};
    const change = changeBy(step, before, actor, kept);
    if (change === null) return refuse({ name: 'not-earlier' });
    const { to } = warmupTransitions[name];
    const after: Warmup = { ...before, ...change, status: to === 'same' ? before.status : to };
    const move = { from: before.status, to: after.status, at: actor.at };
    if (!(await moveWarmup(act.trx, id, move, change))) return refuse({ name: 'not-open' });
    const stateNow = stateFacts(after, dayOf(actor.at), policy);
    await followUp(
      act,
      name,
      { before, after },
      {
        facts: factsOf(name, before, after),
        notifications: {
          ...notificationsOf({ before, after }, stateNow, reason, actor.person),
          'warmup-complete': { early: true, reason, limits: limitWords(after.slowed, policy) },
        },
        message: reason,
      },
    );
    return after;
  });
}

/** Locks the warm-up and makes sure that the actor may take the step now, on what was on the screen. */
async function lockFor(
  { trx, actor, refuse }: Act<StaffProblem, Staff>,
  { id, name, seen }: StaffStepForm,
): Promise<Warmup> {
  const warmup = await lockWarmup(trx, id);
  if (!warmup) return refuse({ name: 'not-found' });
  const bar = barToTransition(name, warmup, actor.person);
  if (bar !== null && bar !== 'not-open') return refuse({ name: bar });
  const differences = differencesTo(seen, warmup);
  if (differences.length > 0) return refuse({ name: 'changed', differences });
  return bar === null ? warmup : refuse({ name: bar });
}

/** The limits of slowed providers that outlive the plan, as where it completes by itself: those whose rest a pool takes. */
async function limitsKept(
  trx: Db,
  { allocationId, slowed }: Warmup,
  { warmup, pools }: Rules,
): Promise<Warmup['slowed']> {
  if (!poolTakesBeyondWarm(warmup)) return {};
  const regions = await listAccountRegions(trx, [allocationId]);
  return hasPoolIn(pools, regions.get(allocationId) ?? null) ? slowed : {};
}

/** What a step changes besides the status; null where the stage named is not an earlier one. `slowed`: the limits that outlive the plan. */
function changeBy(
  { name, stage, replan }: StaffStepForm,
  before: Warmup,
  actor: Staff,
  slowed: Warmup['slowed'],
): WarmupChange | null {
  // The mail of today may have been sent before the step, under another stage: rates are of whole days after it.
  const today = dayOf(actor.at);
  const afresh = { capPercent: 100, judgedFrom: today + 1, stageSince: today + 1, limitedOn: today };
  switch (name) {
    case 'pause':
      return {};
    case 'resume':
      // What paused it is settled, and no day since is judged.
      return { ...afresh, verdict: null, why: null };
    case 'setBack':
      return stage !== undefined && Number.isInteger(stage) && stage >= 1 && stage < before.stage
        ? { ...afresh, stage, progress: 0 }
        : null;
    case 'replan':
      if (replan === undefined) throw new Error('a new plan has to be for something');
      return replanned(before, replan.wish, replan.policy, today);
    case 'propose':
      return { early: { by: actor.person.id, at: actor.at } };
    case 'agree':
      // Two of the staff answer for its whole volume, but not for a provider that defers mail.
      return { early: null, slowed, warmedTo: Math.max(before.plan.targetPerDay, before.carried) };
    case 'drop':
      return { early: null };
  }
}

function factsOf(name: StaffStep, before: Warmup, { address, stage, plan }: Warmup): AuditFacts[keyof AuditFacts] {
  switch (name) {
    case 'pause':
      return { address, stage, why: null };
    case 'setBack':
      return { address, before: before.stage, stage };
    case 'replan':
      return { address, before: before.plan.targetPerDay, target: plan.targetPerDay, finishesOn: plan.finishesOn };
    case 'resume':
    case 'propose':
      return { address, stage };
    case 'agree':
      return { address, early: true };
    case 'drop':
      return { address };
  }
}

function notificationsOf(
  { before, after }: { readonly before: Warmup; readonly after: Warmup },
  stateNow: StateFacts,
  reason: string,
  by: Person,
): NotificationFacts {
  const { stage, stages } = stateNow;
  return {
    'warmup-paused': { stage, stages, why: null, reason },
    'warmup-resumed': { ...stateNow, reason },
    'warmup-set-back': { ...stateNow, before: before.stage, paused: after.status === 'paused', reason },
    'warmup-replanned': {
      ...stateNow,
      before: before.plan.targetPerDay,
      target: after.plan.targetPerDay,
      paused: after.status === 'paused',
      reason,
    },
    'warmup-early-proposed': { ...stateNow, by: by.name, reason },
  };
}
