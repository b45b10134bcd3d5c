// How far an account is from passing a check, where that is a figure. Pure.
import { counted, grouped, percent } from '../../wording.ts';
import type { CheckName } from '../document/check-names.ts';
import type { Policy } from '../document/policy.ts';
import type { Facts, Measured } from './facts.ts';
import { atMost, shown } from './sending.ts';
import { measuredGate } from './volume.ts';

/** What there is beside what is needed. `most`: the need is a limit that must not be passed, not a figure to be reached. */
export type Distance = {
  readonly has: number;
  readonly needs: number;
  readonly most: boolean;
  /** What is left, in words; `met` where nothing is. */
  readonly left: string;
};

/** The distance of a check from its limit; null where the check is not about a figure, or too little was measured. */
export function distanceOf(check: CheckName, policy: Policy, facts: Facts): Distance | null {
  const { measured } = facts;
  const pool = policy.transactionalPool;
  const isPool = facts.kind === 'transactional_pool';
  switch (check) {
    case 'measured-volume': {
      const gate = facts.kind === 'dedicated_ip' ? measuredGate(policy, facts) : null;
      return (
        gate &&
        reach(gate.weekly, gate.needed, (lack) => `${grouped(lack)} ${lack === 1 ? 'email' : 'emails'} a week to go`)
      );
    }
    case 'history': {
      const weeks = measured.weeks.filter(({ sent }) => sent > 0).length;
      return isPool ? reach(weeks, pool.minimumWeeks.value, (lack) => `${counted(lack, 'week')} to go`) : null;
    }
    case 'bounce-rate':
      return rate('bounced', measured, policy, (isPool ? pool : policy).maxBounceRate.value);
    case 'complaint-rate':
      return rate('complained', measured, policy, (isPool ? pool : policy).maxComplaintRate.value);
    default:
      return null;
  }
}

const reach = (has: number, needs: number, left: (lack: number) => string): Distance => ({
  has,
  needs,
  most: false,
  left: has >= needs ? 'met' : left(needs - has),
});

/** A rate of the last 28 days; one of too little mail is not judged. */
function rate(fault: 'bounced' | 'complained', measured: Measured, policy: Policy, limit: number): Distance | null {
  const { sent } = measured;
  if (sent < policy.minimumSample.value || sent === 0) return null;
  const has = measured[fault] / sent;
  const over = measured[fault] - atMost(limit, sent);
  const left =
    over <= 0
      ? 'met'
      : `${counted(over, 'message')} too many of ${grouped(sent)}: ${shown(measured[fault], sent, limit)}, at most ${percent(limit, 4)}`;
  return { has, needs: limit, most: true, left };
}
