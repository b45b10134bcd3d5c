import test from 'ava';
import { distanceOf } from '../../src/policy/checks/distance.ts';
import { acme, customerio, found, measured, receipts } from './facts.ts';

const bounced = (weekly: number, count: number) => acme({ measured: measured(weekly, { bounced: count }) });
const left = (weekly: number, count: number) => distanceOf('bounce-rate', customerio, bounced(weekly, count))?.left;

test('the distance of a rate agrees with its check, message by message', (t) => {
  const sent = 4 * 50_000;
  const most = sent * customerio.maxBounceRate.value;
  for (const count of [0, most - 1, most, most + 1, 2 * most]) {
    const passes = found('bounce-rate', bounced(50_000, count)).verdict === 'passes';
    t.is(left(50_000, count) === 'met', passes, `${count}`);
  }
  t.regex(left(50_000, most + 1) ?? '', /^one message too many of 200,000: 5\.\d+ %, at most 5 %$/);
  t.regex(left(50_000, most + 25) ?? '', /^25 messages too many of 200,000/);
});

test('a rate of too little mail has no distance, as it is not judged', (t) => {
  t.is(left(1, 4), undefined);
});

test('C-08: the distance of the volume is what lacks of what all IPs need', (t) => {
  const distance = distanceOf('measured-volume', customerio, acme({ measured: measured(80_000) }));
  t.like(distance, { has: 80_000, needs: 100_000, most: false, left: '20,000 emails a week to go' });
});

test('C-08: a volume that is reached is met, to the message', (t) => {
  const distance = (weekly: number) => distanceOf('measured-volume', customerio, acme({ measured: measured(weekly) }));
  t.is(distance(99_999)?.left, '1 email a week to go');
  t.is(distance(100_000)?.left, 'met');
  t.is(distance(100_001)?.left, 'met');
});

test('C-08: where no week of the domains asked for was measured there is no distance, whatever others on the IP send', (t) => {
  const sharing = { names: ['big.example'], weekly: 60_000, asked: { weekly: null, meanOf: 0 } };
  t.is(distanceOf('measured-volume', customerio, acme({ measured: measured(60_000), sharing })), null);
  t.is(distanceOf('measured-volume', customerio, receipts()), null, 'the pool asks for no volume');
});

test('C-05: the pool’s distance is in weeks with mail; dedicated IPs have none', (t) => {
  const weeks = (...sent: number[]) =>
    receipts({ measured: measured(9_000, { weeks: sent.map((one, i) => ({ from: 20_688 + 7 * i, sent: one })) }) });
  const one = { has: 1, needs: 2, most: false, left: 'one week to go' };
  t.deepEqual(distanceOf('history', customerio, weeks(0, 5, 0)), one);
  t.deepEqual(distanceOf('history', customerio, weeks(1, 0, 5)), { ...one, has: 2, left: 'met' });
  t.is(distanceOf('history', customerio, acme()), null);
});

test('each kind of request has its own limits of rates', (t) => {
  const mail = { sent: 10_000, bounced: 250, complained: 7 };
  const rate = (check: 'bounce-rate' | 'complaint-rate', facts: Parameters<typeof distanceOf>[2]) =>
    distanceOf(check, customerio, { ...facts, measured: measured(9_000, mail) });
  t.deepEqual(rate('bounce-rate', acme()), { has: 0.025, needs: 0.05, most: true, left: 'met' });
  t.deepEqual(rate('complaint-rate', acme()), { has: 0.0007, needs: 0.001, most: true, left: 'met' });
  t.like(rate('bounce-rate', receipts()), { needs: 0.02, left: '50 messages too many of 10,000: 2.5 %, at most 2 %' });
  const two = { has: 0.0007, needs: 0.0005, left: 'two messages too many of 10,000: 0.07 %, at most 0.05 %' };
  t.like(rate('complaint-rate', receipts()), two);
});

test('a rate is judged from the least sample on, and never without mail', (t) => {
  const of = (sent: number, minimumSample = customerio.minimumSample) =>
    distanceOf('bounce-rate', { ...customerio, minimumSample }, acme({ measured: measured(0, { sent }) }));
  t.is(of(999), null);
  t.is(of(1_000)?.left, 'met');
  t.is(of(0, { value: 0, rule: 'own choice' }), null);
});

test('a check that is not about a figure has no distance', (t) => {
  t.is(distanceOf('plan', customerio, acme()), null);
});
