// What a policy's order of overflow routes says of pools.
import test from 'ava';
import { hasPoolIn, poolTakesBeyondWarm, routesBeforeWaiting } from '../../src/policy/document/overflow.ts';
import { customerio } from './facts.ts';

type Overflow = typeof customerio.warmup.overflow.value;
const warmupWith = (...value: Overflow) => ({
  ...customerio.warmup,
  overflow: { ...customerio.warmup.overflow, value },
});
const pool = (kind: 'default' | 'transactional', region: 'us' | 'eu') => ({
  ...{ key: `${kind}-${region}`, kind, region, addresses: [] },
});

test('routes count up to where mail waits, and all of them where it never does', (t) => {
  t.deepEqual(routesBeforeWaiting(warmupWith('warm-ips', 'pool', 'wait')), ['warm-ips', 'pool']);
  t.deepEqual(routesBeforeWaiting(warmupWith('wait', 'pool')), []);
  t.deepEqual(routesBeforeWaiting(warmupWith('warm-ips', 'pool')), ['warm-ips', 'pool']);
});

test('S-26: a pool takes what is more than a warm IP carries where the policy holds back and mail does not wait before', (t) => {
  const holding = (value: 'hold' | 'alarm', ...routes: Overflow) => ({
    ...warmupWith(...routes),
    warm: { ...customerio.warmup.warm, value },
  });
  t.true(poolTakesBeyondWarm(holding('hold', 'warm-ips', 'pool', 'wait')));
  t.false(poolTakesBeyondWarm(holding('alarm', 'warm-ips', 'pool', 'wait')));
  t.false(poolTakesBeyondWarm(holding('hold', 'wait', 'pool')));
  t.false(poolTakesBeyondWarm(holding('hold', 'warm-ips')));
});

test('S-04: an account has a pool where a default one is in its region, and without a region where there is any', (t) => {
  const both = [pool('transactional', 'us'), pool('default', 'eu')];
  t.true(hasPoolIn(both, 'eu'));
  t.false(hasPoolIn(both, 'us'), 'the transactional pool takes no other mail');
  t.true(hasPoolIn(both, null));
  t.false(hasPoolIn([pool('transactional', 'us')], null));
  t.false(hasPoolIn([], 'eu'));
  t.true(hasPoolIn([pool('default', 'us'), pool('default', 'eu')], 'us'), 'one is enough');
});
