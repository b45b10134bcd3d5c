import test from 'ava';
import { distanceOf } from '../../src/policy/checks/distance.ts';
import { acme, customerio, found, measured } from './facts.ts';

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
