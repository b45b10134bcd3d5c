// S-05, S-16: what carries the rest of a domain's mail where the account's warm IPs are each for one kind of mail.
import test from 'ava';
import { egressOf } from '../../src/routing/egress.ts';
import { ip, policy, sender, warming, withOverflow } from './senders.ts';

const cold = warming(1, 100, 1_000);
const [campaigns, receipts] = [ip(2, { carries: 'marketing' }), ip(3, { carries: 'transactional' })];
const fallbackOver = (others: readonly ReturnType<typeof ip>[], by = policy) =>
  egressOf(sender({ ips: [cold], account: { ips: [cold, ...others] } }), 'marketing', by).fallback;

test('S-05: of the account’s warm IPs those for this kind of mail carry the rest', (t) => {
  const first = withOverflow('warm-ips', 'pool', 'wait');
  t.deepEqual(fallbackOver([campaigns, receipts], first), { to: 'ips', ips: [campaigns] });
  t.deepEqual(fallbackOver([receipts, ip(4)], first), { to: 'ips', ips: [ip(4)] });
  t.like(fallbackOver([receipts], first), { to: 'pool', pool: { key: 'shared-us' } }, 'a pool comes before it');
});

test('S-16: rather than wait, the rest goes over a warm IP for the other kind of mail', (t) => {
  t.deepEqual(fallbackOver([receipts], withOverflow('warm-ips', 'wait')), { to: 'ips', ips: [receipts] });
  t.like(fallbackOver([], withOverflow('warm-ips', 'wait')), { to: 'wait' });
});
