// What was on the screen when somebody took a step, so that nobody acts on what has changed since. Pure.
import type { WarmupStatus } from '../state.ts';
import { warmupStatuses } from '../state.ts';
import type { Warmup } from '../store.ts';

export type WarmupBasis = Pick<Warmup, 'status' | 'stage' | 'nextDay'>;

/** Reads what a form carried; null where it is not whole. */
export function readWarmupBasis(body: unknown): WarmupBasis | null {
  const { status, stageSeen, nextDay } = (body ?? {}) as Record<string, unknown>;
  const known = warmupStatuses.find((one) => one === status);
  const [stage, day] = [stageSeen, nextDay].map((one) =>
    typeof one === 'string' && /^\d{1,6}$/.test(one) ? Number(one) : null,
  );
  return known === undefined || stage == null || day == null ? null : { status: known, stage, nextDay: day };
}

const WORDS: Readonly<Record<WarmupStatus, string>> = {
  planned: 'planned',
  running: 'warming up',
  paused: 'paused',
  complete: 'complete',
  ended: 'ended',
};

/** What changed since, a sentence for each difference. */
export function differencesTo(seen: WarmupBasis, now: WarmupBasis): string[] {
  return [
    seen.status === now.status ? null : `It was ${WORDS[seen.status]} and is ${WORDS[now.status]} now.`,
    seen.stage === now.stage ? null : `It was at stage ${seen.stage} and is at stage ${now.stage} now.`,
    seen.nextDay === now.nextDay || seen.stage !== now.stage ? null : 'Another day was judged since.',
  ].filter((one) => one !== null);
}
