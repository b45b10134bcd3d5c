import test from 'ava';
import { alongsideIp } from '../../src/routing/alongside.ts';
import { ip, planState, policy, sender, warming, withOverflow } from './senders.ts';

const paused = ip(1, { status: 'paused', warmup: planState(200, 1000, { status: 'paused' }) });
const alongside = (ips = [paused], more = ips, by = policy) =>
  alongsideIp([sender({ ips, account: { ips: more } })], '192.0.2.1', by);

const [over, waits, isWarmLimited, refusal] = [['the shared pool'], false, false, null];

test('C-15: beside a paused IP mail goes over the shared pool where the account has no warm IP', (t) => {
  t.deepEqual(alongside(), { over, waits, isWarmLimited, refusal });
});

test('C-15: beside a paused IP mail goes over the account’s warm IPs where it has some, and over no pool', (t) => {
  t.deepEqual(alongside([paused], [paused, ip(2)]).over, ['192.0.2.2']);
  t.deepEqual(alongside([paused, ip(3)]).over, ['192.0.2.3']);
});

test('C-15: an IP that warms up beside a paused one carries its part', (t) => {
  t.deepEqual(alongside([paused, warming(2, 200, 1000)]).over, ['192.0.2.2', 'the shared pool']);
});

test('S-16: where nothing is warm any more the mail waits, but for what a warming IP may carry', (t) => {
  t.deepEqual(alongside([paused], [paused], withOverflow('wait')), { over: [], waits: true, isWarmLimited, refusal });
  t.deepEqual(alongside([paused, warming(2, 200, 1000)], [paused], withOverflow('wait')), {
    over: ['192.0.2.2'],
    waits: true,
    isWarmLimited,
    refusal,
  });
});

test('the IP itself is not among what is beside it', (t) => {
  t.deepEqual(alongsideIp([sender({ ips: [warming(1, 200, 1000)] })], '192.0.2.1', policy).over, ['the shared pool']);
  t.deepEqual(alongsideIp([], '192.0.2.1', policy), { over: [], waits, isWarmLimited, refusal });
});

test('S-26: warm IPs keep their limits only where a pool takes what is more', (t) => {
  const warm = { ...planState(1000, 1000, { status: 'complete' }), warmedTo: 1000 };
  const warmOne = ip(1, { warmup: warm });
  t.true(alongside([warmOne]).isWarmLimited);
  t.false(alongside([warmOne], [warmOne], withOverflow('wait')).isWarmLimited);
  t.false(alongside([warmOne], [warmOne], { ...policy, pools: [] }).isWarmLimited);
});

test('C-02: where nothing is sent for any of the domains it says why, and not while one of them sends', (t) => {
  const ips = [warming(1, 200, 1000)];
  const stopped = sender({ ips, isStopped: true });
  const refusal = 'news.acme.example is stopped, so nothing is sent for it.';
  t.like(alongsideIp([stopped], '192.0.2.1', policy), { over: [], refusal });
  t.like(alongsideIp([stopped, sender({ ips })], '192.0.2.1', policy), { over: ['the shared pool'], refusal: null });
});
