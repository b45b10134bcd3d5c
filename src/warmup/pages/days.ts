// What each day of a warm-up came to, as people tell days apart. Pure.
import type { Day } from '../../day.ts';
import type { Verdict } from '../daily/evaluation.ts';
import type { WarmupPlan } from '../plan.ts';

/** A day that was judged: what was allowed, what was counted, what the plan made of it, and why. */
export type WarmupDay = {
  readonly day: Day;
  readonly stage: number;
  /** Messages that the stage allowed, before anything was cut. */
  readonly stageCap: number;
  /** Messages that might go over the IP; 0 while it was paused. */
  readonly cap: number;
  readonly sent: number;
  readonly delivered: number;
  readonly verdict: Verdict;
  readonly why: string;
};

/**
 * `passed`: on to the next stage, or complete. `full`: at the last stage, only the least days are not over.
 * `idle`: no mail. `partly`: its mail adds to the stage, which
 * takes more. `on-hold`: on hold with its whole cap. `cut`: on hold with a part of it. `set-back`: somebody put it back.
 */
export const marks = ['passed', 'partly', 'full', 'idle', 'on-hold', 'cut', 'paused', 'set-back', 'cold'] as const;
export type Mark = (typeof marks)[number];
export type MarkedDay = WarmupDay & { readonly mark: Mark };

/** Tells the days of a plan apart, oldest first as given. `minimumDays`: the policy's least days of a warm-up. */
export function markDays(days: readonly WarmupDay[], plan: WarmupPlan, minimumDays: number): MarkedDay[] {
  return days.map((day, index) => {
    const before = days[index - 1];
    const fellByItself = before?.verdict === 'pause' || before?.verdict === 'step-back';
    const wasSetBack = before !== undefined && day.stage < before.stage && !fellByItself;
    const mark = markOf(day, plan, minimumDays);
    return { ...day, mark: wasSetBack && mark !== 'paused' && mark !== 'cold' ? 'set-back' : mark };
  });
}

function markOf({ day, stage, stageCap, cap, sent, verdict }: WarmupDay, plan: WarmupPlan, minimumDays: number): Mark {
  if (verdict === 'advance' || verdict === 'complete') return 'passed';
  if (verdict === 'step-back') return 'cold';
  if (verdict === 'pause' || cap === 0) return 'paused';
  if (sent === 0) return 'idle';
  if (verdict === 'not-yet') return 'partly';
  if (cap < stageCap) return 'cut';
  return stage >= plan.caps.length && day < plan.startsOn + minimumDays - 1 ? 'full' : 'on-hold';
}

/** Days in a row with the same mark. */
export type Run = { readonly mark: Mark; readonly from: Day; readonly to: Day; readonly why: string };

// Why it was paused is said on the first day, why it is on hold on the last.
const SAID_FIRST: readonly Mark[] = ['paused', 'set-back', 'cold'];

/** The runs of days that did not pass, oldest first. */
export function runsOf(days: readonly MarkedDay[]): Run[] {
  const runs: Run[] = [];
  for (const { day, mark, why } of days) {
    if (mark === 'passed' || mark === 'partly') continue;
    const last = runs.at(-1);
    if (last?.mark === mark && last.to === day - 1)
      runs[runs.length - 1] = { ...last, to: day, why: SAID_FIRST.includes(mark) ? last.why : why };
    else runs.push({ mark, from: day, to: day, why });
  }
  return runs;
}
