// Facts at the limit of each check and on both sides of it.
import type { DedicatedFacts, DomainFacts, Facts } from '../../src/policy/checks/facts.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { acme, customerio, domain, measured, receipts, sendgrid } from './facts.ts';

const account = (plan: string, region: 'us' | 'eu' | null = null) => ({ account: { name: 'Acme', plan, region } });
const standing = (status: 'active' | 'suspended' | 'closed') => ({
  account: { name: 'Acme', plan: 'premium', region: null, status },
});
const mail = (sent: number, bounced: number, complained = 0) => ({
  measured: measured(180_000, { sent, bounced, complained }),
});
const withPlan = (key: string, dedicated: boolean, included: number): Policy => ({
  ...customerio,
  plans: customerio.plans.map((plan) =>
    plan.key === key
      ? {
          ...plan,
          dedicatedIps: { ...plan.dedicatedIps, value: dedicated },
          includedIps: { ...plan.includedIps, value: included },
        }
      : plan,
  ),
});
const selling = (...regions: ('us' | 'eu')[]): Policy => ({
  ...customerio,
  regions: { ...customerio.regions, value: regions },
});
export const withOverflow = (ways: Policy['warmup']['overflow']['value'], pools = customerio.pools): Policy => ({
  ...customerio,
  pools,
  warmup: { ...customerio.warmup, overflow: { ...customerio.warmup.overflow, value: ways } },
});
const poolsIn = (region: 'us' | 'eu') => customerio.pools.filter((pool) => pool.region === region);
const notDefault = customerio.pools.filter(({ kind, region }) => kind !== 'default' || region === 'us');
const onlyTransactional = customerio.pools.filter(({ kind }) => kind === 'transactional');
const unproven = (name: string, ...found: ('spf' | 'dkim' | 'dmarc')[]): DomainFacts =>
  domain(name, { spf: found.includes('spf'), dkim: found.includes('dkim'), dmarc: found.includes('dmarc') });
const noSale: Policy = {
  ...customerio,
  plans: customerio.plans.map((plan) => ({ ...plan, dedicatedIps: { ...plan.dedicatedIps, value: false } })),
};
const asking = (changes: Partial<DedicatedFacts> = {}, asked: Partial<DedicatedFacts['asked']> = {}) =>
  acme({ joined: 0, ...changes }, asked);

const pinned = (...regions: ('us' | 'eu')[]): Policy => ({
  ...customerio,
  pinnedRegions: { ...customerio.pinnedRegions, value: regions },
});

/** Two domains asked for, of `own` a week, on IPs with others of `others` a week. */
const sharing = (joined: number, others: number, own: number, ipCount = 1) =>
  acme(
    {
      joined,
      measured: measured(own + others),
      sharing: {
        names: ['a', 'b', 'c'].map((name) => `${name}.big.example`),
        weekly: others,
        asked: { weekly: own, meanOf: 2 },
      },
    },
    { weeklyVolume: own, ipCount },
  );

/** Domains asked for of which no week was measured, on an IP with another one of which weeks were. */
const sharingUnmeasured = acme({
  measured: measured(60_000),
  sharing: { names: ['big.example'], weekly: 60_000, asked: { weekly: null, meanOf: 0 } },
});
const noted = (name: string, ...wrong: ('spf' | 'dkim' | 'dmarc')[]): DomainFacts => ({
  ...unproven(name, 'dmarc'),
  wrong,
});
const unseen = (name: string): DomainFacts => ({ ...unproven(name), checkedAt: null });

