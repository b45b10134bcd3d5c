// S-02: how many messages a day an account may send over shared pools, by its reputation. Pure.
import type { Policy } from '../policy/document/policy.ts';

/** `step`: which of the policy's steps the score reaches, 0 the lowest; null: it is not judged. `perDay` null: no limit. */
export type DailyLimit = { readonly step: number | null; readonly perDay: number | null };

export const NO_LIMIT: DailyLimit = { step: null, perDay: null };

/**
 * The limit that a score sets; `usual`: messages over shared pools on the busiest of the last days. A limit follows the
 * sender and is never below what its step lets everybody send. A better score never has a lower limit.
 */
export function limitFor(
  score: number | null,
  usual: number,
  { dailyLimits: { value: limits } }: Policy['reputation'],
): DailyLimit {
  if (limits === null) return NO_LIMIT;
  const step = score === null ? null : limits.steps.findLastIndex(({ from }) => score >= from);
  const rule = step === null ? limits.unjudged : (limits.steps[step] ?? limits.unjudged);
  if (rule.perDay === null) return { step, perDay: null };
  return { step, perDay: Math.max(rule.perDay, Math.ceil(rule.timesUsual * usual)) };
}

/** Whether an account is to be told of its limit tonight: it reached a lower step, which limits it. */
export function isLowered(before: DailyLimit | null, now: DailyLimit): boolean {
  if (now.step === null || now.perDay === null) return false;
  if (before === null) return true;
  // The first score after too little mail is news only where it allows less than that did.
  if (before.step === null) return before.perDay === null || now.perDay < before.perDay;
  return now.step < before.step;
}

/** From this part of a limit on, people are told before it bites. */
export const NEAR = 0.8;

/** Messages from which a day's limit counts as nearly reached. */
export const nearOf = (perDay: number): number => Math.floor(perDay * NEAR);
