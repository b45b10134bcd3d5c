// The forecast before anybody asks: in words, beside what would be quicker, and what somebody tries out (C-14).
import test from 'ava';
import fc from 'fast-check';
import { weekStart } from '../../src/day.ts';
import { forecastFor, forecastInWords, quickerThan, splitOver } from '../../src/requests/warmup-forecast.ts';
import { patternIf, whatIf } from '../../src/requests/what-if.ts';
import { evenPattern, type Pattern, statedPattern, weeklyPattern } from '../../src/sending/pattern.ts';
import { customerio, sendgrid } from '../policy/facts.ts';
import { checked, DEDICATED, dedicatedForm } from '../support/asking.ts';
import * as make from '../support/make.ts';
import { onBothEngines } from '../support/world.ts';

const startsOn = weekStart(20_780);
const on = (...usual: number[]): Pattern => weeklyPattern(usual, 'measured');
const tuesday = on(0, 50_000, 0, 0, 0, 0, 0);
const planned = (pattern: Pattern, parts = 1) => ({ pattern, parts, startsOn });
const says = (pattern: Pattern, policy = customerio, from = startsOn) =>
  forecastInWords(forecastFor(policy, { ...planned(pattern), startsOn: from }), policy);
/** The first Monday of February: no holidays. */
const february = startsOn + 70;

test('C-14: a newsletter a week is said to take nine mailings, and why that is longer than usual', (t) => {
  const { span, why } = says(tuesday);
  t.regex(span, /^9 mailings, about (5[7-9]|6[0-6]) days$/);
  t.is(
    why,
    'longer than the usual 30 to 45 days, because mail goes out once a week, and each sending day is one stage',
  );
});

test('C-14: mailings that holidays take are named', (t) => {
  t.is(says(on(0, 0, 0, 50_000, 0, 0, 0)).why?.replace(/^.*; /, ''), 'no mailing is expected on 24 Dec and 31 Dec');
  t.is(says(on(0, 400_000, 0, 400_000, 0, 0, 0)).why, 'no mailing is expected on 24 Dec');
  t.is(says(on(0, 0, 0, 50_000, 0, 0, 0), customerio, february).why?.includes('expected'), false);
});

test('C-14: mail on every day is told its days alone; Monday to Friday is hardly longer', (t) => {
  t.deepEqual(says(evenPattern(50_000, 'measured')), { span: '45 days', why: null });
  t.deepEqual(says(evenPattern(1_000_000, 'measured')), { span: '30 days', why: null });
  t.regex(says(on(...Array(5).fill(10_000), 0, 0), customerio, february).span, /sending days, about 4\d days$/);
});

test('C-14: rarer mail than weekly is told how long it takes', (t) => {
  const every = (everyDays: number) =>
    says({ ...statedPattern({ busiest: 100_000, weekdays: [], everyDays }), basis: 'measured' });
  t.regex(every(14).span, /^9 mailings, about 1[12]\d days$/);
  t.regex(every(30).why ?? '', /because mail goes out about every 30 days/);
});

test('S-20: a published table promises no usual days', (t) => {
  t.is(says(tuesday, sendgrid).why, null);
});

test('C-14: what would be quicker splits the same mail over the fewest days that bring it back to the usual', (t) => {
  const quick = quickerThan(customerio, planned(tuesday));
  t.truthy(quick);
  t.true((quick?.forecast.daily.length ?? 99) <= 45);
  t.regex(quick?.label ?? '', /^on (two|three|four|five|six) days of each week$|^on every day$/);
  const even = evenPattern(50_000, 'measured');
  t.is(quickerThan(customerio, planned(even)), null);
});

test('splitting loses no mail, and what is quicker is quicker', (t) => {
  const usual = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(usual, fc.integer({ min: 1, max: 7 }), (values, days) => {
      fc.pre(Math.max(...values) >= 300);
      const pattern = on(...values);
      const split = splitOver(pattern, days);
      t.true(split.weekly >= pattern.weekly && split.weekly < pattern.weekly + 7);
      const slow = forecastFor(customerio, planned(pattern));
      const quick = quickerThan(customerio, planned(pattern));
      if (quick) t.true(quick.forecast.finishesOn < slow.finishesOn);
    }),
    { numRuns: 60 },
  );
});

