import test from 'ava';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { amountProblem, readStock } from '../../src/ips/stock-list.ts';

const REGIONS = ['us', 'eu'] as const;
const read = (text: string) => readStock(text, REGIONS);
const addresses = (text: string) => read(text).ips.map(({ address }) => address);
const problem = (text: string) => read(text).bad.map(({ line, problem: says }) => `${line}: ${says}`);

test('a range adds each of its addresses, IPv4 and IPv6, in normal form', (t) => {
  t.deepEqual(addresses('203.0.113.252/30'), ['203.0.113.252', '203.0.113.253', '203.0.113.254', '203.0.113.255']);
  t.deepEqual(addresses('2001:DB8:0::ff:FFFE/127'), ['2001:db8::ff:fffe', '2001:db8::ff:ffff']);
  t.deepEqual(addresses('203.0.113.9/32\n2001:db8::9/128'), ['203.0.113.9', '2001:db8::9']);
  const four = addresses('198.51.100.0/22');
  t.deepEqual([four.length, four[0], four[256], four[1023]], [1024, '198.51.100.0', '198.51.101.0', '198.51.103.255']);
});

test('the lines of a CSV file are read with their regions, whatever separates the fields', (t) => {
  const { ips, bad } = read(
    '\uFEFFaddress,region\r\n203.0.113.1,EU\r\n"203.0.113.2";"us"\r\n203.0.113.4/31\teu\r\n203.0.113.6',
  );
  t.deepEqual(bad, []);
  t.deepEqual(
    ips.map(({ address, region }) => `${address} ${region}`),
    ['203.0.113.1 eu', '203.0.113.2 us', '203.0.113.4 eu', '203.0.113.5 eu', '203.0.113.6 null'],
  );
  t.deepEqual(addresses('address\n203.0.113.1,us\n203.0.113.2'), ['203.0.113.1', '203.0.113.2']);
  t.deepEqual(problem('203.0.113.1,mars'), ['1: names the region “mars”. The regions are us and eu.']);
  t.deepEqual(problem('203.0.113.1,us,mta1'), [
    '1: has three fields. A line has an address or a range, and its region.',
  ]);
});

const HEADER = 'address,region,host_name,mta,cost,earlier_use\n';

test('below a header a line says host name, MTA, cost and earlier use, in any order and each if it likes', (t) => {
  const text =
    '203.0.113.1,us,Mail-1.Example.com.,mta-1,4.5,"news, until May"\n203.0.113.4/31,eu,,mta-2,,\n203.0.113.9';
  t.deepEqual(read(`${HEADER}${text}`), {
    ips: [
      {
        ...{ address: '203.0.113.1', region: 'us' },
        details: { hostName: 'mail-1.example.com', mta: 'mta-1', costCents: 450, earlierUse: 'news, until May' },
      },
      ...['203.0.113.4', '203.0.113.5'].map((address) => ({
        ...{ address, region: 'eu' as const },
        details: { hostName: null, mta: 'mta-2', costCents: null, earlierUse: null },
      })),
      { address: '203.0.113.9', region: null },
    ],
    bad: [],
    count: 4,
  });
  t.like(read('ip;mta;region\n203.0.113.1;mta-1;eu').ips[0], { region: 'eu', details: { mta: 'mta-1' } });
});

const DETAILS: Readonly<Record<string, RegExp>> = {
  'us,,,-1,': /^2: has the cost “-1”\. Write what it costs a month like 4 or 4\.50\.$/,
  'us,,,0.001,': /^2: has the cost “0\.001”/,
  'us,,,1e30,': /^2: has the cost “1e30”/,
  'us,no name,,,': /^2: has the host name “no name”\. Write it like mail-7\.example\.com\.$/,
  [`us,${'a.'.repeat(126)}bc,,,`]: /^2: has the host name “a\.a\./,
  [`us,,${'m'.repeat(61)},,`]: /^2: cannot be taken as it is\. MTA has 61 characters; 60 fit\. Shorten it\.$/,
  'us,,,,x,y': /^2: has seven fields, and the header has six\.$/,
  'mars,,,,': /^2: names the region “mars”/,
};
for (const [rest, sentence] of Object.entries(DETAILS)) {
  test(`a line with “${rest.slice(0, 20)}” is refused with a sentence of its own`, (t) => {
    const said = problem(`${HEADER}203.0.113.1,${rest}`);
    t.is(said.length, 1);
    t.regex(said[0] ?? '', sentence);
  });
}

test('a range has no host name, and a header no unknown column', (t) => {
  t.deepEqual(problem(`${HEADER}203.0.113.0/30,us,mail.example.com,,,`), [
    '2: is a range with a host name. Give each address a line with its own.',
  ]);
  t.deepEqual(problem('address,region,colour\n203.0.113.1,us'), [
    '1: has the column “colour”. The columns are address, region, host_name, mta, cost and earlier_use.',
  ]);
});

