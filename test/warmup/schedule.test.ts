import test from 'ava';
import fc from 'fast-check';
import type { Policy } from '../../src/policy/document/policy.ts';
import { evenPattern, type Pattern, statedPattern } from '../../src/sending/pattern.ts';
import { type PlannedWarmup, planWarmup } from '../../src/warmup/plan.ts';
import { patternOf } from '../../src/warmup/simulation/simulate.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const monday = 20_780;
const sparkpost: Policy = { ...customerio, warmup: { ...customerio.warmup, schedule: 'sparkpost' } };
const week = (weekly: number, ...days: number[]): Pattern =>
  patternOf(
    weekly,
    days.map((part) => part / days.reduce((sum, one) => sum + one, 0)),
  );
const measured = (pattern: Pattern): Pattern => ({ ...pattern, basis: 'measured' });
const each = (everyDays: number, busiest: number): Pattern =>
  measured(statedPattern({ busiest, weekdays: [], everyDays }));
const lengthOf = ({ startsOn, finishesOn }: PlannedWarmup): number => finishesOn - startsOn + 1;
const days = (pattern: Pattern, startsOn = monday): number => lengthOf(planWarmup(customerio, pattern, startsOn));
const even = (weekly: number): number => days(evenPattern(weekly, 'measured'));
const volume = fc.integer({ min: 1, max: 1_000_000_000 });

test('C-14: mail on all days alike takes 45 days at 50,000 a week and 30 from 1,000,000 on', (t) => {
  t.is(even(50_000), 45);
  t.is(even(1_000_000), 30);
  t.is(even(12_000), 45);
  t.is(even(2_400_000), 30);
  t.is(even(223_607), 37, 'half way on the logarithmic scale');
});

test('C-14: a warm-up is forecast in the days on which mail comes', (t) => {
  const within = (pattern: Pattern, least: number, most: number) => {
    // From February on: no holidays.
    for (let start = monday + 70; start < monday + 77; start += 1) {
      const took = days(pattern, start);
      t.true(took >= least && took <= most, `${took} days from ${start - monday}`);
    }
  };
  within(week(50_000, 1, 1, 1, 1, 1, 0, 0), 45, 50);
  within(week(50_000, 0, 1, 0, 1, 0, 0, 0), 45, 52);
  within(week(50_000, 0, 1, 0, 0, 0, 0, 0), 57, 66);
  within(week(1_000_000, 0, 1, 0, 0, 0, 0, 0), 57, 66);
  within(each(14, 100_000), 115, 130);
});

test('C-14: over Christmas a forecast counts on no mailing of those who do not mail every day, with the same stages', (t) => {
  const always: Policy = {
    ...customerio,
    warmup: { ...customerio.warmup, restDays: { value: [], rule: 'own choice' } },
  };
  const thursdays = week(50_000, 0, 1, 0, 1, 0, 0, 0);
  for (const start of [monday, monday + 10]) {
    const [rests, mails] = [planWarmup(customerio, thursdays, start), planWarmup(always, thursdays, start)];
    t.deepEqual(rests.caps, mails.caps);
    t.true(rests.finishesOn >= mails.finishesOn + 5 && rests.finishesOn <= mails.finishesOn + 9, '24 and 31 December');
    t.is(lengthOf(rests), rests.daily.length);
  }
  const every = evenPattern(50_000, 'measured');
  t.deepEqual(planWarmup(customerio, every, monday), planWarmup(always, every, monday));
  const spring = monday + 70;
  t.deepEqual(planWarmup(customerio, thursdays, spring), planWarmup(always, thursdays, spring));
});

test('C-14: a statement that may come the day before a plan begins is not counted on; one that is known by its weeks is', (t) => {
  const statements = (period: number, last: number): Pattern =>
    ({ ...each(period, 200_000), kind: 'mailings', last }) as Pattern;
  const spring = monday + 70;
  const ends = (period: number, last: number) => planWarmup(customerio, statements(period, last), spring).finishesOn;
  // Due two days after the first, or three.
  t.true(ends(30.4, spring - 28) > ends(30.4, spring - 27) + 20);
  t.is(ends(14, spring - 12), ends(14, spring - 13) + 1);
});

test('C-14: a weekly newsletter takes nine mailings, and so do fortnightly mail and a monthly statement', (t) => {
  for (const pattern of [week(50_000, 0, 1, 0, 0, 0, 0, 0), each(14, 100_000), each(30.4, 200_000)]) {
    const { caps } = planWarmup(customerio, pattern, monday);
    t.is(caps.length, 9);
    t.is(caps.at(-1), pattern.busiest);
  }
});

