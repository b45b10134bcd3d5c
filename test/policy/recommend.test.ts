import test from 'ava';
import fc from 'fast-check';
import { assess, recommend, recommendedIps } from '../../src/policy/checks/assess.ts';
import type { DedicatedFacts } from '../../src/policy/checks/facts.ts';
import { acme, customerio, measured, now, sendgrid } from './facts.ts';

const advise = (facts: DedicatedFacts) => recommend(assess(customerio, facts, now), facts);

test('where every check passes, approving is recommended', (t) => {
  t.deepEqual(advise(acme()), {
    verdict: 'approve',
    title: 'Approve one IP.',
    sentence: '173,400 a week were measured: enough for two IPs with one in use today. All 14 checks pass.',
  });
});

test('a check that wants a look is named beside the recommendation', (t) => {
  const { verdict, title, sentence } = advise(acme({ addedThisMonth: 1 }));
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

const rules = (weekly: number, policy = customerio) =>
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
  const { count, reasons } = recommendedIps(customerio, 60_000, 'both');
  t.is(count, 1);
  t.regex(reasons.find(({ rule }) => rule === 'S-05')?.sentence ?? '', /does not allow the second yet\.$/);
});

test('S-06: one IP is recommended for every three million messages a day', (t) => {
  t.is(recommendedIps(customerio, 42_000_000, 'marketing').count, 2);
  t.is(recommendedIps(customerio, 42_000_001, 'marketing').count, 3);
  t.true(rules(42_000_001).includes('S-06'));
});

test('C-08: no IP is recommended below the gate', (t) => {
  t.is(recommendedIps(customerio, 49_999, 'both').count, 0);
  t.is(recommendedIps(customerio, 50_000, 'both').count, 1);
  t.is(rules(49_999)[0], 'C-08');
});

test('C-08: the recommended number never exceeds what the volume allows, and never falls as it grows', (t) => {
  const volume = fc.integer({ min: 0, max: 500_000_000 });
  fc.assert(
    fc.property(volume, volume, (one, other) => {
      const [less, more] = one < other ? [one, other] : [other, one];
      const count = (weekly: number) => recommendedIps(customerio, weekly, 'both').count;
      t.true(count(less) <= count(more));
      t.true(count(more) * customerio.weeklyVolumePerIp.value <= more);
    }),
  );
});

test('S-05: two IPs are recommended from the very volume that the policy names', (t) => {
  const twoIpsFromMonthlyVolume = { ...customerio.twoIpsFromMonthlyVolume, value: 520_000 };
  const count = (weekly: number) =>
    recommendedIps({ ...customerio, twoIpsFromMonthlyVolume }, weekly, 'both').reasons.length;
  t.deepEqual([119_999, 120_000].map(count), [2, 3]);
});