test('what somebody tries out changes volume, days or how a mailing is split, and nothing else', (t) => {
  const usual = (wish: Parameters<typeof patternIf>[1], now = tuesday) => {
    const pattern = patternIf(now, wish);
    return pattern.kind === 'weekdays' ? pattern.usual : pattern;
  };
  t.deepEqual(usual({ weekly: 50_000, weekdays: [1], split: 1 }), [0, 50_000, 0, 0, 0, 0, 0]);
  t.deepEqual(usual({ weekly: 100_000, weekdays: [], split: 1 }), [0, 100_000, 0, 0, 0, 0, 0]);
  t.deepEqual(usual({ weekly: 50_000, weekdays: [1], split: 2 }), [0, 25_000, 25_000, 0, 0, 0, 0]);
  t.deepEqual(usual({ weekly: 50_000, weekdays: [6], split: 2 }), [25_000, 0, 0, 0, 0, 0, 25_000]);
  t.is(patternIf(tuesday, { weekly: 100_000, weekdays: [], split: 1 }).basis, 'stated', 'nobody measured that much');
  t.is(patternIf(tuesday, { weekly: 50_000, weekdays: [0, 3], split: 1 }).basis, 'measured');
  const monthly = statedPattern({ busiest: 300_000, weekdays: [], everyDays: 30 });
  t.like(usual({ weekly: monthly.weekly, weekdays: [], split: 2 }, monthly), { period: 15, busiest: 150_000 });
  t.like(patternIf(monthly, { weekly: monthly.weekly, weekdays: [], split: 5 }), { kind: 'weekdays', period: 7 });
});

test('what cannot be tried out is told at its field, with what was typed kept', (t) => {
  const asked = (query: object) => whatIf(query, customerio, planned(tuesday));
  t.like(asked({}), { answer: null, errors: {}, typed: { ifWeekly: '50,000', ifDays: ['2'], ifSplit: '1' } });
  const wrong = asked({ ifWeekly: 'many', ifSplit: '9', ifDays: ['8'] });
  t.deepEqual(Object.keys(wrong.errors).sort(), ['ifDays', 'ifSplit', 'ifWeekly']);
  t.is(wrong.typed.ifWeekly, 'many');
  t.is(asked({ ifWeekly: '50,000', ifSplit: '5' }).answer?.label, '50,000 a week, from Tuesday to Saturday');
});

onBothEngines(
  'R-02, C-14: the check page says how long it takes, what is quicker, and answers What if',
  async (t, world) => {
    const acme = await make.account(world, { weekly: null });
    await make.ips(world, 'us', 1);
    const visitor = await world.signedIn(acme.admin.email);
    const mailing = { everyDays: '7', weekdays: ['2'], busiest: '50,000' };
    const form = { ...dedicatedForm(acme.domains), weeklyVolume: '50,000', peakWeeklyVolume: '', ...mailing };
    const check = await checked(visitor, DEDICATED, form);
    t.regex(check.text, /9 mailings, about \d\d days, until \d+ (Jan|Feb) 2027 ?: longer than the usual 30 to 45 days/);
    t.regex(check.text, /With the mail on \w+ days of each week: (\w|-)+ days, until/);
    const draft = await world.db('drafts').first();
    const path = `${DEDICATED}/${draft.token}`;
    t.true(check.html.includes(`action="${path}#what-if"`));
    const tried = await visitor.get(`${path}?ifWeekly=50%2C000&ifDays=1&ifDays=2&ifDays=3&ifDays=4&ifDays=5&ifSplit=1`);
    t.is(tried.status, 200);
    t.true(tried.text.includes('With the mail 50,000 a week, from Monday to Friday:'));
    const wrong = await visitor.get(`${path}?ifWeekly=many&ifSplit=1`);
    t.is(wrong.status, 422);
    t.true(wrong.html.includes('value="many"'));
    t.true(wrong.text.includes('Emails a week must be a whole number in digits'));
    t.is((await world.db('requests')).length, 0, 'nothing is sent by trying');
  },
);
