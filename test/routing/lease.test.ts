// The span that a lease is for, and what it begins with.
import test from 'ava';
import { keepInSpan, newLease } from '../../src/routing/lease.ts';
import { DAY, HOUR } from '../support/times.ts';
import { ip, planState, warming } from './senders.ts';

const MIDNIGHT = 20_000 * DAY;
const NOON = MIDNIGHT + 12 * HOUR;
const cold = warming(1, 1000, 1000);
const warm = ip(2, { warmup: planState(500, 1000, { status: 'complete', stage: 2, warmedTo: 1_000 }) });
const byHour = (status: 'warming' | 'active') => {
  const { plan, ...rest } = planState(1000, 1000);
  return ip(3, { status, warmup: { ...rest, plan: { ...plan, byHour: true } } });
};

test('S-26: a lease is empty, and of the UTC day in which it begins', (t) => {
  t.deepEqual(newLease(cold, 'gmail', NOON + 1), {
    ...{ ipId: 1, provider: 'gmail', starts: MIDNIGHT, ends: MIDNIGHT + DAY, left: 0, others: 0, takenAt: 0 },
    ...{ coming: null, askedAt: 0, notBefore: 0, lendable: 0, isLent: false },
  });
  t.like(newLease(cold, '', MIDNIGHT), { starts: MIDNIGHT, ends: MIDNIGHT + DAY });
  t.like(newLease(cold, '', MIDNIGHT - 1), { starts: MIDNIGHT - DAY, ends: MIDNIGHT });
});

test('S-20: of a plan by the hour it is of the hour, as long as the IP warms up', (t) => {
  t.like(newLease(byHour('warming'), '', NOON + 1), { starts: NOON, ends: NOON + HOUR });
  t.like(newLease(byHour('active'), '', NOON + 1), { starts: MIDNIGHT, ends: MIDNIGHT + DAY });
  t.like(newLease({ ...cold, warmup: null }, '', NOON), { starts: MIDNIGHT, ends: MIDNIGHT + DAY });
});

test('C-17: only a warm IP whose level is known may lend, twice what it is warmed to', (t) => {
  t.is(newLease(warm, '', NOON).lendable, 2_000);
  t.is(newLease(cold, '', NOON).lendable, 0);
  t.is(newLease(ip(4, { warmup: null }), '', NOON).lendable, 0);
});

test('S-26: what is left is void before the span and from its end on, and kept within it', (t) => {
  const held = { left: 7, others: 9, notBefore: NOON, lendable: 5, isLent: true, takenAt: NOON, askedAt: 3 };
  const at = (instant: number) => {
    const lease = { ...newLease(warm, '', NOON), ...held };
    keepInSpan(lease, warm, instant);
    return lease;
  };
  for (const instant of [MIDNIGHT, NOON, MIDNIGHT + DAY - 1]) t.like(at(instant), { ...held, starts: MIDNIGHT });
  const empty = { left: 0, others: 0, notBefore: 0, lendable: 2_000, isLent: false, takenAt: NOON, askedAt: 3 };
  t.like(at(MIDNIGHT + DAY), { ...empty, starts: MIDNIGHT + DAY, ends: MIDNIGHT + 2 * DAY });
  t.like(at(MIDNIGHT - 1), { ...empty, starts: MIDNIGHT - DAY, ends: MIDNIGHT });
});