test('C-14: beyond a million a mailing each further doubling is one more mailing', (t) => {
  const stages = (weekly: number) => planWarmup(customerio, week(weekly, 0, 1, 0, 0, 0, 0, 0), monday).caps.length;
  t.is(stages(1_024_000), 9);
  t.is(stages(1_024_001), 10);
  t.is(stages(2_048_000), 10);
  t.is(stages(2_048_001), 11);
});

test('a first stage above 200 needs measured mail, so that overstating buys nothing', (t) => {
  const pattern = week(1_000_000, 0, 1, 0, 0, 0, 0, 0);
  t.is(planWarmup(customerio, pattern, monday).caps[0], 3_907);
  const stated = planWarmup(customerio, { ...pattern, basis: 'stated' }, monday);
  t.is(stated.caps[0], 200);
  t.is(stated.caps.length, 14);
});

const parts = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 7 })
  .filter((one) => one.some(Boolean));
const alike = parts.map((some) => some.map((part) => Math.min(part, 1)));
const bounded = fc.integer({ min: 1_000, max: 1_000_000 });
const start = fc.integer({ min: monday, max: monday + 6 });

test('C-14: for one pattern of measured mail, more volume is never forecast longer', (t) => {
  const span = (pattern: readonly number[], [one, other]: [number, number], from: number) => {
    const busiest = (mail: number) => week(mail * pattern.reduce((sum, part) => sum + part, 0), ...pattern);
    return [busiest(Math.min(one, other)), busiest(Math.max(one, other))].map((each) => days(each, from));
  };
  fc.assert(
    fc.property(alike, fc.tuple(bounded, bounded), start, (pattern, mails, from) => {
      const [less = 0, more = 0] = span(pattern, mails, from);
      t.true(more <= less, `${less} days, with more mail ${more}`);
    }),
  );
  // From spring on: a plan that is cut where mail rests over Christmas may end two weeks before another one.
  fc.assert(
    fc.property(parts, fc.tuple(bounded, bounded), start, (pattern, mails, from) => {
      const most = Math.max(...pattern);
      const [less = 0, more = 0] = span(pattern, [mails[0] / most, mails[1] / most], from + 70);
      t.true(more <= less + 7, `to within a week where days differ: ${less} days, with more mail ${more}`);
    }),
  );
});

for (const [name, policy] of Object.entries({ growth: customerio, sendgrid, sparkpost })) {
  test(`S-20: the ${name} schedule raises messages a day over a set period, never above the target`, (t) => {
    fc.assert(
      fc.property(volume, parts, start, (weekly, shares, startsOn) => {
        const { caps, targetPerDay, finishesOn, daily } = planWarmup(policy, week(weekly, ...shares), startsOn);
        t.true(caps.every((cap, i) => Number.isInteger(cap) && cap >= 1 && cap >= (caps[i - 1] ?? 0)));
        t.is(caps.at(-1), targetPerDay);
        t.true(daily.every((cap) => cap <= targetPerDay));
        t.is(daily.length, finishesOn - startsOn + 1);
        if (name === 'growth')
          t.true(
            caps.every((cap, i) => cap <= 2 * (caps[i - 1] ?? cap)),
            'stages double at most',
          );
      }),
    );
  });
}

test('S-20: growth starts small and rises by the same share every sending day', (t) => {
  const { caps } = planWarmup(customerio, evenPattern(90_000, 'measured'), monday);
  t.is(caps[0], 200);
  const shares = caps.slice(1).map((cap, i) => cap / (caps[i] ?? 1));
  t.true(shares.every((share) => share > 1.09 && share < 1.12));
});

test('S-20: the 42 published hourly rows of SendGrid are climbed as far as the volume needs', (t) => {
  const table = sendgrid.schedules.sendgrid;
  t.is(table?.kind === 'table' ? table.rows.length : 0, 42);
  const { caps } = planWarmup(sendgrid, evenPattern(14_000, 'measured'), monday);
  t.deepEqual(caps, [480, 672, 936, 1_320, 1_848, 2_000]);
});

test('S-20: the 30 stages of SparkPost are 29 volumes and the end; far beyond them it doubles', (t) => {
  const table = sparkpost.schedules.sparkpost;
  t.is(table?.kind === 'table' ? table.rows.length : 0, 29);
  const { caps } = planWarmup(sparkpost, evenPattern(140_000_000, 'measured'), monday);
  t.is(caps.length, 30);
  t.deepEqual(caps.slice(-2), [10_000_000, 20_000_000]);
  const far = planWarmup(sparkpost, evenPattern(7 * 50_000_000, 'measured'), monday);
  t.deepEqual(far.caps.slice(-4), [10_000_000, 20_000_000, 40_000_000, 50_000_000]);
});