/** Facts by check; where a policy is named, it is asked instead of Customer.io's. */
export const CASES: Readonly<Record<string, readonly (readonly [Facts, Policy?])[]>> = {
  'account-open': [[asking(standing('suspended'))], [receipts(standing('closed'))]],
  subuser: [[acme({ account: { name: 'Labs', plan: 'premium', region: 'us', parentId: 1 } }), sendgrid]],
  'stated-volume': [
    [asking({ measured: measured(50_000) }, { weeklyVolume: 49_999 })],
    [asking({ domains: ['a', 'b', 'c'].map((name) => domain(`${name}.acme.example`)) }, { weeklyVolume: 60_000 })],
    [sharing(1, 100_000, 120_000, 3)],
    [asking({}, { weeklyVolume: 50_000 })],
    [asking({ domains: [domain('shop.acme.example')] }, { weeklyVolume: 49_999 })],
    [acme({ joined: 1 }, { weeklyVolume: 100_000 })],
    [acme({ joined: 2 }, { weeklyVolume: 99_999, ipCount: 3 })],
    [asking({}, { weeklyVolume: 150_000, ipCount: 4 })],
    [asking({}, { weeklyVolume: 400_000, ipCount: 9 })],
    [asking({}, { weeklyVolume: 249_999, ipCount: 5 })],
    [asking({}, { weeklyVolume: 50_000, ipCount: 2 })],
    [asking({ measured: measured(60_000) }, { weeklyVolume: 140_000, ipCount: 3 })],
    [asking({ measured: measured(null) }, { weeklyVolume: 140_000, ipCount: 3 })],
  ],
  'measured-volume': [
    [sharing(1, 10_000, 40_000)],
    [sharing(1, 100_000, 120_000, 3)],
    [sharingUnmeasured],
    [asking({ domains: [] })],
    [sharing(1, 50_000, 50_000)],
    [sharing(1, 1_000_000, 3_000)],
    [sharing(2, 60_000, 80_000)],
    [asking({ measured: measured(50_000) })],
    [asking({ measured: measured(49_999) })],
    [asking({ measured: measured(null) })],
    [acme({ joined: 1, measured: measured(99_999) })],
    [acme({ joined: 3, measured: measured(null) })],
  ],
  'stated-to-measured': [
    [asking({ measured: measured(360_000) }, { weeklyVolume: 180_000 })],
    [asking({ measured: measured(360_001) }, { weeklyVolume: 180_000 })],
    [asking({ measured: measured(90_000) }, { weeklyVolume: 180_000 })],
    [asking({ measured: measured(90_000) }, { weeklyVolume: 180_001 })],
  ],
  'bounce-rate': [
    [asking(mail(1_000, 50))],
    [asking(mail(9_999, 123))],
    [asking(mail(1_000, 51))],
    [asking(mail(999, 0))],
    [asking(mail(100_000, 5_003))],
    [asking(mail(1_000_000, 50_001))],
    [asking(mail(100_000_000, 5_000_001))],
    [asking(mail(1, 1))],
    [asking({ measured: measured(180_000, { sent: 1_000, bounced: 49, asOf: null }) })],
    [receipts(mail(10_000, 200))],
    [receipts(mail(10_000, 201))],
  ],
  'complaint-rate': [
    [asking(mail(10_000, 0, 10))],
    [asking(mail(10_000, 0, 11))],
    [asking(mail(500, 0, 0))],
    [receipts(mail(10_000, 0, 5))],
    [receipts(mail(10_000, 0, 6))],
  ],
  'domains-proven': [
    [asking({ domains: [unseen('a.example')] })],
    [asking({ domains: [unseen('a.example'), domain('b.example')] })],
    [asking({ domains: [unseen('a.example'), unseen('b.example')] })],
    [asking({ domains: [unseen('a.example'), unproven('b.example', 'spf')] })],
    [asking({ domains: [noted('a.example', 'spf', 'dkim')] })],
    [asking({ domains: [noted('a.example', 'spf'), noted('b.example')] })],
    [asking({ domains: [] })],
    [asking({ domains: [domain('shop.acme.example')] })],
    [asking()],
    [asking({ domains: [unproven('shop.acme.example', 'spf', 'dkim')] })],
    [asking({ domains: [unproven('shop.acme.example'), unproven('mail.acme.example', 'dkim', 'dmarc')] })],
    [asking({ domains: [domain('a.example', { checkedAt: null }), domain('b.example')] })],
    [asking({ domains: [domain('a.example'), domain('b.example', { checkedAt: null }), domain('c.example')] })],
    [asking({ domains: [domain('a.example', { checkedAt: 5 }), domain('b.example', { checkedAt: 3 })] })],
    [receipts()],
  ],
  'leaves-pool': [
    [asking({ domains: [domain('pay.acme.example', { route: 'transactional' })] })],
    [
      asking({
        domains: ['pay', 'buy'].map((name) => domain(`${name}.acme.example`, { route: 'transactional' })),
      }),
    ],
  ],
  plan: [
    [asking(account('premium'))],
    [asking(account('essentials'))],
    [asking(account('essentials')), sendgrid],
    [asking(account('pro')), sendgrid],
    [asking(account('gold'))],
    [asking(account('premium')), withPlan('premium', true, 1)],
    [asking(account('premium')), withPlan('premium', false, 0)],
    [asking(account('premium')), noSale],
  ],
  'may-commit': (['admin', 'billing', 'member'] as const).map((role) => [
    asking({ requester: { name: 'Ola Acme', role } }),
    sendgrid,
  ]),
  'ip-count': [
    [asking({}, { ipCount: 5, weeklyVolume: 900_000 })],
    [asking({}, { ipCount: 6, weeklyVolume: 900_000 })],
    [asking({}, { ipCount: 1 }), sendgrid],
    [asking({}, { ipCount: 2 }), sendgrid],
  ],
  'one-open': [[asking()], [asking({ openRequest: 'WD-1042' })], [receipts()], [receipts({ openRequest: 'WD-1043' })]],
  region: [
    [asking({}, { region: 'eu' })],
    [asking(account('premium', 'eu'), { region: 'eu' })],
    [asking(account('premium', 'eu'), { region: 'us' })],
    [asking(account('premium', 'us'), { region: 'eu' })],
    [asking({}, { region: 'us' }), selling('eu')],
    [asking(account('premium', 'us'), { region: 'us' }), selling('eu')],
    [asking({}, { region: 'us' }), selling()],
    [asking({}, { region: 'eu' }), selling('eu')],
    [asking({}, { region: 'eu' }), pinned('eu')],
    [asking(account('premium', 'eu'), { region: 'eu' }), pinned('eu')],
  ],
  'warm-way-out': [
    [asking({ warmIps: 0 })],
    [asking({ warmIps: 2 })],
    [asking({ warmIps: 1 }), withOverflow(['warm-ips'])],
    [asking({ warmIps: 0 }), withOverflow(['warm-ips'])],
    [asking({ warmIps: 1 }), withOverflow(['pool'])],
    [asking({ warmIps: 1 }), withOverflow(['wait'])],
    [asking({ warmIps: 0 }, { region: 'eu' }), withOverflow(['pool'], poolsIn('us'))],
    [asking({ warmIps: 0 }, { region: 'us' }), withOverflow(['warm-ips', 'pool'], poolsIn('eu'))],
    [asking({ warmIps: 0 }, { region: 'eu' }), withOverflow(['pool'], notDefault)],
    [asking({ warmIps: 0 }, { region: 'us' }), withOverflow(['pool'], [])],
    [asking({ warmIps: 0 }, { region: 'us' }), withOverflow(['pool'], onlyTransactional)],
    [
      asking({ warmIps: 0 }, { region: 'eu' }),
      { ...withOverflow(['pool'], poolsIn('us')), regions: selling('eu').regions },
    ],
    [asking({ ...account('premium', 'eu'), warmIps: 2 }, { region: 'us' }), withOverflow(['warm-ips'])],
    [asking({ ...account('premium', 'eu'), warmIps: 2 }, { region: 'eu' }), withOverflow(['warm-ips'])],
    [asking({ ...account('premium', 'us'), warmIps: 2 }, { region: 'us' }), withOverflow(['warm-ips'])],
    [asking({ warmIps: 0 }), sendgrid],
    [asking({ warmIps: 1 }), sendgrid],
  ],
  'new-ips': [
    [asking({ addedThisMonth: 0 }), sendgrid],
    [asking({ addedThisMonth: 1 }), sendgrid],
    [asking({ addedThisMonth: 0 }, { ipCount: 2 }), sendgrid],
  ],
  'free-ips': [
    [asking({ freeIps: 1 }, { ipCount: 1 })],
    [asking({ freeIps: 0 }, { ipCount: 1, region: 'us' })],
    [asking({ freeIps: 1 }, { ipCount: 3 })],
    [asking({ freeIps: 2 }, { ipCount: 3 })],
  ],
  'transactional-only': (['transactional', 'marketing', 'both'] as const).map((usage) => [
    receipts({ domain: domain('receipts.example', { usage }) }),
  ]),
  'route-now': (['default', 'dedicated', 'transactional'] as const).map((route) => [
    receipts({ domain: domain('receipts.example', { usage: 'transactional', route }) }),
  ]),
  history: [
    [receipts()],
    [receipts({ measured: measured(9_000, { weeks: [1, 0, 5].map((sent, i) => ({ from: 20_688 + 7 * i, sent })) }) })],
    [receipts({ measured: measured(9_000, { weeks: [0, 0, 5].map((sent, i) => ({ from: 20_688 + 7 * i, sent })) }) })],
    [receipts({ measured: measured(null) })],
  ],
};

/** Facts of which several checks speak at once. */
export const RECOMMENDED: readonly Facts[] = [
  acme(),
  acme({ joined: 0 }),
  acme({ measured: measured(null) }),
  acme({ addedThisMonth: 1 }),
  acme({ addedThisMonth: 1, freeIps: 0 }, { ipCount: 2, weeklyVolume: 300_000 }),
  acme({ openRequest: 'WD-1042' }),
  acme({ openRequest: 'WD-1042', domains: [], requester: { name: 'Mo', role: 'member' } }),
  acme({ openRequest: 'WD-1042', domains: [], requester: { name: 'Mo', role: 'member' }, ...mail(10_000, 9_000) }),
  acme(
    { openRequest: 'WD-1042', domains: [], requester: { name: 'Mo', role: 'member' }, ...mail(10_000, 900, 900) },
    { weeklyVolume: 5 },
  ),
  receipts(),
  receipts({ domain: domain('receipts.example', { usage: 'transactional', route: 'dedicated' }) }),
];

/** Mails a week for which a number of IPs is recommended. */
export const VOLUMES = [
  0, 49_999, 50_000, 57_692, 57_693, 99_999, 100_000, 21_000_000, 21_000_001, 63_000_000, 70_000_000, 70_000_001,
] as const;
