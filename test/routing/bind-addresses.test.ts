// From which addresses a message leaves.
import test from 'ava';
import { bindAddresses } from '../../src/routing/bind-addresses.ts';
import { fallbackAnswer } from '../../src/routing/route.ts';
import { ip, policy, sender } from './senders.ts';

const FACTS = { share: 1, cap: null, left: null, why: 'ip-warm' } as const;
const pools = (addresses: string[]) =>
  policy.pools.map((pool) => (pool.key === 'shared-us' ? { ...pool, addresses } : pool));
const pooled = (addresses: string[]) => {
  const pool = pools(addresses).find(({ key }) => key === 'shared-us');
  if (!pool) throw new Error('there is no such pool');
  return { via: 'pool', pool, ...FACTS } as const;
};
const dedicated = (address: string) => ({ via: 'ip', ip: { ...ip(1), address }, ...FACTS }) as const;

test('a dedicated IP comes first; receivers without its family are reached from the pool’s of the other', (t) => {
  const both = pools(['198.51.100.1', '2001:db8::21']);
  t.deepEqual(bindAddresses(dedicated('192.0.2.1'), both, 'm'), ['192.0.2.1', '2001:db8::21']);
  t.deepEqual(bindAddresses(dedicated('2001:db8::11'), both, 'm'), ['2001:db8::11', '198.51.100.1']);
  t.deepEqual(bindAddresses(dedicated('192.0.2.1'), pools(['198.51.100.1']), 'm'), ['192.0.2.1']);
  t.deepEqual(bindAddresses(dedicated('2001:db8::11'), pools([]), 'm'), ['2001:db8::11']);
});

test('S-01: receivers without an IP’s family are reached from a pool of the best tier, wherever it is listed', (t) => {
  const [first] = pools(['198.51.100.1']);
  if (!first) throw new Error('there is no such pool');
  const last = { ...first, key: 'recovery', tier: 3, addresses: ['198.51.100.9'] };
  t.deepEqual(bindAddresses(dedicated('2001:db8::11'), [last, first], 'm'), ['2001:db8::11', '198.51.100.1']);
});

test('a pool’s messages are spread over its addresses, and each keeps its own', (t) => {
  const answer = pooled(['198.51.100.1', '198.51.100.2', '2001:db8::21', '198.51.100.3']);
  const counts: Record<string, number> = {};
  for (let i = 0; i < 3_000; i += 1) {
    const [first = '', second] = bindAddresses(answer, policy.pools, `message-${i}`);
    t.deepEqual(bindAddresses(answer, policy.pools, `message-${i}`), [first, second]);
    t.is(second, '2001:db8::21');
    counts[first] = (counts[first] ?? 0) + 1;
  }
  t.deepEqual(Object.keys(counts).sort(), ['198.51.100.1', '198.51.100.2', '198.51.100.3']);
  for (const count of Object.values(counts)) t.true(count > 900 && count < 1_100, `${count} of 3,000`);
});

test('a pool without addresses, and mail that waits, have none', (t) => {
  t.deepEqual(bindAddresses(pooled([]), policy.pools, 'm'), []);
  const waits = fallbackAnswer({ to: 'wait', sentence: 'It waits.' }, sender({ name: 'a.example' }), 'm', {
    share: 1,
    why: 'no-ip',
  });
  t.deepEqual(bindAddresses(waits, policy.pools, 'm'), []);
});
