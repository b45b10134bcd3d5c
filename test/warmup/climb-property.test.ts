// What holds for any sender: random rhythms, volumes, schedules and seasons, through the whole evaluation.
import test from 'ava';
import fc from 'fast-check';
import { type Pattern, statedPattern, weeklyPattern } from '../../src/sending/pattern.ts';
import { standsStill } from '../../src/warmup/daily/stands-still.ts';
import { planWarmup } from '../../src/warmup/plan.ts';
import { patternOf, simulate, type Trial } from '../../src/warmup/simulation/simulate.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const START = 20_780;

/** Mail on some weekdays in any proportion, or a mailing every second week or month. */
const anyShares = fc
  .array(fc.integer({ min: 0, max: 20 }), { minLength: 7, maxLength: 7 })
  .filter((shares) => shares.some((share) => share > 0));
const anyWeek = fc.tuple(fc.integer({ min: 50_000, max: 5_000_000 }), anyShares).map(([weekly, shares]): Pattern => {
  const whole = shares.reduce((sum, one) => sum + one, 0);
  return patternOf(
    weekly,
    shares.map((one) => one / whole),
  );
});
const anyMailing = fc
  .tuple(fc.integer({ min: 1_000, max: 1_000_000 }), fc.constantFrom(9, 14, 30))
  .map(
    ([busiest, everyDays]): Pattern => ({ ...statedPattern({ busiest, weekdays: [], everyDays }), basis: 'measured' }),
  );
const anyPattern = fc.oneof({ weight: 3, arbitrary: anyWeek }, { weight: 1, arbitrary: anyMailing });

const trialOf = (pattern: Pattern, change: Partial<Trial> = {}): Trial => ({
  pattern,
  schedule: 'growth',
  clock: 'progress',
  badDay: null,
  startsOn: START,
  ...change,
});

const anyTrial = fc
  .record({
    pattern: anyPattern,
    how: fc.constantFrom(
      { schedule: 'growth', clock: 'progress' } as const,
      { schedule: 'sparkpost', clock: 'progress' } as const,
      { schedule: 'sendgrid', clock: 'calendar' } as const,
    ),
    season: fc.option(fc.record({ on: fc.integer({ min: 5, max: 90 }), off: fc.integer({ min: 1, max: 60 }) })),
    badDay: fc.option(
      fc.record({
        day: fc.integer({ min: 1, max: 60 }),
        bounce: fc.double({ min: 0, max: 0.3, noNaN: true }),
        complaint: fc.double({ min: 0, max: 0.01, noNaN: true }),
        deferred: fc.constantFrom({}, { gmail: 0.5 }, { microsoft: 0.9 }),
      }),
    ),
    recipients: fc.constantFrom(1, 5, 50),
    hours: fc.integer({ min: 1, max: 24 }),
  })
  .map(({ pattern, how, season, badDay, ...rest }) =>
    trialOf(pattern, { ...how, ...rest, badDay, ...(season === null ? {} : { season }) }),
  );

test('S-26: no day may carry more than 2/0.9 of what one day carried before, or the first stage', (t) => {
  fc.assert(
    fc.property(anyTrial, fc.constantFrom(customerio, sendgrid), (trial, policy) => {
      if (policy.schedules[trial.schedule] === undefined) return;
      const { days, plan } = simulate(trial, policy, 200);
      const first = plan.caps[0] ?? 0;
      // A published table that more than doubles is followed as printed.
      const steepest = Math.max(2, ...plan.caps.map((cap, i) => (i === 0 ? 1 : cap / (plan.caps[i - 1] ?? cap))));
      let carried = 0;
      for (const { cap, delivered, day } of days) {
        t.true(cap <= Math.max(first, (carried * steepest) / 0.9), `${cap} on day ${day - START} after ${carried}`);
        carried = Math.max(carried, delivered);
      }
    }),
    { numRuns: 60 },
  );
});

test('C-14: a plan ends within 1.2 times its forecast where mail comes as it was forecast', (t) => {
  fc.assert(
    fc.property(anyPattern, fc.constantFrom('growth', 'sparkpost'), (pattern, schedule) => {
      const { plan, finishesOn, days } = simulate(trialOf(pattern, { schedule }), customerio, 1_000);
      const planned = plan.finishesOn - START + 1;
      t.not(finishesOn, null, `not complete after ${days.length} days, planned ${planned}`);
      const took = (finishesOn ?? 0) - START + 1;
      t.true(took <= Math.max(1.2 * planned, planned + pattern.period), `${took} days, planned ${planned}`);
    }),
    { numRuns: 40 },
  );
});

test('C-14: for one rhythm more volume is never forecast longer, to within one period', (t) => {
  const volumes = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }));
  fc.assert(
    fc.property(anyShares, volumes, (shares, [one, other]) => {
      const most = Math.max(...shares);
      // Up to a million a mailing, within the bound of the first stage.
      const daysFor = (part: number) => {
        const scale = (part * 10_000) / most;
        const pattern = weeklyPattern(
          shares.map((share) => Math.round(share * scale)),
          'measured',
        );
        return planWarmup(customerio, pattern, START).finishesOn - START;
      };
      const [few, many] = [Math.min(one, other), Math.max(one, other)];
      t.true(daysFor(many) <= daysFor(few) + 7, `${few}: ${daysFor(few)} days, ${many}: ${daysFor(many)} days`);
    }),
    { numRuns: 60 },
  );
});

test('no day is without its sentence, and no plan stands still without one that says what would help', (t) => {
  fc.assert(
    fc.property(anyTrial, (trial) => {
      if (customerio.schedules[trial.schedule] === undefined) return;
      const { days, state, finishesOn, plan } = simulate(trial, customerio, 300);
      for (const { why, day } of days) t.true(why.length > 10, `day ${day - START}: “${why}”`);
      const last = days.at(-1);
      if (finishesOn !== null || last === undefined) return;
      const still = standsStill(state, last.day, last.why);
      const passed = days.filter(({ verdict }) => verdict === 'advance').length;
      t.true(still === null || still.help.length > 20);
      t.true(still !== null || passed > 0 || plan.caps.length === 1, 'it stands still, and nobody says so');
    }),
    { numRuns: 40 },
  );
});
