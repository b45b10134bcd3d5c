// The daily evaluation: what a plan makes of what was counted on a day. Pure: the same day gives the same step, in production and in a simulation.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { type Counts, sumOf } from '../../sending/counts.ts';
import { counted, percent } from '../../wording.ts';
import { carriedToBegin, coldAfter, stageAtMost } from '../climb.ts';
import { expectedFinish } from '../forecast.ts';
import type { PlanState } from '../state.ts';
import type { DayFacts } from './day-facts.ts';
import { type Evaluation, type Next, nextOf, type Say } from './evaluation.ts';
import { followSender } from './follow-sender.ts';
import { progress } from './progress.ts';
import { judgeRates } from './rates.ts';
import { slow } from './throttled-providers.ts';

type Rules = Pick<Policy, 'warmup' | 'providers' | 'schedules'>;

const NOT_JUDGED = 'Staff resumed the warm-up or set it back after this day began, so the day is not judged.';
const PASSES_NOTHING = 'Staff planned the warm-up again after this day began, so its mail passes no stage.';

/**
 * Judges one day of a plan that runs or is paused: at most one stage on; on hold, cut, stepped back or paused by what went
 * wrong (S-26); complete at the target volume and not before the policy's least days (C-14). Too little mail fails
 * nothing: it adds up. Providers that defer are slowed by themselves, without holding the plan. A day before
 * `judgedFrom` moves nothing, one before `stageSince` can only brake.
 */
export function evaluateDay(before: PlanState, facts: DayFacts, policy: Rules): Evaluation {
  const { warmup } = policy;
  const today = sumOf(Object.values(facts.counts));
  const idleDays = today.sent === 0 ? before.idleDays + 1 : 0;
  const isPaused = before.status === 'paused';
  if (!isPaused && facts.day < before.judgedFrom)
    return { ...nextOf(before), idleDays, verdict: 'hold', why: NOT_JUDGED, cold: false };
  if (idleDays >= coldAfter(warmup.coldAfterIdleDays.value, before.pattern.period) && before.stage > 1)
    return coldAgain(before, idleDays, facts.day);

  const followed = isPaused ? { state: before, sentence: '' } : followSender(before, facts, policy);
  const step = judgeDay(followed, facts, today, policy);
  if (followed.sentence === '') return step;
  if (step.verdict === 'complete') return { ...step, remade: followed.sentence };
  return {
    ...step,
    plan: forecastAgain({ ...followed.state, ...nextOf(step) }, facts.day, policy),
    remade: followed.sentence,
  };
}

/** The plan with the day on which it is forecast to be complete from the next day on. */
const forecastAgain = (state: PlanState, day: Day, policy: Rules): PlanState['plan'] => ({
  ...state.plan,
  finishesOn: expectedFinish(state, day + 1, policy),
});

function judgeDay(
  followed: ReturnType<typeof followSender>,
  facts: DayFacts,
  today: Counts,
  { warmup, providers }: Rules,
): Evaluation {
  const { state } = followed;
  const isPaused = state.status === 'paused';
  const idleDays = today.sent === 0 ? state.idleDays + 1 : 0;
  const { slowed, sentence: slowing } = slow(state, facts, { warmup, providers });
  const next: Next = { ...nextOf(state), idleDays, slowed };
  const say: Say = (verdict, why, change = {}) => ({
    ...next,
    ...change,
    verdict,
    // Limits of providers that end with the plan are not news.
    why: [followed.sentence, why, change.slowed === undefined ? slowing : ''].filter(Boolean).join(' '),
    cold: false,
  });
  if (isPaused)
    return say(
      'hold',
      today.sent === 0
        ? 'Paused: nothing goes over the IP.'
        : 'Paused before the day’s mail was judged, so the stage is on hold.',
    );
  const braked = today.sent === 0 && state.clock === 'progress' ? null : brake(state, facts, today, { warmup, say });
  if (braked !== null) return braked;
  return facts.day < state.stageSince ? say('hold', PASSES_NOTHING) : progress(state, facts, today, { warmup, say });
}

/** Receivers have forgotten the IP: it warms again from half of what it had carried, by the plan's own stages. */
function coldAgain(before: PlanState, idleDays: number, day: Day): Evaluation {
  const { plan } = before;
  const stage = Math.min(before.stage, stageAtMost(plan, before.carried / 2));
  const where = stage === 1 ? 'at its first stage' : `at stage ${stage}, half of what it had carried`;
  return {
    ...nextOf(before),
    stage,
    progress: 0,
    carried: stage === 1 ? 0 : carriedToBegin(plan, stage),
    stageSince: day + 1,
    limitedOn: day,
    capPercent: 100,
    slowed: {},
    idleDays: 0,
    judgedFrom: day + 1,
    verdict: 'step-back',
    why: `No mail went over the IP for ${counted(idleDays, 'day')}, so receivers have forgotten it: warm-up begins again ${where}.`,
    cold: true,
  };
}

/** What bad rates make of a day; null where they are good. */
function brake(
  state: PlanState,
  facts: DayFacts,
  today: Counts,
  { warmup, say }: { readonly warmup: Policy['warmup']; readonly say: Say },
): Evaluation | null {
  const { brakes } = warmup;
  const rates = judgeRates(sumOf(Object.values(facts.window)), brakes, facts.day - state.judgedFrom + 1);
  if (rates.pause !== null) return paused(state, facts.day, rates.pause);
  const cut = (share: number) => ({ capPercent: Math.round(share * 100), progress: 0 });
  if (rates.hold !== null) {
    const change = cut(brakes.heldCap.value);
    return say('hold', `${rates.hold} The stage is on hold at ${change.capPercent} % of its cap.`, change);
  }
  if (rates.weak !== null) {
    const change = cut(brakes.weakCap.value);
    return say(
      'hold',
      `${rates.weak} The stage is on hold at ${change.capPercent} % of its cap, before it gets worse.`,
      change,
    );
  }
  const undelivered = deliveryFault(judgedMail(today, facts.counts, state.slowed), brakes);
  return undelivered === null ? null : say('hold', undelivered, { progress: 0 });
}

/** One stage back, until somebody has looked at it. Nothing goes to any provider now, so none is slowed by itself. */
function paused(state: PlanState, day: Day, sentence: string): Evaluation {
  const stage = Math.max(1, state.stage - 1);
  const back = stage < state.stage ? 'The plan goes one stage back and is paused' : 'The plan is paused';
  return {
    ...nextOf(state),
    stage,
    progress: 0,
    stageSince: day + 1,
    limitedOn: day,
    capPercent: 100,
    judgedFrom: day + 1,
    verdict: 'pause',
    why: `${sentence} ${back} until somebody has looked at it.`,
    cold: false,
  };
}

/**
 * The day's mail by which delivery is judged: without the providers that are slowed by themselves, as long as the
 * others got at least half of it. What most of the mail meets concerns the whole plan.
 */
function judgedMail(all: Counts, counts: DayFacts['counts'], slowed: PlanState['slowed']): Counts {
  const others = sumOf(Object.entries(counts).flatMap(([key, one]) => (key in slowed ? [] : [one])));
  return others.sent * 2 >= all.sent ? others : all;
}

/** The sentence where too little of the day's mail was delivered. */
function deliveryFault({ sent, delivered }: Counts, brakes: Policy['warmup']['brakes']): string | null {
  const { minimumSample, deliveryHold } = brakes;
  if (sent < minimumSample.value || delivered / sent > deliveryHold.value) return null;
  return `Only ${percent(delivered / sent, 2)} of the day’s mail was delivered; it takes more than ${percent(deliveryHold.value)}. The stage is on hold.`;
}
