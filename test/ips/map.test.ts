// The map of the stock: which subnet an address is in, what is added up, and how it is drawn. Pure.
import test from 'ava';
import fc from 'fast-check';
import { ipStatuses } from '../../src/ips/lifecycle.ts';
import { inOrder, mapPath, subnetIn, subnetOf } from '../../src/ips/map/subnet.ts';
import { type MapRow, tally } from '../../src/ips/map/tally.ts';

test('an address is in its /24 or its /64', (t) => {
  t.is(subnetOf('203.0.113.7'), '203.0.113.0/24');
  t.is(subnetOf('2001:db8::10'), '2001:db8::/64');
  t.is(subnetOf('2001:db8:0:1:2:3:4:5'), '2001:db8:0:1::/64');
  t.is(mapPath('203.0.113.7'), '/inventory/map?subnet=203.0.113.0%2F24');
});

test('only a subnet in its one form is read', (t) => {
  for (const right of ['203.0.113.0/24', '2001:db8::/64', '2001:db8:0:1::/64']) t.is(subnetIn(right), right);
  for (const wrong of [
    ...['203.0.113.7/24', '203.0.113.0/64', '2001:db8::/24', '2001:DB8::/64', '2001:db8:0::/64', '203.0.113.0/25'],
    ...['', '%/24', "'/24", '999.0.0.0/24', undefined, ['203.0.113.0/24']],
  ])
    t.is(subnetIn(wrong), undefined, String(wrong));
});

test('subnets are in the order of their numbers, IPv4 first', (t) => {
  const all = ['2001:db8::/64', '203.0.113.0/24', '9.0.0.0/24', '203.0.20.0/24', '2001:db8:0:1::/64'];
  t.deepEqual(
    inOrder(all, (one) => one),
    ['9.0.0.0/24', '203.0.20.0/24', '203.0.113.0/24', '2001:db8::/64', '2001:db8:0:1::/64'],
  );
});

test('a subnet has its states, its ages and a piece for each', (t) => {
  const rows: MapRow[] = [
    { net: '203.0.113.', status: 'free', age: 0, count: 10 },
    { net: '203.0.113.', status: 'allocated', age: 2, count: 5 },
    { net: '203.0.113.', status: 'free', age: 2, count: 1 },
    { net: '2001:db8::1', status: 'free', age: 0, count: 1 },
    { net: '2001:db8::2', status: 'withdrawn', age: 1, count: 1 },
  ];
  t.deepEqual(tally(rows), [
    {
      subnet: '203.0.113.0/24',
      total: 16,
      states: { free: 11, allocated: 5, quarantined: 0, withdrawn: 0 },
      ages: [10, 0, 6],
      pieces: [
        { name: 'f0', path: 'M0 4h10' },
        { name: 'f2', path: 'M10 4h1' },
        { name: 'a2', path: 'M11 4h5' },
      ],
    },
    {
      subnet: '2001:db8::/64',
      total: 2,
      states: { free: 1, allocated: 0, quarantined: 0, withdrawn: 1 },
      ages: [1, 1, 0],
      pieces: [
        { name: 'f0', path: 'M0 4h128' },
        { name: 'w1', path: 'M128 4h128' },
      ],
    },
  ]);
});

const rows = fc.array(
  fc.record({
    net: fc.constantFrom('203.0.113.', '203.0.112.', '2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'),
    status: fc.constantFrom(...ipStatuses),
    age: fc.integer({ min: 0, max: 2 }),
    count: fc.integer({ min: 1, max: 20 }),
  }),
  { maxLength: 40 },
);

test('nothing is lost or counted twice, by state, by age or in the drawing', (t) => {
  fc.assert(
    fc.property(rows, (all) => {
      const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
      const subnets = tally(all);
      t.is(sum(subnets.map(({ total }) => total)), sum(all.map(({ count }) => count)));
      for (const { subnet, total, states, ages, pieces } of subnets) {
        t.is(sum(Object.values(states)), total);
        t.is(sum(ages), total);
        const drawn = sum(pieces.map(({ path }) => Number(path.split('h')[1])));
        t.true(Math.abs(drawn - (subnet.endsWith('/24') ? total : 256)) < 1);
      }
    }),
    { numRuns: 200 },
  );
});
