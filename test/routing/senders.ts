// Senders made up for the pure rule: accounts, domains and IPs in any state.

import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import type { Account, Ip, Sender } from '../../src/routing/sending-domain.ts';
import type { PlanState } from '../../src/warmup/state.ts';
import { climbing } from '../support/climbing.ts';

const read = loadPolicy(policyPath('customerio'));
if (!read.ok) throw new Error(read.problem.join('\n'));
export const policy = read.value;

/** The policy with another order of overflow, or without some of its pools. */
export const withOverflow = (...value: typeof policy.warmup.overflow.value) => ({
  ...policy,
  warmup: { ...policy.warmup, overflow: { value, rule: 'own choice' } },
});

export const planState = (cap: number, target: number, change: Partial<PlanState> = {}): PlanState => ({
  ...climbing(target, 20_000),
  // Enough for every stage.
  carried: 1_000_000_000,
  status: 'running',
  clock: 'progress',
  plan: { schedule: 'growth', targetPerDay: target, startsOn: 20_000, finishesOn: 20_001, caps: [cap, target] },
  stage: 1,
  capPercent: 100,
  slowed: {},
  idleDays: 0,
  nextDay: 20_000,
  judgedFrom: 20_000,
  ...change,
});

export const ip = (id: number, change: Partial<Ip> = {}): Ip => ({
  id,
  address: `192.0.2.${id}`,
  region: 'us',
  allocationId: id,
  status: 'active',
  warmup: planState(1000, 1000, { status: 'complete', stage: 2 }),
  ...change,
});

/** An IP that may carry `cap` of `target` messages today. */
export const warming = (id: number, cap: number, target: number, change: Partial<Ip> = {}): Ip =>
  ip(id, { status: 'warming', warmup: planState(cap, target), ...change });

export function sender(change: Partial<Omit<Sender, 'account'>> & { account?: Partial<Account> } = {}): Sender {
  const ips = change.ips ?? [];
  const { account, ...rest } = change;
  return {
    id: 1,
    name: 'news.acme.example',
    usage: 'both',
    route: ips.length > 0 ? 'dedicated' : 'default',
    sharedPool: 'default',
    ...rest,
    ips,
    account: { id: 1, region: null, ips, ...account },
  };
}
