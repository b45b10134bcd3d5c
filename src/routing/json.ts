// Answers and allocations as programs read them. Pure.
import { type Day, startOfDay } from '../day.ts';
import { capOfStage, expectedFinish } from '../warmup/state.ts';
import type { Answer } from './route.ts';
import { capOf, type Ip, type Sender } from './sending-domain.ts';
import { nameOfIp } from './transport-name.ts';
import { reasonOf } from './wording.ts';

/**
 * `via`: `ip`, `pool`, `wait`, `refusal`, or `none` for mail that is not ours. `addresses`: those that the message leaves
 * from, its own first.
 */
export function answerJson(answer: Answer, sender: Sender, addresses: readonly string[]) {
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
  reason: 'The sender’s domain is none of ours.',
};

export type AllocationFacts = {
  readonly ip: Ip;
  readonly account: string;
  readonly domains: readonly string[];
  /** The verdict of the last judged day and why; null: none is judged. */
  readonly verdict: string | null;
  readonly why: string | null;
  /** Messages handed out today. */
  readonly spent: number;
};

const dateOf = (day: Day): string => new Date(startOfDay(day)).toISOString().slice(0, 10);

/** An IP's state: what it may carry today, how far it is, what holds it. */
export function allocationJson(facts: AllocationFacts, today: Day, minimumDays: number) {
  const { ip, account, domains, verdict, why, spent } = facts;
  const cap = capOf(ip);
  const { standing } = ip;
  const isHeld =
    standing?.status === 'paused' || (standing?.status === 'running' && verdict !== null && HOLDS.has(verdict));
  return {
    address: ip.address,
    region: ip.region,
    account,
    domains,
    status: ip.status,
    cap,
    sent: spent,
    remaining: cap === null ? null : Math.max(0, cap - spent),
    holdReason: isHeld ? why : null,
    warmup: standing && {
      status: standing.status,
      stage: standing.stage,
      stages: standing.plan.caps.length,
      stageCap: capOfStage(standing.plan, standing.stage),
      capPercent: standing.capPercent,
      slowed: standing.slowed,
      startsOn: dateOf(standing.plan.startsOn),
      expectedFinish: standing.status === 'complete' ? null : dateOf(expectedFinish(standing, today, minimumDays)),
      plan: { schedule: standing.plan.schedule, targetPerDay: standing.plan.targetPerDay, caps: standing.plan.caps },
    },
  };
}

const HOLDS: ReadonlySet<string> = new Set(['hold', 'step-back', 'pause']);
