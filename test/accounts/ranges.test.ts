// S-27: which lists are taken, and whom they let in.
import { BlockList, isIPv6 } from 'node:net';
import test from 'ava';
import fc from 'fast-check';
import { isPrivate, isWithin, MOST_RANGES, plainAddress, readRanges } from '../../src/accounts/addresses/ranges.ts';

const read = (text: string) => readRanges(text);
const problem = (text: string): string => {
  const done = read(text);
  return done.ok ? '' : done.problem;
};

test('S-27: addresses and ranges are taken in their normal form, each once', (t) => {
  const text = ' 203.0.113.7 \r\n\n203.0.113.0/24\n2001:DB8:0:0::/48\n203.0.113.7/32\n2001:db8::0001\n2001:db8::/48\n';
  t.deepEqual(read(text), { ok: true, value: ['203.0.113.7', '203.0.113.0/24', '2001:db8::/48', '2001:db8::1'] });
  t.deepEqual(read(''), { ok: true, value: [] });
});

test('S-27: each line that is wrong gets a sentence that says what to write', (t) => {
  const wrong: Readonly<Record<string, RegExp>> = {
    'our office': /^Line 1: our office is not an address or a range\. Write it like 203\.0\.113\.7/,
    '203.0.113.1\n203.0.113.0-203.0.113.9': /^Line 2: 203\.0\.113\.0-203\.0\.113\.9 is not an address/,
    '203.0.113': /is not an address/,
    '010.0.0.1': /is not an address/,
    '0x7f.1': /is not an address/,
    '1.2.3.4:80': /is not an address/,
    'fe80::1%eth0': /is not an address/,
    '203.0.113.0/': /is not an address/,
    '203.0.113.0/+8': /is not an address/,
    '203.0.113.0/33': /ends in \/33; a range of IPv4 has at most \/32/,
    '2001:db8::/129': /ends in \/129; a range of IPv6 has at most \/128/,
    '203.0.113.7/24':
      /begins in the middle of a range\. Write 203\.0\.113\.0\/24 for the whole range, or 203\.0\.113\.7/,
    '2001:db8::1/48': /Write 2001:db8::\/48 for the whole range, or 2001:db8::1 for the one/,
    '0.0.0.0/0': /is every address\. To let everybody in, leave the list empty/,
    '::/0': /is every address/,
    '::ffff:203.0.113.7': /is an IPv4 address written as IPv6\. Write 203\.0\.113\.7\./,
    '::ffff:203.0.113.0/120': /Write 203\.0\.113\.0\/24\./,
    [`${'9'.repeat(4000)}`]: /^Line 1: 9{60} is not/,
    ['10.0.0.1\n'.repeat(MOST_RANGES + 1)]: /^There are 101 lines; 100 fit/,
  };
  for (const [text, sentence] of Object.entries(wrong)) t.regex(problem(text), sentence, text.slice(0, 60));
  t.true(read(Array.from({ length: MOST_RANGES }, (_, i) => `10.0.0.${i}`).join('\n')).ok);
});

test('S-27: IPv4 within IPv6 is the same address, a zone is left out, and what cannot be read is in no list', (t) => {
  t.true(isWithin([['203.0.113.0/24']], '::ffff:203.0.113.9'));
  t.true(isWithin([['fe80::/64']], 'fe80::1%eth0'));
  t.true(isWithin([], undefined), 'no list limits nothing');
  for (const odd of [undefined, '', 'unknown', '203.0.113.9:4711', '203.0.113.999', '_hidden'])
    t.false(isWithin([['203.0.113.0/24']], odd), String(odd));
  t.is(plainAddress('::FFFF:203.0.113.9'), '203.0.113.9');
  t.is(plainAddress('2001:DB8:0::1'), '2001:db8::1');
  t.is(plainAddress('nonsense'), null);
});

test('S-27: with several lists all of them have to let somebody in', (t) => {
  const lists = [['10.0.0.0/8', '192.0.2.1'], ['192.0.2.0/24']];
  t.true(isWithin(lists, '192.0.2.1'));
  for (const one of ['10.1.1.1', '192.0.2.2']) t.false(isWithin(lists, one));
});

test('addresses of private networks and of the machine itself are told apart', (t) => {
  for (const own of ['127.0.0.1', '::1', '10.1.2.3', '192.168.0.1', 'fd00::1', 'fe80::1']) t.true(isPrivate(own), own);
  for (const other of ['9.9.9.9', '2a01:4f8::1']) t.false(isPrivate(other), other);
});

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
const v4 = fc.ipV4();
const v6 = fc.ipV6().filter((one) => isIPv6(one) && !one.includes('.'));

test('S-27: whatever the list, those let in are those whom Node’s own list of ranges names', (t) => {
  const range = (address: fc.Arbitrary<string>, most: number) => fc.tuple(address, fc.integer({ min: 1, max: most }));
  const inAnyForm = fc.oneof(
    v4,
    v6,
    v4.map((one) => `::ffff:${one}`),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(range(v4, 32), range(v6, 128)), { maxLength: 6 }), inAnyForm, (drawn, client) => {
      // By family, as to Node an IPv4 address is in ::/1, too.
      const known = { ipv4: new BlockList(), ipv6: new BlockList() };
      const lines = drawn.flatMap(([address, bits]) => {
        // A range that is told wrongly comes back with how to write it.
        const [, said] = /Write (\S+) for/.exec(problem(`${address}/${bits}`)) ?? [];
        const line = said ?? `${address}/${bits}`;
        if (!read(line).ok) return [];
        known[familyOf(address)].addSubnet(address, bits, familyOf(address));
        return [line];
      });
      const list = read(lines.join('\n'));
      if (!list.ok || list.value.length === 0) return list.ok;
      const plain = client.replace('::ffff:', '');
      const expected = known[familyOf(plain)].check(plain, familyOf(plain));
      return isWithin([list.value], client) === expected;
    }),
  );
  t.pass();
});
