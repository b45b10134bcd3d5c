// How many IPs suit some mail, in all and by stream (C-08, S-05, S-06).
import test from 'ava';
import fc from 'fast-check';
import { recommendedIps } from '../../src/policy/checks/assess.ts';
import { sizeFor } from '../../src/policy/checks/sizing.ts';
import { customerio, sendgrid } from './facts.ts';

const mail = (marketing: number, transactional = 0) => ({ marketing, transactional });

test('C-08: an IP for every 50,000 a week at most, and none below', (t) => {
  t.like(sizeFor(customerio, mail(49_999)), { most: 0, count: 0, streams: [] });
  t.like(sizeFor(customerio, mail(50_000)), { most: 1, count: 1 });
  t.like(sizeFor(customerio, mail(249_999)), { most: 4, count: 1 });
});

test('S-05: marketing and transactional mail have IPs of their own where the policy advises that and each is enough for one', (t) => {
  const apart = { ...customerio, twoIpsFromMonthlyVolume: { value: 250_000, rule: 'S-05' } };
  t.deepEqual(sizeFor(apart, mail(120_000, 50_000)).streams, [
    { stream: 'marketing', weekly: 120_000, count: 1 },
    { stream: 'transactional', weekly: 50_000, count: 1 },
  ]);
  t.like(sizeFor(apart, mail(120_000, 50_000)), { count: 2, most: 3 });
  t.like(sizeFor(apart, mail(120_000, 49_999)), { most: 3, streams: [] }, 'too little to be apart');
  t.like(sizeFor(customerio, mail(120_000, 50_000)), { count: 1, most: 3, streams: [] }, 'as the check page advises');
});

test('S-05: under SendGrid’s policy from 250,000 a month on', (t) => {
  t.like(sizeFor(sendgrid, mail(57_691, 1)), { most: null, count: 1, streams: [] });
  t.like(sizeFor(sendgrid, mail(57_692, 1)), { count: 2 });
  t.is(sizeFor(sendgrid, mail(57_692, 1)).streams.length, 2);
  t.like(sizeFor(sendgrid, mail(57_693)), { count: 2, streams: [] });
});

test('S-06: one stream’s daily volume is counted by itself', (t) => {
  const week = 3_000_000 * 7;
  t.deepEqual(
    sizeFor(sendgrid, mail(2 * week + 1, week)).streams.map(({ count }) => count),
    [3, 1],
  );
  t.is(sizeFor(sendgrid, mail(0, 0)).count, 0);
});

const some = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400_000 }), fc.integer({ min: 1, max: 400_000_000 }));
/** A policy whose gate is never above what two IPs carry: what any provider would publish. */
const policies = fc
  .record({
    perIp: fc.option(fc.integer({ min: 1, max: 200_000 }), { nil: null }),
    perDay: fc.option(fc.integer({ min: 60_000, max: 5_000_000 }), { nil: null }),
    two: fc.option(fc.integer({ min: 1, max: 2_000_000 }), { nil: null }),
  })
  .map(({ perIp, perDay, two }) => ({
    ...customerio,
    weeklyVolumePerIp: { value: perIp, rule: 'own choice' },
    dailyVolumePerIp: { value: perDay, rule: 'own choice' },
    twoIpsFromMonthlyVolume: { value: two, rule: 'own choice' },
  }));

test('C-08: whatever is sent, no more IPs are advised than the volume is enough for, in all and by stream', (t) => {
  fc.assert(
    fc.property(policies, some, some, (policy, marketing, transactional) => {
      const { count, most, weekly, streams } = sizeFor(policy, { marketing, transactional });
      t.is(weekly, marketing + transactional);
      if (most !== null) t.true(count <= most);
      const perIp = policy.weeklyVolumePerIp.value;
      for (const one of streams) t.true(one.count >= 1 && (perIp === null || one.count * perIp <= one.weekly));
      if (streams.length > 0)
        t.is(
          streams.reduce((sum, one) => sum + one.count, 0),
          count,
        );
    }),
    { numRuns: 500 },
  );
});

test('more mail of either kind never suits fewer IPs', (t) => {
  fc.assert(
    fc.property(policies, some, some, some, some, (policy, marketing, transactional, moreOne, moreOther) => {
      const now = sizeFor(policy, { marketing, transactional }).count;
      const more = sizeFor(policy, { marketing: marketing + moreOne, transactional: transactional + moreOther }).count;
      t.true(more >= now, `${now} before, ${more} with more`);
    }),
    { numRuns: 500 },
  );
});

test('mail of one kind suits as many IPs as the check page advises', (t) => {
  fc.assert(
    fc.property(policies, some, (policy, weekly) => {
      const advised = weekly === 0 ? 0 : recommendedIps(policy, weekly, 'both').count;
      t.is(sizeFor(policy, mail(weekly)).count, advised);
      t.is(sizeFor(policy, mail(0, weekly)).count, advised);
    }),
    { numRuns: 300 },
  );
});
