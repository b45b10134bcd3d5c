import test from 'ava';
import fc from 'fast-check';
import { dayOf } from '../../src/day.ts';
import { viewHelpers } from '../../src/web/view-helpers.ts';

const now = Date.UTC(2026, 10, 21, 9, 12);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const h = viewHelpers('UTC', now);

test('figures are grouped, and short in charts', (t) => {
  t.is(h.number(180_000), '180,000');
  t.deepEqual([0, 950, 1_500, 12_400, 173_400, 999_600, 2_400_000, 12_000_000].map(h.compact), [
    '0',
    '950',
    '1.5k',
    '12k',
    '173k',
    '1M',
    '2.4M',
    '12M',
  ]);
});

test('a short figure never has more than three digits', (t) => {
  fc.assert(fc.property(fc.nat(999_000_000), (value) => h.compact(value).replace(/\D/g, '').length <= 3));
  t.pass();
});

test('shares carry two decimals below one per cent and say when they are nearly nothing', (t) => {
  t.deepEqual([0, 0.00001, 0.0004, 0.013, 0.05, 1].map(h.percent), [
    '0 %',
    'under 0.01 %',
    '0.04 %',
    '1.3 %',
    '5 %',
    '100 %',
  ]);
});

test('prices show cents only where there are any', (t) => {
  t.deepEqual(
    [0, 5_000, 1_250, 125_000].map((cents) => h.money(cents, 'USD')),
    ['$0', '$50', '$12.50', '$1,250'],
  );
  t.is(h.money(5_000, 'EUR'), '€50');
});

test('words follow their number', (t) => {
  t.deepEqual([h.plural(1, 'IP'), h.plural(2, 'IP'), h.plural(0, 'reply', 'replies')], ['1 IP', '2 IPs', '0 replies']);
});

test('a day is the same day for everybody', (t) => {
  const start = dayOf(Date.UTC(2026, 10, 23));
  for (const zone of ['UTC', 'Pacific/Auckland', 'America/Los_Angeles']) {
    const there = viewHelpers(zone, now);
    t.is(there.day(start), '23 Nov 2026');
    t.is(there.shortDay(start), '23 Nov');
    t.is(there.longDay(start), 'Monday, 23 Nov 2026');
    t.is(there.isoDay(start), '2026-11-23');
  }
});

test('an instant is told in the zone of the viewer, which is named', (t) => {
  t.is(h.time(now), '21 Nov 2026, 09:12 UTC');
  t.is(viewHelpers('Europe/Berlin', now).time(now), '21 Nov 2026, 10:12 CET');
  t.is(viewHelpers('America/New_York', now).time(now), '21 Nov 2026, 04:12 EST');
  t.is(viewHelpers('Asia/Kolkata', now).time(now), '21 Nov 2026, 14:42 GMT+5:30');
  t.is(viewHelpers('America/New_York', now).date(Date.UTC(2026, 10, 21, 2)), '20 Nov 2026');
  t.is(viewHelpers('America/New_York', now).dayAt(Date.UTC(2026, 10, 21, 2)), dayOf(now) - 1);
});

test('a zone that is not known counts as UTC', (t) => {
  t.is(viewHelpers('Moon/Tycho', now).time(now), '21 Nov 2026, 09:12 UTC');
});

test('ages are told in the largest unit, and as a date after a month', (t) => {
  const told = [0, 59_000, 12 * minute, 3 * hour + 10 * minute, 26 * hour, 3 * day, 31 * day].map((age) =>
    h.ago(now - age),
  );
  t.deepEqual(told, ['just now', 'just now', '12 min ago', '3 h ago', '26 h ago', '3 days ago', '21 Oct 2026']);
  t.is(h.ago(now + 5 * minute), 'in 5 min');
});

test('what is due says how long, or how long since', (t) => {
  t.is(h.due(now + 3 * hour + 10 * minute), 'due in 3 h 10 min');
  t.is(h.due(now - 5 * hour), '5 h overdue');
  t.is(h.due(now - 3 * day), '3 days overdue');
});
