import test from 'ava';
import { badness, providerRates, ratesOf } from '../../src/warmup/pages/rates.ts';
import { customerio } from '../policy/facts.ts';

const { brakes } = customerio.warmup;
const counts = (sent: number, bounced = 0, complained = 0, deferred = 0) => ({
  sent,
  delivered: sent - bounced,
  bounced,
  complained,
  deferred,
});

test('below the minimum sample nobody is judged; complaints have a sample of their own', (t) => {
  t.is(ratesOf(counts(99), brakes).bounced, null);
  t.not(ratesOf(counts(100), brakes).bounced, null);
  t.is(ratesOf(counts(999), brakes).complained, null);
  t.not(ratesOf(counts(1_000), brakes).complained, null);
});

test('a rate at its limit is good; above the one that holds it wants a look, above the one that pauses it is bad', (t) => {
  const toneOf = (bounced: number) => ratesOf(counts(10_000, bounced), brakes).bounced?.tone;
  t.deepEqual([toneOf(250), toneOf(251), toneOf(1_000), toneOf(1_001)], ['good', 'look', 'look', 'bad']);
  const complaints = (complained: number) => ratesOf(counts(10_000, 0, complained), brakes).complained?.tone;
  t.deepEqual([complaints(5), complaints(6), complaints(30), complaints(31)], ['good', 'look', 'look', 'bad']);
});

test('delivery at or below nine in ten wants a look, and more than a fifth deferred', (t) => {
  t.is(ratesOf(counts(1_000, 100), brakes).delivered?.tone, 'look');
  t.is(ratesOf(counts(1_000, 99), brakes).delivered?.tone, 'good');
  t.is(ratesOf(counts(1_000, 0, 0, 200), brakes).deferred?.tone, 'good');
  t.is(ratesOf(counts(1_000, 0, 0, 201), brakes).deferred?.tone, 'look');
});

test('providers come in the policy’s order; who is not listed is among the others; a slowed one stays without mail', (t) => {
  const rows = providerRates(
    [
      { provider: 'nobody-knows', ...counts(40) },
      { provider: 'other', ...counts(70) },
      { provider: 'gmail', ...counts(500) },
    ],
    { microsoft: 600 },
    customerio,
  );
  t.deepEqual(
    rows.map(({ name, sent, limit }) => [name, sent, limit]),
    [
      ['Gmail', 500, null],
      ['Outlook.com', 0, 600],
      ['Other providers', 110, null],
    ],
  );
});

test('what is worst is weighed against its limit, so that complaints count as much as bounces', (t) => {
  t.is(badness(counts(10_000, 250), brakes), 0.5);
  t.true(badness(counts(10_000, 0, 20), brakes) > badness(counts(10_000, 900), brakes));
  t.is(badness(counts(50, 50), brakes), -1, 'too little mail');
  t.is(badness(undefined, brakes), -1);
});
