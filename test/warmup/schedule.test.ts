import test from 'ava';
import fc from 'fast-check';
import type { Policy } from '../../src/policy/document/policy.ts';
import { planWarmup, stageOn } from '../../src/warmup/plan.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const monday = 20_780;
const sparkpost: Policy = { ...customerio, warmup: { ...customerio.warmup, schedule: 'sparkpost' } };
const days = (policy: Policy, weekly: number): number => planWarmup(policy, weekly, monday).caps.length;
const volume = fc.integer({ min: 1, max: 1_000_000_000 });

test('C-14: warm-up takes 45 days at 50,000 a week and 30 from 1,000,000 on', (t) => {
  t.is(days(customerio, 50_000), 45);
  t.is(days(customerio, 1_000_000), 30);
  t.is(days(customerio, 12_000), 45);
  t.is(days(customerio, 2_400_000), 30);
  t.is(days(customerio, 223_607), 37, 'half way on the logarithmic scale');
});

test('C-14: more volume never takes longer, and every plan takes 30 to 45 days', (t) => {
  fc.assert(
    fc.property(volume, volume, (one, other) => {
      t.true(days(customerio, Math.max(one, other)) <= days(customerio, Math.min(one, other)));
      t.true(days(customerio, one) >= 30 && days(customerio, one) <= 45);
    }),
  );
});

for (const [name, policy] of Object.entries({ growth: customerio, sendgrid, sparkpost })) {
  test(`S-20: the ${name} schedule raises messages a day over a set period, never above the target`, (t) => {
    fc.assert(
      fc.property(volume, fc.integer({ min: 0, max: 40_000 }), (weekly, startsOn) => {
        const { caps, targetPerDay, finishesOn } = planWarmup(policy, weekly, startsOn);
        t.true(caps.every((cap, i) => Number.isInteger(cap) && cap >= 1 && cap >= (caps[i - 1] ?? 0)));
        t.true(caps.every((cap) => cap <= targetPerDay));
        t.is(caps.at(-1), targetPerDay);
        t.true(targetPerDay * 7 >= weekly && (targetPerDay - 1) * 7 < weekly);
        t.is(finishesOn, startsOn + caps.length - 1);
      }),
    );
  });
}

test('S-20: growth starts small and rises by the same share every day', (t) => {
  const { caps } = planWarmup(customerio, 90_000, monday);
  t.is(caps[0], 200);
  const shares = caps.slice(1).map((cap, i) => cap / (caps[i] ?? 1));
  t.true(shares.every((share) => share > 1.09 && share < 1.12));
});

test('S-20: the 42 published hourly rows of SendGrid are climbed as far as the volume needs', (t) => {
  const table = sendgrid.schedules.sendgrid;
  t.is(table?.kind === 'table' ? table.rows.length : 0, 42);
  t.deepEqual(planWarmup(sendgrid, 14_000, monday).caps, [480, 672, 936, 1_320, 1_848, 2_000]);
});

test('S-20: the 30 stages of SparkPost are 29 volumes and the end', (t) => {
  const table = sparkpost.schedules.sparkpost;
  t.is(table?.kind === 'table' ? table.rows.length : 0, 29);
  const { caps } = planWarmup(sparkpost, 140_000_000, monday);
  t.is(caps.length, 30);
  t.deepEqual(caps.slice(-2), [10_000_000, 20_000_000]);
});

test('a plan says its stage on every day: none before, done after', (t) => {
  const plan = planWarmup(customerio, 50_000, monday);
  t.deepEqual(stageOn(plan, monday - 1), { stage: 0, cap: 0, done: false });
  t.deepEqual(stageOn(plan, monday), { stage: 1, cap: 200, done: false });
  t.deepEqual(stageOn(plan, plan.finishesOn), { stage: 45, cap: 7_143, done: false });
  t.deepEqual(stageOn(plan, plan.finishesOn + 1), { stage: 45, cap: 7_143, done: true });
});
