import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loadPolicy } from '../../src/policy/document/load.ts';
import { planOf, readPolicy } from '../../src/policy/document/policy.ts';
import { acme, customerio, found, policyPath, sendgrid } from './facts.ts';

const copy = () => structuredClone(customerio) as unknown as Record<string, unknown>;
const problems = (json: unknown): string[] => {
  const read = readPolicy(json);
  return read.ok ? [] : read.problem;
};

/** Loads `text` as a policy file in a folder of its own. */
const load = (text: string): string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  try {
    const path = join(folder, 'policy.json');
    writeFileSync(path, text);
    const loaded = loadPolicy(path);
    return loaded.ok ? [] : loaded.problem.map((problem) => problem.replaceAll(folder, '.'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test('the shipped policies are valid, and stay so once stored as one document', (t) => {
  for (const policy of [customerio, sendgrid])
    t.deepEqual(readPolicy(JSON.parse(JSON.stringify(policy))), { ok: true, value: policy });
});

test('the shipped policies state what the seed rules state', (t) => {
  t.deepEqual(customerio.weeklyVolumePerIp, { value: 50_000, rule: 'C-08' });
  t.deepEqual(planOf(customerio, 'premium')?.includedIps, { value: 3, rule: 'C-09' });
  t.deepEqual(customerio.extraIpMonthlyCents, { value: 5_000, rule: 'C-10' });
  t.deepEqual(planOf(sendgrid, 'pro')?.includedIps, { value: 1, rule: 'S-08' });
  t.deepEqual(planOf(sendgrid, 'advanced')?.includedIps, { value: 1, rule: 'S-08' });
  t.deepEqual(sendgrid.mayCommitToCost, { value: ['admin', 'billing'], rule: 'S-11' });
  t.deepEqual(sendgrid.regions, { value: ['us', 'eu'], rule: 'S-14' });
  t.deepEqual(sendgrid.twoIpsFromMonthlyVolume, { value: 250_000, rule: 'S-05' });
  t.deepEqual(sendgrid.dailyVolumePerIp, { value: 3_000_000, rule: 'S-06' });
  t.deepEqual(sendgrid.newIpsPerMonth, { value: 1, rule: 'S-12' });
});

/** Every rule that a value of a policy names, with the path of the value. */
const rulesIn = (value: unknown, path = ''): string[] =>
  value === null || typeof value !== 'object'
    ? []
    : Object.entries(value).flatMap(([key, part]) =>
        key === 'rule' ? [`${path} ${part}`] : rulesIn(part, `${path}.${key}`),
      );

test('each shipped policy carries the rules of its own document and own choices, and nothing of the other’s', (t) => {
  t.deepEqual(
    rulesIn(customerio).filter((each) => !/ (C-\d\d|own choice)$/.test(each) && each !== '.schedules.sendgrid S-20'),
    [],
    'of the schedules that can be chosen beside its own, one is SendGrid’s',
  );
  t.deepEqual(
    rulesIn(sendgrid).filter((each) => !/ (S-\d\d|own choice)$/.test(each)),
    [],
  );
  const none = { value: null, rule: 'own choice' };
  t.deepEqual(
    [customerio.newIpsPerMonth, customerio.mayCommitToCost, customerio.twoIpsFromMonthlyVolume],
    [none, none, none],
  );
  t.deepEqual(sendgrid.weeklyVolumePerIp, none);
});

test('a policy that was adopted with the other’s rules keeps them', (t) => {
  const before = copy() as Record<string, object>;
  const { rule: _, ...pool } = before.transactionalPool as { rule: string };
  const adopted = {
    ...before,
    transactionalPool: pool,
    newIpsPerMonth: { value: 1, rule: 'S-12' },
    mayCommitToCost: { value: ['admin', 'billing'], rule: 'S-11' },
    twoIpsFromMonthlyVolume: { value: 250_000, rule: 'S-05' },
  };
  const read = readPolicy(adopted);
  if (!read.ok) return t.fail(read.problem.join());
  t.is(read.value.transactionalPool.rule, 'C-03');
  t.is(found('new-ips', acme({ addedThisMonth: 1 }), read.value).verdict, 'look');
  t.is(found('may-commit', acme({ requester: { name: 'Mia', role: 'member' } }), read.value).verdict, 'blocks');
});

test('C-03: a policy whose transactional pool is not stricter is refused', (t) => {
  const pool = { ...customerio.transactionalPool, maxBounceRate: customerio.maxBounceRate };
  t.deepEqual(problems({ ...copy(), transactionalPool: pool }), [
    'transactionalPool.maxBounceRate: must be below maxBounceRate: this pool is the stricter one (C-03)',
  ]);
});

test('C-14: a growth schedule in which more volume takes longer is refused', (t) => {
  const { longest, shortest } = customerio.schedules.growth as { longest: object; shortest: object };
  const growth = { ...customerio.schedules.growth, longest: shortest, shortest: longest };
  t.deepEqual(problems({ ...copy(), schedules: { growth } }), [
    'schedules.growth.shortest.days: must not be above longest.days (C-14)',
    'schedules.growth.shortest.weeklyVolume: must be above longest.weeklyVolume (C-14)',
  ]);
});

test('a checklist that holds up an approval leaves nothing that is approved without a person', (t) => {
  const automaticApproval = { value: { afterMinutes: 1, maxIps: 1, in30Days: 1 }, rule: 'own choice' };
  const selfService = { value: { ipsPerMonth: 1 }, rule: 'S-12' };
  const under = (dedicated_ip: string[], required: boolean) => ({
    ...{ ...copy(), automaticApproval, selfService },
    checklist: { value: { dedicated_ip, transactional_pool: ['Read the site.'], required }, rule: 'own choice' },
  });
  t.deepEqual(problems(under(['Read the site.'], false)), []);
  t.deepEqual(problems(under([], true)), [], 'the list of another kind of request');
  const why = 'must be null where checklist.value.required is true, since a person goes through the list';
  t.deepEqual(problems(under(['Read the site.'], true)), [`automaticApproval: ${why}`, `selfService: ${why}`]);
});

test('a broken policy is refused with every problem, each led by its path', (t) => {
  const { regions: _, ...rest } = copy();
  const broken = {
    ...rest,
    colour: 'red',
    currency: 'dollars',
    weeklyVolumePerIp: 50_000,
    dailyVolumePerIp: { value: 3_000_000 },
    maxIpsPerRequest: { value: 2.5, rule: 'own choice' },
    automaticApproval: { value: { afterMinutes: 0, maxIps: 9, in30Days: 1 }, rule: 'S-12' },
    newIpsPerMonth: { value: 1, rule: 'because' },
    mayCommitToCost: { value: ['owner'], rule: 'S-11' },
    maxBounceRate: { value: 5, rule: 'own choice' },
    plans: [...customerio.plans, { ...customerio.plans[0], includedIps: { value: -1, rule: 'C-09' } }],
    warmup: { ...customerio.warmup, schedule: 'fast' },
  };
  t.deepEqual(problems(broken).sort(), [
    'automaticApproval.value.afterMinutes: must be at least 1',
    'automaticApproval.value.maxIps: must not be above maxIpsPerRequest',
    'colour: is not known here',
    'currency: must be a currency such as USD',
    'dailyVolumePerIp.rule: needs the rule that it comes from, such as "C-08", or "own choice"',
    'maxBounceRate.value: must be at most 1 (write 5 % as 0.05)',
    'maxIpsPerRequest.value: must be a whole number',
    'mayCommitToCost.value.0: must be one of admin, billing, member',
    'newIpsPerMonth.rule: must be a rule number such as "C-08", or "own choice"',
    'plans.3.includedIps.value: must not be negative',
    'plans.3.key: "essentials" is the key of an earlier plan',
    'regions: must be written {"value": …, "rule": "C-08"} or {"value": …, "rule": "own choice"}',
    'warmup.schedule: names "fast", which is not among the schedules',
    'weeklyVolumePerIp: must be written {"value": …, "rule": "C-08"} or {"value": …, "rule": "own choice"}',
  ]);
});

test('what isn’t a policy at all is refused, whatever it is', (t) => {
  for (const json of [null, undefined, 7, 'policy', [], {}]) t.true(problems(json).length > 0);
});

test('a policy file that is missing or not JSON is named', (t) => {
  const missing = loadPolicy('/nowhere/policy.json');
  t.deepEqual(missing, { ok: false, problem: ['the file /nowhere/policy.json cannot be read'] });
  t.regex(load('{"name": ')[0] ?? '', /^the file \.\/policy\.json is not JSON: /);
});

test('a schedule file that is missing is named once, with every other problem', (t) => {
  const policy = JSON.parse(readFileSync(policyPath('customerio'), 'utf8'));
  const schedules = { growth: policy.schedules.growth, sparkpost: 'gone.json' };
  t.deepEqual(
    load(JSON.stringify({ ...policy, schedules, warmup: { ...policy.warmup, schedule: 'mailgun' }, currency: 1 })),
    [
      'schedules.sparkpost: the file gone.json cannot be read'.replace('gone', './gone'),
      'currency: must be a text',
      'warmup.schedule: names "mailgun", which is not among the schedules',
    ],
  );
});
