import test from 'ava';
import { assess, recommend } from '../../src/policy/checks/assess.ts';
import { acme, customerio, domain, found, measured, now, receipts, sendgrid } from './facts.ts';

test('C-05: a separate transactional domain meets every check of the pool', (t) => {
  for (const policy of [customerio, sendgrid]) {
    const findings = assess(policy, receipts(), now);
    t.true(findings.every(({ verdict }) => verdict === 'passes'));
    t.is(recommend(findings, receipts()).title, 'Approve the transactional pool.');
  }
});

test('C-04: a domain that sends marketing mail, alone or too, may not send over the transactional pool', (t) => {
  for (const usage of ['marketing', 'both'] as const) {
    const finding = found('transactional-only', receipts({ domain: domain('shop.example', { usage }) }));
    t.is(finding.verdict, 'blocks');
    t.is(finding.rule, 'C-04');
    t.regex(finding.remedy ?? '', /domain of its own, such as receipts\.shop\.example/);
  }
});

test('C-03: the pool refuses bounce and complaint rates that the default limits allow', (t) => {
  const sending = measured(10_000, { sent: 40_000, bounced: 1_200, complained: 30 });
  for (const check of ['bounce-rate', 'complaint-rate']) {
    t.is(found(check, acme({ measured: sending })).verdict, 'passes');
    t.is(found(check, receipts({ measured: sending })).verdict, 'fails');
    t.is(found(check, receipts({ measured: sending })).rule, 'C-03');
  }
});

test('C-03: the stricter limits are exact', (t) => {
  const verdicts = (bounced: number, complained: number) => {
    const facts = receipts({ measured: measured(10_000, { sent: 40_000, bounced, complained }) });
    return [found('bounce-rate', facts).verdict, found('complaint-rate', facts).verdict];
  };
  t.deepEqual(verdicts(800, 20), ['passes', 'passes']);
  t.deepEqual(verdicts(801, 21), ['fails', 'fails']);
});

test('a domain that is in the pool already cannot ask for it; one on dedicated IPs wants a look', (t) => {
  const verdict = (route: 'default' | 'dedicated' | 'transactional') =>
    found('route-now', receipts({ domain: domain('receipts.example', { usage: 'transactional', route }) })).verdict;
  t.deepEqual([verdict('default'), verdict('dedicated'), verdict('transactional')], ['passes', 'look', 'blocks']);
});

test('fewer weeks with mail than the pool asks for want a look', (t) => {
  const weeks = (n: number) => Array.from({ length: 12 }, (_, i) => ({ from: i * 7, sent: i < n ? 100 : 0 }));
  const finding = (n: number) => found('history', receipts({ measured: measured(9_000, { weeks: weeks(n) }) }));
  t.is(finding(1).verdict, 'look');
  t.is(finding(1).remedy, 'Send over the default pool for one more week.');
  t.is(finding(2).verdict, 'passes');
});

test('the pool asks for proof of the domain and for one open request at a time', (t) => {
  t.is(found('one-open', receipts({ openRequest: 'WD-1007' })).verdict, 'blocks');
  const unproven = receipts({ domain: domain('receipts.example', { usage: 'transactional', spf: false }) });
  t.is(found('domains-proven', unproven).verdict, 'fails');
});
