// The choice and the words of adding an IP at once. Pure.
import test from 'ava';
import fc from 'fast-check';
import { centsOf, lastDayOf, monthOf } from '../../src/charges/ledger.ts';
import { answersOf, readChoice, readConfirmed, typedChoice } from '../../src/requests/buying/form.ts';
import { chargedFrom, priceInWords, prorated } from '../../src/requests/buying/wording.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const dayAt = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
const quoteOf = (monthlyCents: number) => ({ monthlyCents, currency: 'USD' }) as Parameters<typeof priceInWords>[0];
const words = (monthlyCents: number, day: string): string =>
  priceInWords(quoteOf(monthlyCents), prorated({ monthlyCents }, dayAt(day)));

test('S-10: the first month costs the days that are left of it, then the whole price', (t) => {
  t.regex(
    words(5000, '2026-11-29'),
    /^From 29 November on: \$3\.34 for the last two days of November, then \$50 a month\./,
  );
  t.regex(words(5000, '2026-11-30'), /\$1\.67 for the last day of November/);
  t.regex(words(5000, '2026-11-01'), /\$50 for the last 30 days of November/);
  t.is(words(0, '2026-11-29'), 'It is included in your plan and costs nothing.');
});

test('S-10: what is said of the first month is what the ledger charges for it, on any day and at any price', (t) => {
  const days = fc.integer({ min: dayAt('2026-01-01'), max: dayAt('2030-12-31') });
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 100_000_000 }), (from, monthlyCents) => {
      const { to, cents } = prorated({ monthlyCents }, from);
      const wanted = Array.from({ length: to - from + 1 }, (_, i) => centsOf(monthlyCents, from + i, from + i));
      t.is(
        cents,
        wanted.reduce((sum, one) => sum + one, 0),
      );
      t.is(to, lastDayOf(monthOf(from)));
      t.true(cents <= monthlyCents);
    }),
    { numRuns: 200 },
  );
});

test('S-10: it is charged from the first day of its warm-up, or from today without one', (t) => {
  t.is(chargedFrom(null, 20_000), 20_000);
  t.is(chargedFrom({ startsOn: 20_003 } as Parameters<typeof chargedFrom>[0], 20_000), 20_003);
});

test('S-14, S-15: a choice that is typed is read as it was made', (t) => {
  const choice = { domainIds: [3, 7], region: 'eu', automatedWarmup: false } as const;
  t.like(readChoice(typedChoice(choice), sendgrid), { ok: true, value: choice });
  t.like(readChoice({ ...typedChoice(choice), warmup: 'hot' }, sendgrid), { ok: false });
  t.like(readChoice({ ...typedChoice(choice), region: 'mars' }, sendgrid), { ok: false });
  t.like(readChoice({ ...typedChoice(choice), domains: [] }, sendgrid), { ok: false });
  const optional = { ...customerio.warmup.optional, value: false };
  const always = { ...customerio, warmup: { ...customerio.warmup, optional } };
  t.like(
    readChoice(typedChoice(choice), always),
    { value: { automatedWarmup: true } },
    'no choice where there is none',
  );
});

test('what is confirmed has to carry its form and the price that was shown', (t) => {
  const formToken = '11111111-2222-3333-4444-555555555555';
  t.deepEqual(readConfirmed({ formToken, shownCents: '3000' }), { formToken, shownCents: 3000 });
  t.deepEqual(readConfirmed({ formToken: 'x', shownCents: '-1' }), { formToken: undefined, shownCents: null });
  t.deepEqual(readConfirmed(null), { formToken: undefined, shownCents: null });
});

test('volume and kind of mail are those of the chosen domains alone', (t) => {
  const domains = [
    { id: 1, usage: 'marketing', weekly: 60_000 },
    { id: 2, usage: 'marketing', weekly: null },
    { id: 3, usage: 'transactional', weekly: 1_000 },
  ] as const;
  const of = (domainIds: number[]) => answersOf({ domainIds, region: 'us', automatedWarmup: true }, domains, 20_000);
  t.like(of([1, 2]), {
    ipCount: 1,
    stream: 'marketing',
    weeklyVolume: 60_000,
    peakWeeklyVolume: 60_000,
    startsOn: 20_000,
  });
  t.like(of([1, 3]), { stream: 'both', weeklyVolume: 61_000 });
  t.like(of([2]), { weeklyVolume: 1 }, 'a request has a volume');
});
