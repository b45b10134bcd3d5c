// Answers and allocations as programs read them. Pure.
import { type Day, startOfDay } from '../day.ts';
import type { Policy } from '../policy/document/policy.ts';
import { expectedFinish } from '../warmup/forecast.ts';
import { capOfStage } from '../warmup/state.ts';
import type { RouteAnswer } from './route.ts';
import { capOf, type Ip, type Sender } from './sending-domain.ts';
import { nameOfIp } from './transport-name.ts';
import { reasonOf } from './wording.ts';

/**
 * `via`: `ip`, `pool`, `wait`, `refusal`, or `none` for mail that is not ours. `addresses`: those that the message leaves
 * from, its own first.
 */
export function answerJson(answer: RouteAnswer, sender: Sender, addresses: readonly string[]) {
  const reason = reasonOf(answer, sender);
  const none = { ip: null, pool: null, transport: null, addresses, share: null, cap: null, remaining: null };
  if (answer.via === 'refusal') return { ...none, via: 'refusal', reason };
  const { share, cap, left: remaining } = answer;
  const facts = { share: Number(share.toFixed(6)), cap, remaining, reason };
  if (answer.via === 'ip') {
    const { address } = answer.ip;
    return { ...none, via: 'ip', ip: address, transport: nameOfIp(address), ...facts };
  }
  if (answer.via === 'pool')
    return { ...none, via: 'pool', pool: answer.pool.key, transport: answer.pool.key, ...facts };
  return { ...none, via: 'wait', ...facts };
}

export const NOT_OURS = {
  via: 'none',
  ip: null,
  pool: null,
  transport: null,
  addresses: [],
  share: null,
  cap: null,
  remaining: null,
  reason: 'Unknown sending domain.',
};

export type AllocationFacts = {
  readonly ip: Ip;
  readonly account: string;
  readonly domains: readonly string[];
  /** S-12: whether it was approved without a person. */
  readonly automatic: boolean;
  /** The verdict of the last judged day and why; null: none is judged. */
  readonly verdict: string | null;
  readonly why: string | null;
  /** Messages handed out today. */
  readonly spent: number;
};

const dateOf = (day: Day): string => new Date(startOfDay(day)).toISOString().slice(0, 10);

/** An IP's state: what it may carry today, how far it is, what holds it. */
export function allocationJson(facts: AllocationFacts, today: Day, policy: Pick<Policy, 'warmup' | 'schedules'>) {
  const { ip, account, domains, automatic, verdict, why, spent } = facts;
  const cap = capOf(ip);
  const { warmup } = ip;
  const isOnHold =
    warmup?.status === 'paused' || (warmup?.status === 'running' && verdict !== null && HOLDS.has(verdict));
  return {
    address: ip.address,
    region: ip.region,
    account,
    domains,
    automatic,
    carries: ip.carries ?? 'both',
    status: ip.status,
    hostName: ip.hostName ?? null,
    cap,
    sent: spent,
    remaining: cap === null ? null : Math.max(0, cap - spent),
    holdReason: isOnHold ? why : null,
    warmup: warmup && {
      status: warmup.status,
      stage: warmup.stage,
      stages: warmup.plan.caps.length,
      stageCap: capOfStage(warmup.plan, warmup.stage),
      capPercent: warmup.capPercent,
      slowed: warmup.slowed,
      startsOn: dateOf(warmup.plan.startsOn),
      expectedFinish:
        warmup.status === 'complete' || warmup.status === 'ended'
          ? null
          : dateOf(expectedFinish(warmup, today, policy)),
      plan: { schedule: warmup.plan.schedule, targetPerDay: warmup.plan.targetPerDay, caps: warmup.plan.caps },
    },
  };
}

const HOLDS: ReadonlySet<string> = new Set(['hold', 'step-back', 'pause']);
