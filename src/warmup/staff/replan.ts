// A plan that staff make again, for another volume, schedule or rhythm: from the level that its IP has. Pure.
import type { Day } from '../../day.ts';
import { type FormResult, readForm, type Typed } from '../../form.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { type Pattern, statedPattern } from '../../sending/pattern.ts';
import { daysAhead, expectedFinish } from '../forecast.ts';
import { planWarmup } from '../plan.ts';
import type { PlanState } from '../state.ts';

/** What the new plan is for. `weekdays`: 0 Monday … 6 Sunday. `everyDays`: 7, or days from one mailing to the next. */
export type PlanWish = {
  readonly schedule: string;
  readonly busiest: number;
  readonly everyDays: number;
  readonly weekdays: readonly number[];
};

const RHYTHMS = ['7', '14', '30'] as const;
const MOST = 1_000_000_000;

/** Half-way between what the form offers, so that a pattern's period takes the nearest choice. */
const BETWEEN_7_AND_14 = 11;
const BETWEEN_14_AND_30 = 22;

/** What the form says at first: the plan's own schedule, for what the sender usually mails. */
export function typedFrom({ plan, pattern }: Pick<PlanState, 'plan' | 'pattern'>): Typed {
  const isWeekly = pattern.kind === 'weekdays';
  const days = isWeekly
    ? pattern.usual.flatMap((sent, at) => (sent * 2 >= pattern.busiest ? [String(at + 1)] : []))
    : [];
  return {
    schedule: plan.schedule,
    busiest: String(pattern.busiest),
    everyDays: isWeekly || pattern.period < BETWEEN_7_AND_14 ? '7' : pattern.period < BETWEEN_14_AND_30 ? '14' : '30',
    weekdays: days,
  };
}

/** Reads what the plan is to be for. */
export function readPlanWish(body: unknown, policy: Pick<Policy, 'schedules'>): FormResult<PlanWish> {
  const form = readForm(body);
  const schedule = form.choice('schedule', { label: 'a schedule', among: Object.keys(policy.schedules) });
  const busiest = form.whole('busiest', { label: 'Messages on the busiest day', min: 1, max: MOST });
  const everyDays = Number(form.choice('everyDays', { label: 'how often they send', among: RHYTHMS }) ?? 7);
  const days = everyDays > 7 ? [] : form.ids('weekdays', { label: 'Days' });
  if (days.some((day) => day > 7)) form.fail('weekdays', 'Days: choose from the list.');
  return form.result(() => ({
    schedule: schedule ?? '',
    busiest: busiest ?? 1,
    everyDays,
    weekdays: days.map((day) => day - 1),
  }));
}

export type Replanned = Pick<
  PlanState,
  'plan' | 'pattern' | 'stage' | 'progress' | 'stageSince' | 'limitedOn' | 'remadeOn'
>;

/**
 * The plan from the day after `today` on. What the IP carried stays its level: it goes on at the first stage above that, and no
 * day carries more than its days so far allow. Rates, cuts and pauses stay as they are.
 */
export function replanned(state: PlanState, wish: PlanWish, policy: Policy, today: Day): Replanned {
  const { schedule, busiest, everyDays, weekdays } = wish;
  const pattern: Pattern = statedPattern({ busiest, weekdays, everyDays });
  const from = today + 1;
  const warmup = { ...policy.warmup, schedule, clock: { ...policy.warmup.clock, value: state.clock } };
  const { caps, targetPerDay, byHour = false } = planWarmup({ ...policy, warmup }, pattern, from);
  const stage = Math.min(caps.length, caps.filter((cap) => cap <= state.carried).length + 1);
  const { startsOn } = state.plan;
  const made: Replanned = {
    plan: { schedule, targetPerDay, startsOn, finishesOn: from, caps, byHour },
    pattern,
    stage,
    progress: 0,
    stageSince: from,
    limitedOn: today,
    // Staff know more than was measured: their plan stands for a while before it follows the rhythm.
    remadeOn: today,
  };
  const finishesOn = expectedFinish({ ...state, ...made, status: 'running' }, from, policy);
  return { ...made, plan: { ...made.plan, finishesOn } };
}

/** A curve of what days may carry, from a day on. */
export type Curve = {
  readonly from: Day;
  readonly values: readonly number[];
  readonly finishesOn: Day;
  readonly stages: number;
};

/** What lies ahead of a plan, running from `today` on: its days' caps up to its end. */
export function curveOf(state: PlanState, today: Day, policy: Pick<Policy, 'warmup' | 'schedules'>): Curve {
  const from = Math.max(today, state.stageSince, state.plan.startsOn);
  const { days, finishesOn } = daysAhead(state, from, policy);
  return { from, values: days.map(({ cap }) => cap), finishesOn, stages: state.plan.caps.length };
}

/** What the form of a new plan shows: both curves where what was typed can be planned. */
export type ReplanView = {
  readonly typed: Typed;
  readonly schedules: readonly { readonly value: string; readonly label: string }[];
  readonly now: Curve;
  /** null: what was typed cannot be planned. */
  readonly again: Curve | null;
};

/** The view of a new plan as it is typed; of what the sender usually mails where nothing was. */
export function replanView(
  state: PlanState,
  typed: Typed,
  policy: Policy,
  { today, titleOf }: { readonly today: Day; readonly titleOf: (schedule: string) => string },
): { readonly view: ReplanView; readonly errors: Readonly<Record<string, string>> } {
  const isTyped = typed['busiest'] !== undefined;
  const shown = isTyped ? typed : { ...typedFrom(state), ...typed };
  const read = readPlanWish(shown, policy);
  const planned = read.ok ? { ...state, ...replanned(state, read.value, policy, today) } : null;
  const view = {
    typed: shown,
    schedules: Object.keys(policy.schedules).map((value) => ({ value, label: titleOf(value) })),
    now: curveOf(state, today, policy),
    again: planned && curveOf(planned, today, policy),
  };
  return { view, errors: read.ok ? {} : read.errors };
}
