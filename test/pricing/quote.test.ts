import test from 'ava';
import fc from 'fast-check';
import { dayLength } from '../../src/day.ts';
import { formatMoney } from '../../src/money.ts';
import { planOf } from '../../src/policy/document/policy.ts';
import { quote } from '../../src/pricing/quote.ts';
import { customerio, now, sendgrid } from '../policy/facts.ts';

test('C-09: Premium includes three IPs at no extra cost', (t) => {
  const second = quote(customerio, { planKey: 'premium', allocatedCount: 1, ipCount: 1 }, now);
  t.is(second.monthlyCents, 0);
  t.deepEqual(second.lines, [{ ordinal: 2, label: 'second of three included', cents: 0 }]);
  t.is(second.sentence, 'Your Premium plan includes three IPs; this is the second. A fourth would be $50 a month.');
  t.is(quote(customerio, { planKey: 'premium', allocatedCount: 0, ipCount: 3 }, now).monthlyCents, 0);
  t.is(
    quote(customerio, { planKey: 'premium', allocatedCount: 2, ipCount: 1 }, now).sentence,
    'Your Premium plan includes three IPs; this is the third. Another would be $50 a month.',
  );
});

test('C-10: every other IP costs $50 a month', (t) => {
  t.is(quote(customerio, { planKey: 'premium', allocatedCount: 3, ipCount: 2 }, now).monthlyCents, 10_000);
  t.is(quote(customerio, { planKey: 'essentials', allocatedCount: 0, ipCount: 1 }, now).monthlyCents, 5_000);
  t.deepEqual(
    quote(customerio, { planKey: 'premium', allocatedCount: 3, ipCount: 1 }, now).lines[0]?.label,
    'fourth IP, beyond the three included',
  );
  t.is(
    quote(customerio, { planKey: 'premium', allocatedCount: 1, ipCount: 3 }, now).sentence,
    'Your Premium plan includes three IPs; these are the second to fourth: two included, one at $50 a month.',
  );
  t.is(
    quote(customerio, { planKey: 'essentials', allocatedCount: 0, ipCount: 1 }, now).sentence,
    'Your Essentials plan includes no dedicated IPs; this one costs $50 a month.',
  );
});

test('C-10: the sentence says which IPs they are and what each costs', (t) => {
  const said = (plan: string, held: number, count: number, policy = customerio) =>
    quote(policy, { planKey: plan, allocatedCount: held, ipCount: count }, now).sentence;
  t.is(said('essentials', 0, 2), 'Your Essentials plan includes no dedicated IPs; each costs $50 a month.');
  t.is(said('premium', 3, 1), 'Your Premium plan includes three IPs; this is the fourth, at $50 a month.');
  t.is(
    said('premium', 3, 2),
    'Your Premium plan includes three IPs; these are the fourth and fifth, at $50 a month each.',
  );
  t.is(
    said('premium', 2, 3),
    'Your Premium plan includes three IPs; these are the third to fifth: one included, two at $50 a month each.',
  );
  t.is(
    said('premium', 1, 2),
    'Your Premium plan includes three IPs; these are the second and third. Another would be $50 a month.',
  );
  t.is(said('unknown', 0, 1), 'Your unknown plan includes no dedicated IPs; this one costs $50 a month.');
  t.is(
    quote(customerio, { planKey: 'essentials', allocatedCount: 0, ipCount: 1 }, now).lines[0]?.label,
    'first IP, none included',
  );
});

test('C-09: after a plan that includes seven, ten or seventeen IPs comes an eighth, an eleventh, an 18th', (t) => {
  const next = (included: number) => {
    const plans = customerio.plans.map((plan) => ({ ...plan, includedIps: { ...plan.includedIps, value: included } }));
    return /(\w+ \w+) would be/.exec(
      quote({ ...customerio, plans }, { planKey: 'premium', allocatedCount: 0, ipCount: 1 }, now).sentence,
    )?.[1];
  };
  t.deepEqual([7, 10, 17].map(next), ['An eighth', 'An eleventh', 'An 18th']);
  t.deepEqual([2, 8, 11, 18].map(next), ['A third', 'A ninth', 'A twelfth', 'A 19th']);
});

test('S-08: the Pro and Advanced plans of SendGrid include one IP', (t) => {
  for (const plan of ['pro', 'advanced']) {
    const first = quote(sendgrid, { planKey: plan, allocatedCount: 0, ipCount: 1 }, now);
    t.deepEqual([first.includedCount, first.monthlyCents], [1, 0]);
    t.is(first.lines[0]?.label, 'the one included');
  }
});

test('a quote for nothing costs nothing', (t) => {
  t.like(quote(customerio, { planKey: 'premium', allocatedCount: 1, ipCount: 0 }, now), {
    monthlyCents: 0,
    includedCount: 0,
    lines: [],
  });
});

test('S-10: each further IP of SendGrid has an additional monthly charge', (t) => {
  const second = quote(sendgrid, { planKey: 'pro', allocatedCount: 1, ipCount: 1 }, now);
  t.is(second.monthlyCents, sendgrid.extraIpMonthlyCents.value);
  t.true(second.monthlyCents > 0);
});

test('a quote is dated and holds for as long as the policy says', (t) => {
  const { madeAt, validUntil } = quote(customerio, { planKey: 'premium', allocatedCount: 0, ipCount: 1 }, now);
  t.is(madeAt, now);
  t.is(validUntil, now + 14 * dayLength);
});

test('C-09, C-10: a quote is the exact sum of its lines, never falls with the count, and includes no more than the plan', (t) => {
  const few = fc.integer({ min: 0, max: 60 });
  const plans = [customerio, sendgrid].flatMap((policy) => policy.plans.map((plan) => ({ policy, key: plan.key })));
  fc.assert(
    fc.property(
      fc.constantFrom(...plans, { policy: customerio, key: 'unknown' }),
      few,
      few,
      ({ policy, key }, held, count) => {
        const made = quote(policy, { planKey: key, allocatedCount: held, ipCount: count }, now);
        const included = planOf(policy, key)?.includedIps.value ?? 0;
        t.is(made.lines.length, count);
        t.is(
          made.monthlyCents,
          made.lines.reduce((sum, { cents }) => sum + cents, 0),
        );
        t.is(made.monthlyCents, made.unitCents * (count - made.includedCount));
        t.true(made.includedCount <= Math.max(0, included - held));
        t.true(
          quote(policy, { planKey: key, allocatedCount: held, ipCount: count + 1 }, now).monthlyCents >=
            made.monthlyCents,
        );
      },
    ),
  );
});

test('money is shown without cents where there are none', (t) => {
  t.deepEqual(
    [0, 5_000, 1_250, 125_000, 5].map((cents) => formatMoney(cents, 'USD')),
    ['$0', '$50', '$12.50', '$1,250', '$0.05'],
  );
  t.is(formatMoney(4_999, 'EUR'), '€49.99');
});
