import test from 'ava';
import { faultOf, queryName, verdictOn } from '../../../src/ips/listings/blocklist.ts';

const found = (...records: string[]) => ({ outcome: 'found', records }) as const;

test('the names that are asked for are those of RFC 5782, for IPv4 and by nibbles for IPv6', (t) => {
  t.is(queryName('192.0.2.99', 'bad.example.com'), '99.2.0.192.bad.example.com');
  t.is(
    queryName('2001:db8:1:2:3:4:567:89ab', 'ugly.example.com'),
    'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ugly.example.com',
  );
});

test('an answer in 127.0.0.0/8 is a listing, and no such name is none', (t) => {
  t.deepEqual(verdictOn(found('127.0.0.4', '127.0.0.2')), { state: 'listed', codes: '127.0.0.2 127.0.0.4' });
  t.deepEqual(verdictOn({ outcome: 'no-such-name' }), { state: 'clean' });
  t.deepEqual(verdictOn({ outcome: 'no-such-record' }), { state: 'clean' });
});

for (const [answer, says] of [
  [found('127.255.255.254'), /^refused the question \(127\.255\.255\.254\)$/],
  [found('127.0.0.2', '127.255.255.252'), /^refused the question/],
  [found('127.0.0.1'), /^refused the question/],
  [found('203.0.113.80'), /is not a blocklist’s answer$/],
  [found('127.0.0.2', '203.0.113.80'), /is not a blocklist’s answer$/],
  [{ outcome: 'timed-out' }, /did not answer in time/],
  [{ outcome: 'away' }, /no resolver answers/],
  [{ outcome: 'server-failed', code: 'EREFUSED' }, /its name servers failed/],
] as const) {
  test(`${JSON.stringify(answer)} says nothing about the address`, (t) => {
    const verdict = verdictOn(answer);
    t.is(verdict.state, 'unknown');
    if (verdict.state === 'unknown') t.regex(verdict.says, says);
  });
}

test('a list works that lists its test entry and not the machine itself', (t) => {
  const none = { outcome: 'no-such-name' } as const;
  t.is(faultOf(found('127.0.0.2'), none), null);
  t.regex(faultOf(none, none) ?? '', /does not list its test entry/);
  t.regex(faultOf(found('127.0.0.2'), found('127.0.0.2')) ?? '', /lists every address/);
  t.regex(faultOf(found('127.0.0.1'), found('127.0.0.1')) ?? '', /refused the question/);
  t.regex(faultOf({ outcome: 'away' }, none) ?? '', /no resolver answers/);
});
