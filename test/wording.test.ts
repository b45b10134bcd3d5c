import test from 'ava';
import fc from 'fast-check';
import { counted, grouped, inWords, listed, ordinal, percent } from '../src/wording.ts';

test('small numbers are words, large ones figures in groups of three', (t) => {
  t.deepEqual([0, 1, 12, 13, 2_400].map(inWords), ['no', 'one', 'twelve', '13', '2,400']);
  t.deepEqual([1, 3, 12, 13, 21, 22, 23, 111, 112].map(ordinal), [
    'first',
    'third',
    'twelfth',
    '13th',
    '21st',
    '22nd',
    '23rd',
    '111th',
    '112th',
  ]);
  t.is(grouped(173_400), '173,400');
  t.is(counted(1, 'IP'), 'one IP');
  t.is(counted(2, 'IP'), 'two IPs');
});

test('lists end in "and"', (t) => {
  t.deepEqual([[], ['SPF'], ['SPF', 'DKIM'], ['SPF', 'DKIM', 'DMARC']].map(listed), [
    '',
    'SPF',
    'SPF and DKIM',
    'SPF, DKIM and DMARC',
  ]);
});

test('rates are shown with as many decimals as they need', (t) => {
  t.deepEqual(
    [0, 0.0004, 0.013, 0.05, 0.0285].map((rate) => percent(rate)),
    ['0 %', '0.04 %', '1.3 %', '5 %', '2.9 %'],
  );
});

test('whole numbers are grouped as Intl groups them', (t) => {
  const intl = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => grouped(n) === intl.format(n)));
  for (const n of [0, 999, 1_000, -1_000, 999_999, 1_234_567]) t.is(grouped(n), intl.format(n));
});
