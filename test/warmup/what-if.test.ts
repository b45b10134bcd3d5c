import test from 'ava';
import { firstTyped, readWhatIf, weekdaysOf } from '../../src/warmup/simulation/form.ts';
import { customerio } from '../policy/facts.ts';

const MONDAY = 20_780;
const read = (change: Record<string, string> = {}) =>
  readWhatIf({ ...firstTyped(customerio, null, null), ...change }, customerio, MONDAY);

test('what the form says at first can be tried out, and both settings are the same', (t) => {
  const first = read();
  t.true(first.ok);
  if (first.ok) t.deepEqual(first.value.now, first.value.changed);
});

test('a bad day concerns the second setting alone', (t) => {
  const bad = read({ bad_day: '12', bad_bounce: '6 %', bad_provider: 'gmail', bad_deferred: '40' });
  t.true(bad.ok);
  if (!bad.ok) return;
  t.is(bad.value.now.badDay, null);
  t.deepEqual(bad.value.changed.badDay, { day: 12, bounce: 0.06, complaint: 0, deferred: { gmail: 0.4 } });
});

test('a day on which nothing goes wrong is not a bad day, and what goes wrong needs a day', (t) => {
  const quiet = read({ bad_day: '12' });
  t.is(quiet.ok ? quiet.value.changed.badDay : 0, null);
  const dayless = read({ bad_bounce: '6' });
  t.deepEqual(dayless.ok ? [] : Object.keys(dayless.errors), ['bad_day']);
});

test('a schedule and a provider that the policy does not have are refused at their fields', (t) => {
  const wrong = read({ schedule: 'constructor', bad_day: '3', bad_provider: 'nobody', bad_deferred: '5' });
  t.deepEqual(wrong.ok ? [] : Object.keys(wrong.errors).sort(), ['bad_provider', 'schedule']);
});

test('without a pattern each day has the same', (t) => {
  const even = read({ pattern: ' ' });
  t.true(even.ok && new Set(even.value.now.pattern.expected).size <= 2);
});

test('weekdays are told in percent from Monday on, of two weeks or more', (t) => {
  const week = [20, 20, 20, 20, 15, 3, 2];
  const days = (weeks: number) =>
    Array.from({ length: 7 * weeks }, (_, i) => ({ day: MONDAY + i, all: (week[i % 7] ?? 0) * 1_000 }));
  t.is(weekdaysOf(days(4)), '20, 20, 20, 20, 15, 3, 2');
  t.is(weekdaysOf(days(4).slice(3)), weekdaysOf(days(4).slice(3).toReversed()), 'whatever day they begin with');
  t.is(weekdaysOf(days(1)), null);
  t.is(weekdaysOf(days(4).map(({ day }) => ({ day, all: 0 }))), null);
});
