// One domain, with its counts, as a night judges it. Pure.
import type { Day } from '../../day.ts';
import type { SendingRoute } from '../../policy/checks/facts.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { type Counts, NOTHING } from '../../sending/counts.ts';
import { poolLimits, rated } from '../../sending/rates.ts';
import { judgeNight, type Outcome, type Place } from './judge.ts';

type Placed = {
  readonly route: Exclude<SendingRoute, 'dedicated'>;
  readonly isStopped: boolean;
  readonly place: Place;
};
type Found = { readonly counts: Counts; readonly score: number | null };

/** What the night of a UTC day does with it; `found`: what the night counted, undefined: nothing. */
export function judgeSending(
  { route, isStopped, place }: Placed,
  found: Found | undefined,
  policy: Policy,
  today: Day,
): Outcome {
  // What it sent before stays in its rates: once it is let in again, it is warned first.
  if (isStopped) return { move: 'stay', why: 'It is stopped.', place: { ...place, warnedOn: null } };
  const { counts, score } = found ?? { counts: NOTHING, score: null };
  const limits = poolLimits(policy, route);
  const { reputation } = policy;
  const windowDays = reputation.windowDays.value;
  const night = { today, score, mail: rated(counts, limits), limits, isTiered: route === 'default', windowDays };
  return judgeNight(place, night, reputation);
}
