import test from 'ava';
import type { Answer } from '../../../src/dns/outcome.ts';
import { reverseName } from '../../../src/dns/reverse-name.ts';
import { linkStatuses, linkTransitions, stepAfter } from '../../../src/ips/names/lifecycle.ts';
import { isSound, judgeFree, judgeLinked, known, UNKNOWN } from '../../../src/ips/names/names.ts';
import { heldBack, wrongIn } from '../../../src/ips/names/wording.ts';

const found = (...records: string[]): Answer<string> => ({ outcome: 'found', records });
const NONE: Answer<string> = { outcome: 'no-such-name' };
const EMPTY: Answer<string> = { outcome: 'no-such-record' };
const AWAY: Answer<string> = { outcome: 'away' };
const NAME = 'o1.acme.test';
const V4 = '198.18.0.1';
const V6 = '2a01:4f8::25';

test('the names of PTR records are those of RFC 1035 and RFC 3596', (t) => {
  t.is(reverseName('10.2.0.52'), '52.0.2.10.in-addr.arpa');
  t.is(
    reverseName('4321:0:1:2:3:4:567:89ab'),
    'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa',
  );
});

test('S-19: a name is confirmed only where PTR and address agree both ways', (t) => {
  const both = (address: string, ptr: Answer<string>, forward: Answer<string>) =>
    isSound(judgeLinked(NAME, { address, ptr }, forward));
  t.true(both(V4, found(NAME), found(V4)));
  t.true(both(V4, found('O1.Acme.Test.'), found('203.0.113.9', V4)), 'case and a final dot say nothing');
  t.true(both(V4, found('isp.test', NAME), found(V4)), 'one of several names is enough');
  t.true(both(V6, found(NAME), found('2a01:04f8:0:0:0:0:0:0025')), 'the same IPv6 address in another writing');
  t.false(both(V4, found('isp.test'), found(V4)));
  t.false(both(V4, NONE, found(V4)));
  t.false(both(V4, found(NAME), found('203.0.113.9')));
  t.false(both(V4, found(NAME), EMPTY));
  t.is(both(V4, found(NAME), AWAY), null, 'what could not be found out confirms nothing');
  t.false(both(V4, NONE, AWAY), 'and one side that is wrong for certain is enough');
});

test('S-19: what does not agree is said record by record', (t) => {
  const about = { name: NAME, address: V4 };
  const wrong = (ptr: Answer<string>, forward: Answer<string>) =>
    wrongIn(judgeLinked(NAME, { address: V4, ptr }, forward), about);
  t.deepEqual(wrong(NONE, EMPTY), ['o1.acme.test has no A record.', '198.18.0.1 has no PTR record.']);
  t.deepEqual(wrong(found('a.isp.test', 'b.isp.test'), found('203.0.113.9')), [
    'The A record of o1.acme.test is 203.0.113.9, not 198.18.0.1.',
    'The PTR record of 198.18.0.1 names a.isp.test and b.isp.test, not o1.acme.test.',
  ]);
  t.deepEqual(wrong(AWAY, AWAY), []);
});

test('S-19: a side that is not known yet confirms nothing, and says nothing against it', (t) => {
  const agrees = { state: 'agrees', found: [NAME] } as const;
  t.is(isSound({ ptr: agrees, forward: null }), null);
  t.is(isSound({ ptr: null, forward: agrees }), null);
  t.is(isSound(UNKNOWN), null);
});

test('S-19: a side that could not be found out stays as it was', (t) => {
  const before = judgeLinked(NAME, { address: V4, ptr: found(NAME) }, found(V4));
  const now = known(judgeLinked(NAME, { address: V4, ptr: AWAY }, found(V4)), before);
  t.true(isSound(now));
  t.is(now.trouble, 'away');
});

test('S-19: an IP that nobody has leads back to itself, and not to somebody who had it', (t) => {
  const judge = (ptr: Answer<string>, forwards: [string, Answer<string>][], former: string[] = []) =>
    judgeFree({ address: V4, ptr }, new Map(forwards), former);
  t.true(isSound(judge(found('ip1.desk.test'), [['ip1.desk.test', found(V4)]])));
  t.is(heldBack(judge(NONE, []), V4), '198.18.0.1 has no PTR record.');
  t.regex(heldBack(judge(found('ip1.desk.test'), [['ip1.desk.test', EMPTY]]), V4) ?? '', /has no such address/);
  t.regex(heldBack(judge(found('a.test'), [['a.test', found('203.0.113.9')]]), V4) ?? '', /leads to 203\.0\.113\.9/);
  const old = judge(found(NAME), [[NAME, found(V4)]], [NAME]);
  t.false(isSound(old));
  t.regex(heldBack(old, V4) ?? '', /still names o1\.acme\.test/);
  t.is(isSound(judge(AWAY, [])), null);
  t.is(isSound(judge(found('a.test'), [['a.test', AWAY]])), null);
  t.is(judge(found('a.test'), [['a.test', AWAY]]).trouble, 'away');
  const [half, whole] = [
    judge(found('a.test', 'b.test'), [
      ['a.test', AWAY],
      ['b.test', EMPTY],
    ]),
    judge(found('a.test', 'b.test'), [
      ['a.test', AWAY],
      ['b.test', found(V4)],
    ]),
  ];
  t.is(isSound(half), null, 'the name that could not be asked about may be the right one');
  t.true(isSound(whole));
  t.is(whole.trouble, null, 'one name that leads back is enough');
});

test('S-19: each step of a link goes from and to states that there are, and what is not certain moves nothing', (t) => {
  for (const { from, to } of Object.values(linkTransitions))
    for (const status of [...from, to]) t.true(linkStatuses.includes(status));
  t.deepEqual(linkTransitions.end.from, ['waiting', 'linked', 'broken'], 'all that are not over');
  t.deepEqual(
    Object.values(linkTransitions).map(({ event }) => event),
    ['allocation.nameLinked', 'allocation.nameLost', 'allocation.nameFound', 'allocation.nameEnded'],
  );
  for (const status of linkStatuses) t.is(stepAfter(status, null), null);
  t.deepEqual(
    linkStatuses.map((status) => [stepAfter(status, true), stepAfter(status, false)]),
    [
      ['confirm', null],
      [null, 'lose'],
      ['mend', null],
      [null, null],
    ],
  );
});
