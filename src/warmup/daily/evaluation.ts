// What the daily evaluation makes of a day: the types. Pure.
import type { PlanState } from '../state.ts';

/** `not-yet`: the day's mail adds to the stage, which takes more. `step-back`: the IP became cold. */
export type Verdict = 'advance' | 'hold' | 'not-yet' | 'step-back' | 'pause' | 'complete';

/** What a day may change of a plan's state. */
export type Next = Pick<
  PlanState,
  | 'plan'
  | 'stage'
  | 'progress'
  | 'carried'
  | 'stageSince'
  | 'limitedOn'
  | 'capPercent'
  | 'slowed'
  | 'idleDays'
  | 'judgedFrom'
  | 'warmedTo'
  | 'remadeOn'
>;
export type Evaluation = Next & {
  readonly verdict: Verdict;
  /** Why, in sentences for the customer and the staff. */
  readonly why: string;
  /** True where the IP became cold: the plan falls back. */
  readonly cold: boolean;
  /** Why the plan was cut, raised, or made again for the sender's rhythm; not given: it was not. */
  readonly remade?: string;
};

/** Ends a step with a verdict and a sentence, with what the day changes besides what it always does. */
export type Say = (verdict: Verdict, why: string, change?: Partial<Next>) => Evaluation;

/** What a day leaves as it was, unless it says otherwise. */
export const nextOf = ({
  plan,
  stage,
  progress,
  carried,
  stageSince,
  limitedOn,
  capPercent,
  slowed,
  idleDays,
  judgedFrom,
  warmedTo,
  remadeOn,
}: Next): Next => ({
  plan,
  stage,
  progress,
  carried,
  stageSince,
  limitedOn,
  capPercent,
  slowed,
  idleDays,
  judgedFrom,
  warmedTo,
  remadeOn,
});