const SENTENCES: Readonly<Record<string, RegExp>> = {
  '10.0.0.0/8': /^1: holds 10\.0\.0\.0, which is a private address\. Mail cannot be sent from it\.$/,
  '203.0.113.300': /^1: is not an IP address or a range\. Write it like/,
  '203.0.113.0/33': /^1: ends in \/33; its addresses have 32 bits\.$/,
  '203.0.113.5/28':
    /^1: begins in the middle of a range\. Write 203\.0\.113\.0\/28 for the whole range, or 203\.0\.113\.5 alone\.$/,
  '8.0.0.0/8': /^1: has 16,777,216 addresses; 1,024 fit at a time\. Write smaller ranges, at most a \/22\.$/,
  '0.0.0.0/0': /^1: holds 0\.0\.0\.0, which is an address of the machine itself\./,
  '2001:db8::/64':
    /^1: has far more addresses than mail is sent from\. Receivers judge a whole \/64 as one sender:.* a \/118\.$/,
  '2001:db8::/0': /^1: begins in the middle of a range/,
  '2002:a00::/40': /^1: holds 2002:a00::, which is an IPv4 address inside a tunnel\./,
  'fd00::/120': /^1: holds fd00::, which is a private address\./,
  '::ffff:203.0.113.0/120':
    /^1: holds ::ffff:203\.0\.113\.0, which is an IPv4 address written as IPv6: write it as IPv4\./,
  '192.88.96.0/22': /^1: holds 192\.88\.99\.0, which is reserved\./,
  '203.0.113.1 - 203.0.113.9': /^1: is not an IP address or a range/,
  '203.0.113.0/': /^1: is not an IP address or a range/,
  'fe80::1%eth0': /^1: is not an IP address or a range/,
};
for (const [text, sentence] of Object.entries(SENTENCES)) {
  test(`${text} is refused with a sentence of its own`, (t) => {
    t.deepEqual(addresses(text), []);
    t.is(problem(text).length, 1);
    t.regex(problem(text)[0] ?? '', sentence);
  });
}

test('an IPv4 address written as IPv6 beside itself is refused, and the other is taken', (t) => {
  t.deepEqual(problem('203.0.113.5\n::ffff:203.0.113.5'), [
    '2: is an IPv4 address written as IPv6: write it as IPv4. Mail cannot be sent from it.',
  ]);
});

test('what overlaps with an earlier line names the line and the address', (t) => {
  t.deepEqual(problem('203.0.113.5\n203.0.113.5'), ['2: is the same address as line 1. Remove one of them.']);
  t.deepEqual(problem('203.0.113.0/29\n203.0.113.5'), [
    '2: overlaps with line 1 (203.0.113.0/29): 203.0.113.5 is in both. Remove one of them.',
  ]);
  t.deepEqual(problem('203.0.113.5\n\n203.0.113.0/29\n203.0.113.4/31'), [
    '3: overlaps with line 1 (203.0.113.5): 203.0.113.5 is in both. Remove one of them.',
    '4: overlaps with line 1 (203.0.113.5): 203.0.113.5 is in both. Remove one of them.',
  ]);
});

test('what is in use already says where', (t) => {
  const places = new Map([
    ['203.0.113.1', 'the inventory'],
    ['203.0.113.3', 'the pool shared-us'],
  ]);
  const said = (text: string) => readStock(text, REGIONS, (one) => places.get(one)).bad[0]?.problem;
  t.is(said('203.0.113.1'), 'is in the inventory already. Leave it out.');
  t.is(said('203.0.113.2/31'), 'holds 203.0.113.3, which is in the pool shared-us already. Leave it out.');
  t.is(said('203.0.113.0/30'), 'holds 203.0.113.1, which is in the inventory already, and one other. Leave them out.');
});

test('at least one address, at most 1,024 at a time', (t) => {
  t.regex(amountProblem(0) ?? '', /missing/);
  t.deepEqual([amountProblem(1), amountProblem(1024)], [undefined, undefined]);
  t.regex(amountProblem(1025) ?? '', /1,025 addresses; 1,024 fit/);
});

test('every address of a range is within it, no two are alike, and there are as many as its length says', (t) => {
  const v4 = fc.tuple(fc.integer({ min: 0x01000000, max: 0xdfffffff }), fc.integer({ min: 22, max: 32 }));
  fc.assert(
    fc.property(v4, ([number, bits]) => {
      const base = ((number >>> (32 - bits)) << (32 - bits)) >>> 0;
      const text = [24, 16, 8, 0].map((shift) => (base >>> shift) & 255).join('.');
      const range = `${bits === 32 ? [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.') : text}/${bits}`;
      const { ips, bad } = read(range);
      if (bad.length > 0) return t.regex(bad[0]?.problem ?? '', /Mail cannot be sent from it\.$/);
      const found = new Set(ips.map(({ address }) => address));
      t.is(found.size, 2 ** (32 - bits));
      const network = ipaddr.parseCIDR(range);
      for (const address of found) t.true(ipaddr.parse(address).match(network), `${address} in ${range}`);
    }),
    { numRuns: 50 },
  );
});

test('beyond what fits, lines are counted and not read', (t) => {
  const lines = Array.from({ length: 300 }, (_, nth) => `45.${nth >> 6}.${(nth & 63) * 4}.0/22`);
  const { ips, count } = readStock(lines.join('\n'), ['us']);
  t.is(count, 300 * 1024);
  t.is(ips.length, 2 * 1024, 'the line that is too much is the last one read');
});
