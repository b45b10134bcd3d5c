import test from 'ava';
import { readAddresses } from '../../src/ips/address-list.ts';

test('addresses are read one on a line, in their normal form; empty lines count but say nothing', (t) => {
  const read = readAddresses(' 192.0.2.1 \r\n\n2001:DB8:0:0::1\n198.51.100.7\n203.0.113.9');
  t.deepEqual(read, { addresses: ['192.0.2.1', '2001:db8::1', '198.51.100.7', '203.0.113.9'], bad: [] });
});

test('every line that isn’t an address is named with its number', (t) => {
  const { bad } = readAddresses(
    '192.0.2.1\nfoo\n192.0.2\n192.0.2.256\n192.0.2.01\n2001:db8::1%eth0\n192.0.2.0/24\n"; drop',
  );
  t.deepEqual(
    bad.map(({ line, text }) => [line, text]),
    [
      [2, 'foo'],
      [3, '192.0.2'],
      [4, '192.0.2.256'],
      [5, '192.0.2.01'],
      [6, '2001:db8::1%eth0'],
      [7, '192.0.2.0/24'],
      [8, '"; drop'],
    ],
  );
});

test('an address that is given twice is named at its second line, in whatever spelling', (t) => {
  const { addresses, bad } = readAddresses('2001:db8::1\n192.0.2.1\n2001:0DB8::0001');
  t.deepEqual(addresses, ['2001:db8::1', '192.0.2.1']);
  t.is(bad[0]?.line, 3);
  t.regex(bad[0]?.problem ?? '', /the same address as line 1/);
});

for (const address of [
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '127.0.0.1',
  '0.0.0.0',
  '169.254.1.1',
  '100.64.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '198.18.0.1',
  '192.0.0.1',
  '::',
  '::1',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  '::ffff:192.0.2.1',
  '::ffff:c000:201',
  '64:ff9b::1',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2002:a00:1::1',
  '2001::53aa:64c',
  '::7f00:1',
  'fec0::1',
  '192.88.99.1',
  '2001:20::1',
]) {
  test(`no mail can be sent from ${address}, so it is refused`, (t) => {
    const { addresses, bad } = readAddresses(address);
    t.deepEqual(addresses, []);
    t.regex(bad[0]?.problem ?? '', /Mail cannot be sent from it\.$/);
  });
}
