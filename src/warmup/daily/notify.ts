// What follows from the days that were judged: each step of the lifecycle with its allocation, record and mails.
import type { Act } from '../../act.ts';
import { dayOf } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { stateFacts } from '../forecast.ts';
import type { Warmup } from '../store.ts';
import { followUpTogether, type Moved } from '../transition.ts';
import type { Still } from './stands-still.ts';
import { type Judged, listInFull } from './store.ts';
import { limitWords } from './throttled-providers.ts';

/** The steps of the lifecycle that a day may bring about, in the order in which they are taken. */
const CHANGES = ['follow', 'brake', 'cool', 'stand', 'complete'] as const;
export type Change = (typeof CHANGES)[number];

/** A plan after its day, and the steps of the lifecycle that the day brought about. */
export type Outcome = { readonly judged: Judged; readonly changes: readonly Change[]; readonly still: Still | null };

type Rules = Pick<Policy, 'warmup' | 'providers' | 'schedules'>;
type Known = Outcome & { readonly after: Warmup };

/** Carries out the steps of the lifecycle. IPs of one account that complete in the same night are one mail. */
export async function announceAll(act: Act, outcomes: readonly Outcome[], policy: Rules) {
  const changed = outcomes.filter(({ changes }) => changes.length > 0);
  const ids = changed.map(({ judged }) => judged.after.id);
  const full = new Map((await listInFull(act.trx, ids)).map((one) => [one.id, one]));
  const known = changed.flatMap((outcome): Known[] => {
    const after = full.get(outcome.judged.after.id);
    return after ? [{ ...outcome, after }] : [];
  });
  for (const change of CHANGES) {
    const moved = known
      .filter(({ changes }) => changes.includes(change))
      .map((outcome) => movedBy(change, outcome, { policy, at: act.actor.at }));
    const groups =
      change === 'complete' ? Map.groupBy(moved, ({ after }) => after.accountId).values() : moved.map((one) => [one]);
    for (const together of groups) await followUpTogether(act, change, together);
  }
}

function movedBy(
  change: Change,
  { judged, changes, still, after }: Known,
  { policy, at }: { readonly policy: Rules; readonly at: number },
): Moved {
  const { why, remade = '' } = judged.step;
  const before: Warmup = { ...after, ...judged.before };
  const { address, stage, status } = after;
  const stateNow = stateFacts(after, dayOf(at), policy);
  const idleDays = before.idleDays + 1;
  const { why: stood, help } = still ?? { why, help: '' };
  const facts = {
    follow: { address, why: remade },
    brake: { address, stage, why },
    cool: { address, idleDays },
    complete: { address },
    stand: { address, stage, why: stood },
  };
  return {
    before,
    // What else the day did is a step of its own.
    after: change === 'follow' ? { ...after, status: before.status } : after,
    facts: facts[change],
    isMailed: !(change === 'follow' && changes.includes('complete')),
    notifications: {
      'warmup-followed': { ...stateNow, why: remade, paused: status === 'paused' },
      'warmup-paused': { stage, stages: stateNow.stages, why, reason: '' },
      'warmup-to-resume': { stage, stages: stateNow.stages, why },
      'warmup-cold': { ...stateNow, idleDays, paused: status === 'paused' },
      'warmup-complete': { early: false, reason: remade, limits: limitWords(after.slowed, policy) },
      'warmup-stands': { stage, stages: stateNow.stages, why: stood, help },
      'warmup-to-look-at': { why: stood, help },
    },
  };
}
