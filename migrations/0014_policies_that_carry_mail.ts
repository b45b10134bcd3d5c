import type { Knex } from 'knex';

// What the shipped policies said of these when they began to say it.
const POOLS = ['shared', 'transactional'].flatMap((kind) =>
  ['us', 'eu'].map((region) => ({
    key: `${kind}-${region}`,
    kind: kind === 'shared' ? 'default' : kind,
    region,
    addresses: [],
  })),
);
const PROVIDERS = {
  value: [
    { key: 'gmail', name: 'Gmail', domains: ['gmail.com', 'googlemail.com'], mx: ['google.com', 'googlemail.com'] },
    {
      key: 'microsoft',
      name: 'Microsoft',
      domains: ['outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'outlook.de', 'hotmail.co.uk', 'hotmail.fr'],
      mx: ['outlook.com'],
    },
    {
      key: 'yahoo',
      name: 'Yahoo',
      domains: ['yahoo.com', 'ymail.com', 'aol.com', 'yahoo.co.uk', 'yahoo.de', 'yahoo.fr'],
      mx: ['yahoodns.net'],
    },
    { key: 'apple', name: 'Apple', domains: ['icloud.com', 'me.com', 'mac.com'], mx: ['icloud.com'] },
  ],
  rule: 'own choice',
};
const WARMUP = {
  clock: { value: 'progress', rule: 'own choice' },
  passedShare: { value: 0.9, rule: 'own choice' },
  countsFrom: { value: 0.1, rule: 'own choice' },
  minimumDays: { value: 30, rule: 'C-14' },
  coldAfterIdleDays: { value: 30, rule: 'own choice' },
  judgeAfterHours: { value: 2, rule: 'own choice' },
  overflow: { value: ['warm-ips', 'pool', 'wait'], rule: 'C-15' },
  brakes: {
    windowDays: { value: 7, rule: 'own choice' },
    minimumSample: { value: 100, rule: 'own choice' },
    minimumComplaintSample: { value: 1000, rule: 'own choice' },
    bounce: { hold: { value: 0.05, rule: 'own choice' }, pause: { value: 0.1, rule: 'own choice' } },
    complaint: { hold: { value: 0.001, rule: 'own choice' }, pause: { value: 0.003, rule: 'own choice' } },
    deliveryHold: { value: 0.9, rule: 'own choice' },
    deferralSlow: { value: 0.2, rule: 'own choice' },
    weakFrom: { value: 0.5, rule: 'own choice' },
    weakCap: { value: 0.75, rule: 'own choice' },
    heldCap: { value: 0.5, rule: 'own choice' },
  },
};

/** Versions that are stored stay readable: they get the parts that a policy has from here on. */
export async function up(db: Knex): Promise<void> {
  for (const { id, document } of await db('policy_versions').select('id', 'document')) {
    const policy = JSON.parse(document);
    const whole = { pools: POOLS, providers: PROVIDERS, ...policy, warmup: { ...WARMUP, ...policy.warmup } };
    await db('policy_versions')
      .where({ id })
      .update({ document: JSON.stringify(whole) });
  }
}

export async function down(db: Knex): Promise<void> {
  for (const { id, document } of await db('policy_versions').select('id', 'document')) {
    const { pools, providers, warmup, ...policy } = JSON.parse(document);
    const before = { ...policy, warmup: { schedule: warmup.schedule } };
    await db('policy_versions')
      .where({ id })
      .update({ document: JSON.stringify(before) });
  }
}
