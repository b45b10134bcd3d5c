import test from 'ava';
import fc from 'fast-check';
import { assess, recommend, recommendedIps } from '../../src/policy/checks/assess.ts';
import type { DedicatedFacts } from '../../src/policy/checks/facts.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { acme, customerio, measured, now, sendgrid } from './facts.ts';

const advise = (facts: DedicatedFacts, policy = customerio) => recommend(assess(policy, facts, now), facts);

test('where every check passes, approving is recommended', (t) => {
  t.deepEqual(advise(acme()), {
    verdict: 'approve',
    title: 'Approve one IP.',
    sentence: '173,400 a week were measured: enough for two IPs with one in use today. All twelve checks pass.',
  });
});

test('a check that wants a look is named beside the recommendation', (t) => {
  const { verdict, title, sentence } = advise(
    acme({ addedThisMonth: 1, account: { name: 'Acme Shop', plan: 'pro', region: 'eu' } }),
    sendgrid,
  );
  t.deepEqual([verdict, title], ['look', 'Approve one IP.']);
  t.regex(sentence, /One check needs a look: new IPs this month \(1 added, 1 asked for\)\.$/);
});

test('a failed check speaks for declining, and the sentence names it', (t) => {
  const { verdict, title, sentence } = advise(acme({ measured: measured(62_000) }, { weeklyVolume: 110_000 }));
  t.deepEqual([verdict, title], ['decline', 'Decline, or ask.']);
  t.is(
    sentence,
    'Measured volume: 62,000 a week from shop.acme.example and mail.acme.example, mean of 4 weeks; needed: ≥ 100,000 for 2 IPs.',
  );
});

const rules = (weekly: number, policy: Policy) =>
  recommendedIps(policy, weekly, 'both').reasons.map(({ rule }) => rule);

test('S-05: from 250,000 a month two IPs are recommended, one for marketing and one for transactional mail', (t) => {
  t.is(recommendedIps(sendgrid, 57_692, 'both').count, 1);
  t.is(recommendedIps(sendgrid, 57_693, 'both').count, 2);
  const reason = recommendedIps(sendgrid, 57_693, 'both').reasons.find(({ rule }) => rule === 'S-05');
  t.regex(
    reason?.sentence ?? '',
    /^From 250,000 a month, two IPs are recommended, one for marketing and one for transactional/,
  );
});

test('S-05: advice that the gate forbids is told, not counted', (t) => {
  const weeklyVolumePerIp = { value: 50_000, rule: 'own choice' };
  const { count, reasons } = recommendedIps({ ...sendgrid, weeklyVolumePerIp }, 60_000, 'both');
  t.is(count, 1);
  t.regex(reasons.find(({ rule }) => rule === 'S-05')?.sentence ?? '', /does not allow the second yet\.$/);
});

test('S-06: one IP is recommended for every three million messages a day', (t) => {
  t.is(recommendedIps(sendgrid, 42_000_000, 'marketing').count, 2);
  t.is(recommendedIps(sendgrid, 42_000_001, 'marketing').count, 3);
  t.true(rules(42_000_001, sendgrid).includes('S-06'));
});

test('S-08: under SendGrid one IP suits any volume, and no gate is among the reasons', (t) => {
  t.deepEqual(
    [0, 1, 24_999].map((weekly) => recommendedIps(sendgrid, weekly, 'marketing').count),
    [1, 1, 1],
  );
  t.deepEqual(rules(24_999, sendgrid), ['S-06']);
});

test('C-08: Customer.io’s advice is its gate and our own choice of a day’s mail, nothing of SendGrid’s', (t) => {
  t.deepEqual(rules(100_000_000, customerio), ['C-08', 'own choice', 'own choice']);
  t.is(recommendedIps(customerio, 14_000_000, 'both').count, 1);
  t.is(recommendedIps(customerio, 14_000_001, 'both').count, 2);
});

test('C-08: no IP is recommended below the gate', (t) => {
  t.is(recommendedIps(customerio, 49_999, 'both').count, 0);
  t.is(recommendedIps(customerio, 50_000, 'both').count, 1);
  t.is(rules(49_999, customerio)[0], 'C-08');
});

test('C-08: the recommended number never exceeds what the volume allows, and never falls as it grows', (t) => {
  const volume = fc.integer({ min: 0, max: 500_000_000 });
  fc.assert(
    fc.property(volume, volume, (one, other) => {
      const [less, more] = one < other ? [one, other] : [other, one];
      const count = (weekly: number) => recommendedIps(customerio, weekly, 'both').count;
      t.true(count(less) <= count(more));
      t.true(count(more) * 50_000 <= more);
    }),
  );
});

test('S-05: two IPs are recommended from the very volume that the policy names', (t) => {
  const twoIpsFromMonthlyVolume = { value: 520_000, rule: 'S-05' };
  const count = (weekly: number) => recommendedIps({ ...sendgrid, twoIpsFromMonthlyVolume }, weekly, 'both').count;
  t.deepEqual([119_999, 120_000].map(count), [1, 2]);
});

test('a policy without a volume for a day says nothing of days, and one that advises two IPs says whether they are allowed', (t) => {
  const without = { ...customerio, dailyVolumePerIp: { value: null, rule: 'own choice' as const } };
  const { count, reasons } = recommendedIps(without, 900_000, 'both');
  t.is(count, 1);
  t.deepEqual(
    reasons.map(({ rule }) => rule),
    ['C-08'],
  );
  const two = { ...without, twoIpsFromMonthlyVolume: { value: 250_000, rule: 'S-05' as const } };
  const said = (weekly: number) => recommendedIps(two, weekly, 'both').reasons.at(-1)?.sentence ?? '';
  t.regex(said(100_000), /one for marketing and one for transactional mail\.$/);
  t.regex(said(99_999), /; your volume does not allow the second yet\.$/);
});
