// What a slowed provider would not take delays no plan, and its limit outlives the plan (S-26).
import test from 'ava';
import fc from 'fast-check';
import { slow } from '../../src/warmup/daily/throttled-providers.ts';
import { monthlyPattern, patternOf, simulate, type Trial } from '../../src/warmup/simulation/simulate.ts';
import { watchDay } from '../../src/warmup/warm/watch.ts';
import { customerio, sendgrid } from '../policy/facts.ts';
import { day, judged, mail, monday, planState } from './plan-state.ts';

const late = monday + 40;
const atTheEnd = planState({ stage: 5, nextDay: late, slowed: { microsoft: 500 } });
/** The last stage of 10,000: all of the others’ mail went over the IP, and what Outlook.com may get. */
const ofTheDay = (over: number, toMicrosoft: number, others = 7_500) => ({
  ...day({ gmail: mail(others), microsoft: mail(over) }, undefined, late),
  whole: [{ day: late, over: others + over, all: 7_500 + toMicrosoft }],
  sentTo: { gmail: 7_500, microsoft: toMicrosoft },
});

test('S-26: the last stage passes without the mail that a slowed provider’s limit kept back', (t) => {
  const verdict = (...of: Parameters<typeof ofTheDay>) => judged(atTheEnd, ofTheDay(...of)).verdict;
  t.is(verdict(500, 2_500), 'complete');
  t.is(verdict(450, 2_500), 'complete', 'nine tenths of the limit is all of it');
  t.is(verdict(449, 2_500), 'not-yet', 'the limit kept nothing back');
  t.is(verdict(500, 2_500, 7_000), 'not-yet', 'the others’ mail did not all go over the IP');
  const { sentTo: _, ...unknown } = ofTheDay(500, 2_500);
  t.is(judged(atTheEnd, unknown).verdict, 'not-yet', 'nothing is known of where the mail went');
  t.is(judged({ ...atTheEnd, slowed: {} }, ofTheDay(500, 2_500)).verdict, 'not-yet', 'nobody was slowed');
  const most = { ...ofTheDay(500, 9_000, 4_000), whole: [{ day: late, over: 4_500, all: 13_000 }] };
  t.is(judged(atTheEnd, most).verdict, 'not-yet', 'less than half of the stage went over the IP');
});

test('S-26: a limit stays when the plan completes, where a pool takes the rest', (t) => {
  t.like(judged(atTheEnd, ofTheDay(500, 2_500)), {
    slowed: { microsoft: 1_000 },
    warmedTo: 8_000,
    why: 'The last stage is passed: warm-up is complete, with 8,000 messages on the busiest day. Outlook.com gets at most 1,000 messages a day.',
  });
  t.like(judged(atTheEnd, ofTheDay(500, 2_500), sendgrid), {
    verdict: 'complete',
    slowed: {},
    why: 'The last stage is passed: warm-up is complete, with 8,000 messages on the busiest day.',
  });
});

test('C-17: no limit stays where the region of the account has no pool: nothing would carry the rest', (t) => {
  t.like(judged(atTheEnd, { ...ofTheDay(500, 2_500), hasPool: false }), {
    verdict: 'complete',
    slowed: {},
    why: 'The last stage is passed: warm-up is complete, with 8,000 messages on the busiest day.',
  });
});

const warm = planState({ status: 'complete', stage: 5, warmedTo: 8_000, slowed: { microsoft: 1_000 } });
const watched = (toMicrosoft: number, { deferred = 0, isPoolBeyond = true, all = 8_500 } = {}) => {
  const counts = { gmail: mail(7_500, { deferred: 7_500 }), microsoft: mail(toMicrosoft, { deferred }) };
  const sent = mail(7_500 + toMicrosoft);
  const facts = { day: late, counts, today: sent, window: sent, all, busiest: sent.sent };
  return watchDay({ ...warm, nextDay: late }, { ...facts, hasOverflow: true, isPoolBeyond }, customerio).state;
};

test('S-26: on a completed IP a limit doubles on each good day, is halved on a bad one, and ends at the level', (t) => {
  t.deepEqual(watched(1_000).slowed, { microsoft: 2_000 }, 'nor does a warm IP get further limits');
  t.deepEqual(watched(1_000, { deferred: 300 }).slowed, { microsoft: 500 });
  t.deepEqual(watched(0).slowed, { microsoft: 1_000 });
  t.deepEqual(watched(1_000, { isPoolBeyond: false }).slowed, {}, 'nothing else carries it');
  t.like(watched(1_000, { all: 90_000 }), { status: 'running', slowed: { microsoft: 2_000 } }, 'a plan keeps it');
  t.deepEqual(slow({ ...warm, slowed: { microsoft: 4_000 } }, day({ microsoft: mail(900) }), customerio).slowed, {});
  t.deepEqual(slow({ ...warm, slowed: { microsoft: 3_999 } }, day({ microsoft: mail(900) }), customerio).slowed, {
    microsoft: 7_998,
  });
});

const weekly = fc.integer({ min: 50_000, max: 2_000_000 });
const rare = fc.oneof(
  weekly.map((volume) => ({ pattern: patternOf(volume, [0, 1, 0, 0, 0, 0, 0]) })),
  fc
    .tuple(weekly, fc.integer({ min: 1, max: 28 }))
    .map(([volume, on]) => ({ pattern: monthlyPattern(volume, [on]), monthDays: [on] })),
);

test('S-26: a mailing of which one provider defers half makes no plan of few mailings late', (t) => {
  const providers = fc.constantFrom(...customerio.providers.value.slice(0, 4).map(({ key }) => key));
  fc.assert(
    fc.property(rare, providers, fc.integer({ min: 1, max: 9 }), (from, provider, nth) => {
      const trial: Trial = { ...from, schedule: 'growth', clock: 'progress', badDay: null, startsOn: monday };
      const good = simulate(trial, customerio, 400);
      const mailings = good.days.filter(({ sent }) => sent > 0).map((one) => one.day - monday + 1);
      const bad = { day: mailings[nth - 1] ?? 1, bounce: 0, complaint: 0, deferred: { [provider]: 0.5 } };
      const disturbed = simulate({ ...trial, badDay: bad }, customerio, 400);
      t.not(good.finishesOn, null);
      t.is(disturbed.finishesOn, good.finishesOn, `${provider} deferred half of mailing ${nth}`);
    }),
    { numRuns: 40 },
  );
});
