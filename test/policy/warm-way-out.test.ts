import test from 'ava';
import { assess, recommend } from '../../src/policy/checks/assess.ts';
import { dedicatedRules } from '../../src/policy/document/plain-words.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { acme, customerio, found, now, sendgrid } from './facts.ts';

type Way = Policy['warmup']['overflow']['value'][number];
const policyWith = (ways: Way[], pools = customerio.pools): Policy => ({
  ...customerio,
  pools,
  warmup: { ...customerio.warmup, overflow: { value: ways, rule: 'own choice' } },
});
const usOnly = customerio.pools.filter(({ region }) => region === 'us');
const noDefault = customerio.pools.filter(({ kind }) => kind !== 'default');
const verdict = (policy: Policy, facts = acme()) => found('warm-way-out', facts, policy).verdict;

test('S-16: warm-up needs an overflow route: the account’s warm IPs or the shared pool of its region', (t) => {
  t.is(verdict(customerio), 'passes');
  t.is(verdict(policyWith(['warm-ips', 'wait'])), 'passes', 'a warm IP of the account is there');
  t.is(verdict(policyWith(['warm-ips', 'wait']), acme({ warmIps: 0 })), 'blocks');
  t.is(verdict(policyWith(['pool']), acme({ warmIps: 0 })), 'passes');
  t.is(verdict(policyWith(['pool'], usOnly), acme({ warmIps: 0 })), 'blocks', 'no pool in the EU');
  t.is(verdict(policyWith(['pool'], usOnly), acme({}, { region: 'us' })), 'passes');
  t.is(verdict(policyWith(['pool'], noDefault)), 'blocks', 'the transactional pool is not an overflow route');
  t.is(verdict(policyWith(['wait'])), 'blocks', 'waiting is none');
});

test('S-04, S-16: a pinned account’s rest goes over the pool of its own region', (t) => {
  const pinned = acme({ account: { name: 'Acme Shop', plan: 'premium', region: 'eu' }, warmIps: 0 }, { region: 'us' });
  t.is(verdict(policyWith(['pool'], usOnly), pinned), 'blocks');
  t.is(verdict(policyWith(['pool']), pinned), 'passes');
  const warmOutside = { ...pinned, warmIps: 1 };
  t.is(verdict(policyWith(['warm-ips']), warmOutside), 'blocks', 'over its warm IP in the US its mail may not go');
  t.is(verdict(policyWith(['warm-ips']), { ...warmOutside, asked: { ...pinned.asked, region: 'eu' } }), 'passes');
});

test('S-16: the reason is told to the customer and the reviewer', (t) => {
  const none = found('warm-way-out', acme({ warmIps: 0 }), policyWith(['warm-ips', 'pool'], usOnly));
  t.is(none.rule, 'own choice', 'the policy’s own order');
  t.is(found('warm-way-out', acme()).rule, 'C-15');
  t.is(none.fact, 'none');
  t.is(none.limit, 'a warm IP or a shared pool');
  t.regex(none.customer.sentence, /In the EU there is no shared pool that could carry the rest/);
  t.is(none.remedy, 'Ask for IPs in the US, if your account may send from there.');
  t.not(recommend([none], acme()).verdict, 'approve');
  const found2 = found('warm-way-out', acme());
  t.is(found2.fact, 'one warm IP of the account and the pool shared-eu');
  t.regex(found2.customer.sentence, /goes over one warm IP of yours and the pool shared-eu/);
});

test('S-16: the policy page says where the rest goes', (t) => {
  const rule = dedicatedRules(customerio).find(({ about }) => about === 'While it warms up');
  t.regex(
    rule?.sentence ?? '',
    /The rest goes over your other warm IPs, and where there are none over the shared pool\. Without one of these we don’t assign an IP\./,
  );
});

test('S-16: where the policy needs a warm IP, the shared pool does not count as one', (t) => {
  const first = found('warm-way-out', acme({ warmIps: 0 }), sendgrid);
  t.like(first, { verdict: 'blocks', fact: 'none', limit: 'a warm IP', rule: 'S-16' });
  t.is(
    first.remedy,
    'Choose to warm the IP up yourself, or ask for automated warm-up once another IP of yours is warm.',
  );
  t.like(found('warm-way-out', acme({ warmIps: 1 }), sendgrid), {
    verdict: 'passes',
    fact: 'one warm IP of the account',
  });
  t.regex(
    dedicatedRules(sendgrid).find(({ about }) => about === 'While it warms up')?.sentence ?? '',
    /The rest goes over your other warm IPs\. Without one of these we don’t assign an IP with automated warm-up\. You can leave automated warm-up out/,
  );
});

test('S-15, S-16: without automated warm-up nothing overflows, so no route for it is asked for', (t) => {
  const findings = assess(sendgrid, acme({ warmIps: 0 }, { automatedWarmup: false }), now);
  t.false(findings.some(({ check }) => check === 'warm-way-out'));
});
