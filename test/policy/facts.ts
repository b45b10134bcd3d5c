import { fileURLToPath } from 'node:url';
import { assess } from '../../src/policy/checks/assess.ts';
import type { DedicatedFacts, DomainFacts, Measured, PoolFacts } from '../../src/policy/checks/facts.ts';
import type { Finding } from '../../src/policy/checks/finding.ts';
import { loadPolicy } from '../../src/policy/document/load.ts';
import type { Policy } from '../../src/policy/document/policy.ts';

/** Saturday, 21 November 2026, 09:12 UTC. */
export const now = Date.UTC(2026, 10, 21, 9, 12);

export const policyPath = (name: string): string =>
  fileURLToPath(new URL(`../../seeds/policies/${name}.json`, import.meta.url));

const shipped = (name: string): Policy => {
  const loaded = loadPolicy(policyPath(name));
  if (!loaded.ok) throw new Error(loaded.problem.join('\n'));
  return loaded.value;
};

export const customerio = shipped('customerio');
export const sendgrid = shipped('sendgrid');

export const domain = (name: string, changes: Partial<DomainFacts> = {}): DomainFacts => ({
  name,
  usage: 'marketing',
  spf: true,
  dkim: true,
  dmarc: true,
  checkedAt: now - 720_000,
  route: 'default',
  ...changes,
});

export const measured = (weekly: number | null, changes: Partial<Measured> = {}): Measured => ({
  weeks: Array.from({ length: 12 }, (_, i) => ({ from: 20_688 + i * 7, sent: weekly ?? 0 })),
  weekly,
  meanOf: weekly === null ? 0 : 4,
  sent: (weekly ?? 0) * 4,
  bounced: 0,
  complained: 0,
  asOf: now - 11_520_000,
  ...changes,
});

/** Acme as in the demo: Premium, one IP allocated, a second asked for; every check passes. */
export const acme = (
  changes: Partial<DedicatedFacts> = {},
  asked: Partial<DedicatedFacts['asked']> = {},
): DedicatedFacts => ({
  kind: 'dedicated_ip',
  asked: {
    ipCount: 1,
    region: 'eu',
    weeklyVolume: 180_000,
    automatedWarmup: true,
    peakWeeklyVolume: 320_000,
    stream: 'marketing',
    startsOn: 20_780,
    ...asked,
  },
  account: { name: 'Acme Shop', plan: 'premium', region: null },
  requester: { name: 'Ola Acme', role: 'admin' },
  allocated: 1,
  joined: 1,
  sharing: null,
  warmIps: 1,
  addedThisMonth: 0,
  measured: measured(173_400),
  domains: [domain('shop.acme.example'), domain('mail.acme.example')],
  freeIps: 14,
  openRequest: null,
  ...changes,
});

/** A separate transactional domain that asks for the pool; every check passes. */
export const receipts = (changes: Partial<PoolFacts> = {}): PoolFacts => ({
  kind: 'transactional_pool',
  asked: { weeklyVolume: 9_000 },
  account: { name: 'Receipts', plan: 'essentials', region: null },
  requester: { name: 'Rae Receipts', role: 'admin' },
  domain: domain('receipts.example', { usage: 'transactional' }),
  measured: measured(9_000),
  openRequest: null,
  ...changes,
});

/** The finding of one check. */
export const found = (check: string, facts: DedicatedFacts | PoolFacts, policy = customerio): Finding => {
  const finding = assess(policy, facts, now).find((each) => each.check === check);
  if (!finding) throw new Error(`No finding of ${check}`);
  return finding;
};
