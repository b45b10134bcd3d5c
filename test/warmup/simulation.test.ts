import test from 'ava';
import fc from 'fast-check';
import { type BadDay, EVEN, patternOf, simulate, type Trial } from '../../src/warmup/simulation/simulate.ts';
import { capOfStage } from '../../src/warmup/state.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

/** A Monday. */
const MONDAY = 20_780;
const trial = (change: Partial<Trial> = {}): Trial => ({
  schedule: 'growth',
  clock: 'progress',
  pattern: patternOf(200_000, EVEN),
  badDay: null,
  startsOn: MONDAY,
  ...change,
});
const endOf = (change: Partial<Trial>) => simulate(trial(change), customerio).finishesOn;

const weekly = fc.integer({ min: 1, max: 100_000_000 });
const schedule = fc.constantFrom('growth', 'sendgrid', 'sparkpost');
const clock = fc.constantFrom('progress' as const, 'calendar' as const);
const startsOn = fc.integer({ min: MONDAY, max: MONDAY + 6 });
const shares = fc
  .array(fc.integer({ min: 0, max: 100 }), { minLength: 7, maxLength: 7 })
  .filter((parts) => parts.some((part) => part > 0))
  .map((parts) => parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0)));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const badDay: fc.Arbitrary<BadDay> = fc.record({
  day: fc.integer({ min: 1, max: 60 }),
  bounce: share,
  complaint: share,
  deferred: fc.dictionary(fc.constantFrom('gmail', 'microsoft', 'other'), share),
});
const pattern = fc.tuple(weekly, shares).map(([sent, parts]) => patternOf(sent, parts));
const settings = fc.record({ schedule, clock, pattern, startsOn });

test('S-20: clean mail brings every volume to its end, by every schedule and clock', (t) => {
  fc.assert(
    fc.property(settings, (change) => {
      const { finishesOn, days, state } = simulate(trial(change), customerio);
      t.true(finishesOn !== null, JSON.stringify(change));
      t.is(days.at(-1)?.verdict, 'complete');
      t.is(state.stage, state.plan.caps.length, 'of the plan as it was made again for the mail');
    }),
    { numRuns: 60 },
  );
});

test('S-26: whatever happens, no day is above the schedule, and nothing above the cap is sent', (t) => {
  fc.assert(
    fc.property(settings, badDay, (change, bad) => {
      const { days, plan, state } = simulate(trial({ ...change, badDay: bad }), customerio);
      days.forEach(({ day, cap, stageCap, sent, delivered, stage }, index) => {
        t.true(cap <= stageCap && stage <= index + 1 && day === change.startsOn + index);
        t.true(sent <= cap && delivered <= sent);
        // A plan that was made again for fewer days with mail has fewer stages to the same end, none more than doubled.
        const before = days[index - 1]?.stageCap ?? stageCap;
        if (state.remadeOn === 0) t.is(stageCap, capOfStage(plan, stage));
        else t.true(stageCap <= Math.max(2 * before, capOfStage(plan, stage)) && stageCap <= plan.targetPerDay);
      });
    }),
    { numRuns: 60 },
  );
});

test('a bad day never makes a warm-up faster', (t) => {
  fc.assert(
    fc.property(settings, badDay, (change, bad) => {
      const clean = simulate(trial(change), customerio).finishesOn ?? Number.POSITIVE_INFINITY;
      const hurt = simulate(trial({ ...change, badDay: bad }), customerio).finishesOn ?? Number.POSITIVE_INFINITY;
      t.true(hurt >= clean, JSON.stringify({ change, bad, clean, hurt }));
    }),
    { numRuns: 60 },
  );
});

test('C-14: 200,000 a week, the same each day, take 38 days, and 30 from a million on', (t) => {
  t.is(endOf({}), MONDAY + 37);
  t.is(endOf({ pattern: patternOf(1_000_000, EVEN) }), MONDAY + 29);
});

test('the published table of SendGrid takes as many days as it has rows for the volume, under its own policy', (t) => {
  const { days } = simulate(
    trial({ schedule: 'sendgrid', clock: 'calendar', pattern: patternOf(14_000, EVEN) }),
    sendgrid,
  );
  t.deepEqual(
    days.map(({ cap }) => cap),
    [480, 672, 936, 1_320, 1_848, 2_000],
  );
});

test('over each week exactly the weekly volume is there to be sent, by its weekdays', (t) => {
  const work = [20, 20, 20, 20, 15, 3, 2].map((part) => part / 100);
  const { days } = simulate(trial({ pattern: patternOf(200_000, work) }), customerio);
  const sunday = days.findLast(({ day }) => day % 7 === (MONDAY + 6) % 7);
  t.is(sunday?.sent, 4_000);
});

test('a day on which half bounces pauses the plan at a stage lower; it goes on after it was looked at', (t) => {
  const { days } = simulate(trial({ badDay: { day: 12, bounce: 0.5, complaint: 0, deferred: {} } }), customerio);
  t.is(days[11]?.verdict, 'pause');
  t.is(days[11]?.stage, 12);
  t.like(days[12], { cap: 0, sent: 0, stage: 11 });
  t.like(days[13], { stage: 11, verdict: 'advance' });
  t.is(days.length, 38 + 3, 'the bad day, the pause, and the stage that is gone through again');
});

test('a provider that defers mail is slowed by itself: the plan loses no day', (t) => {
  const bad = { day: 20, bounce: 0, complaint: 0, deferred: { gmail: 0.5 } };
  const { days, mail } = simulate(trial({ badDay: bad }), customerio);
  t.is(days.length, 38);
  t.true((mail[20]?.['gmail']?.sent ?? 0) * 2 <= (mail[19]?.['gmail']?.sent ?? 0));
});

test('without any mail nothing ends: the trial stops and says so', (t) => {
  const { finishesOn, days } = simulate(trial(), customerio, 20);
  t.is(finishesOn, null);
  t.is(days.length, 20);
});
