import test from 'ava';
import { assess } from '../../src/policy/checks/assess.ts';
import { acme, customerio, domain, found, measured, now, receipts, sendgrid } from './facts.ts';

const onPlan = (plan: string) => acme({ joined: 0, account: { name: 'Acme Shop', plan, region: null } });

test('a request that meets the policy passes every check, each with its evidence', (t) => {
  for (const finding of assess(customerio, acme(), now)) {
    t.is(finding.verdict, 'passes', finding.check);
    t.is(finding.remedy, null, finding.check);
    t.regex(finding.rule, /^([CS]-\d\d|own choice)$/);
    for (const text of [finding.title, finding.fact, finding.limit, finding.source]) t.not(text, '');
    t.regex(finding.customer.title, /^[A-Z].*\.$/);
    t.regex(finding.customer.sentence, /\.$/);
  }
});

test('both policies run through the one engine, and each asks what its own document asks', (t) => {
  const checks = (policy: typeof customerio) => assess(policy, acme(), now).map(({ check }) => check);
  const [sg, cio] = [checks(sendgrid), checks(customerio)];
  t.deepEqual(
    cio.filter((check) => !sg.includes(check)),
    ['stated-volume', 'measured-volume'],
  );
  t.deepEqual(
    sg.filter((check) => !cio.includes(check)),
    ['may-commit', 'new-ips'],
  );
});

test('no finding of a shipped policy names a rule of the other', (t) => {
  for (const facts of [acme(), acme({ account: { name: 'Acme', plan: 'gold', region: 'eu' } }), receipts()]) {
    for (const { check, rule } of assess(customerio, facts, now)) t.regex(rule, /^(C-\d\d|own choice)$/, check);
    for (const { check, rule } of assess(sendgrid, facts, now)) t.regex(rule, /^(S-\d\d|own choice)$/, check);
  }
});

test('S-08: a Pro account of SendGrid has no gate: no volume fails its request', (t) => {
  for (const weekly of [1, 24_999]) {
    const pro = acme(
      { joined: 0, measured: measured(weekly), account: { name: 'Acme', plan: 'pro', region: 'eu' } },
      { weeklyVolume: weekly },
    );
    t.deepEqual(
      assess(sendgrid, pro, now).filter(({ verdict }) => verdict === 'fails' || verdict === 'blocks'),
      [],
    );
  }
});

test('C-09: Premium of Customer.io asks for three IPs at once, and nothing is said of how many a month', (t) => {
  const three = acme({ joined: 0, allocated: 0, addedThisMonth: 2 }, { ipCount: 3, weeklyVolume: 180_000 });
  t.true(assess(customerio, three, now).every(({ verdict }) => verdict === 'passes'));
});

test('C-11: anybody of an account asks for IPs under Customer.io, whose document names no roles', (t) => {
  const member = acme({ requester: { name: 'Mia', role: 'member' } });
  t.true(assess(customerio, member, now).every(({ verdict }) => verdict === 'passes'));
});

test('S-03: Trial and Essentials of SendGrid send over shared IPs only', (t) => {
  for (const plan of ['trial', 'essentials']) {
    const finding = found('plan', onPlan(plan), sendgrid);
    t.is(finding.verdict, 'blocks');
    t.is(finding.rule, 'S-03');
    t.is(finding.remedy, 'Change to Pro Email API or Advanced Marketing Campaigns.');
  }
  t.is(found('plan', onPlan('pro'), sendgrid).verdict, 'passes');
  t.is(found('plan', onPlan('essentials'), customerio).verdict, 'passes');
});

test('S-03: a plan that the policy does not know blocks', (t) => {
  t.is(found('plan', onPlan('gold')).verdict, 'blocks');
});

test('S-11: admin and billing may commit to cost, a member may not', (t) => {
  const verdict = (role: 'admin' | 'billing' | 'member') =>
    found('may-commit', acme({ requester: { name: 'Ola', role } }), sendgrid).verdict;
  t.deepEqual([verdict('admin'), verdict('billing'), verdict('member')], ['passes', 'passes', 'blocks']);
  const finding = found('may-commit', acme({ requester: { name: 'Mia', role: 'member' } }), sendgrid);
  t.is(finding.rule, 'S-11');
  t.is(finding.remedy, 'Ask an admin or a billing contact of your account to send this request.');
});

test('S-10: SendGrid sells one IP at a time', (t) => {
  t.is(found('ip-count', acme({}, { ipCount: 1 }), sendgrid).verdict, 'passes');
  const finding = found('ip-count', acme({}, { ipCount: 2 }), sendgrid);
  t.is(finding.verdict, 'blocks');
  t.is(finding.rule, 'S-10');
});

test('S-12: more than one new IP a month is looked at by a person', (t) => {
  const second = found('new-ips', acme({ addedThisMonth: 1 }), sendgrid);
  t.is(second.verdict, 'look');
  t.is(second.customer.title, 'Second new IP this month.');
  t.is(found('new-ips', acme({ addedThisMonth: 0 }), sendgrid).verdict, 'passes');
});

test('S-04: an account pinned to the EU may not ask for IPs elsewhere', (t) => {
  const account = { name: 'Acme Shop', plan: 'premium', region: 'eu' as const };
  t.is(found('region', acme({ account }, { region: 'us' })).verdict, 'fails');
  t.is(found('region', acme({ account }, { region: 'us' })).remedy, 'Ask for IPs in the EU.');
  t.is(found('region', acme({ account }, { region: 'eu' })).verdict, 'passes');
});

test('S-04: what the policy lets nobody override blocks; under SendGrid that is the region', (t) => {
  const pinned = acme({ account: { name: 'Acme Shop', plan: 'pro', region: 'eu' } }, { region: 'us' });
  t.like(found('region', pinned, sendgrid), { verdict: 'blocks', rule: 'S-04', remedy: 'Ask for IPs in the EU.' });
  t.is(found('region', pinned, customerio).verdict, 'fails', 'two reviewers may agree to it');
  const without = { ...customerio, neverOverridden: { value: ['region' as const], rule: 'own choice' } };
  t.is(found('region', pinned, without).verdict, 'blocks');
  t.is(found('region', { ...pinned, asked: { ...pinned.asked, region: 'eu' } }, without).verdict, 'passes');
  const few = acme({ joined: 0 }, { weeklyVolume: 1 });
  t.is(found('stated-volume', few, without).verdict, 'fails', 'other checks stay as they are');
});

test('S-04: EU IPs go only to accounts that are pinned to the EU, where the policy says so', (t) => {
  const asking = (region: 'us' | 'eu') =>
    acme({ account: { name: 'Acme Shop', plan: 'pro', region: null } }, { region });
  const finding = found('region', asking('eu'), sendgrid);
  t.like(finding, { verdict: 'blocks', remedy: 'Ask for IPs in the US.', limit: 'US' });
  t.is(finding.customer.sentence, 'IPs in the EU are for accounts that send from there only.');
  t.is(found('region', asking('us'), sendgrid).verdict, 'passes');
  t.is(found('region', asking('eu'), customerio).verdict, 'passes');
});

test('a region that the provider does not offer blocks', (t) => {
  const usOnly = { ...customerio, regions: { value: ['us' as const], rule: 'own choice' } };
  t.is(found('region', acme({}, { region: 'eu' }), usOnly).verdict, 'blocks');
});

test('another open request blocks, and is named', (t) => {
  const finding = found('one-open', acme({ openRequest: 'WD-1042' }));
  t.is(finding.verdict, 'blocks');
  t.true(finding.customer.sentence.includes('WD-1042'));
});

test('too few free IPs want a look and never bind: the approval settles stock', (t) => {
  const none = found('free-ips', acme({ freeIps: 0 }));
  t.deepEqual([none.verdict, none.binds], ['look', false]);
  t.regex(none.customer.sentence, /waitlisted/);
  t.true(assess(customerio, acme(), now).every(({ check, binds }) => binds === (check !== 'free-ips')));
});

test('bounces fail from the first message above the limit', (t) => {
  const verdict = (bounced: number) =>
    found('bounce-rate', acme({ measured: measured(100_000, { sent: 400_000, bounced }) }));
  t.is(verdict(20_000).verdict, 'passes');
  t.is(verdict(20_001).verdict, 'fails');
  t.is(verdict(20_000).fact, '5 %');
  t.not(verdict(20_001).fact, '5 %', 'a rate above the limit is not shown as the limit');
  t.regex(verdict(20_001).remedy ?? '', /Of 400,000 messages at most 20,000 may bounce; 20,001 did\.$/);
});

test('complaints fail from the first message above the limit', (t) => {
  const verdict = (complained: number) =>
    found('complaint-rate', acme({ measured: measured(100_000, { sent: 3_000, complained }) })).verdict;
  t.deepEqual([verdict(3), verdict(4)], ['passes', 'fails']);
});

test('a rate below the minimum sample says that there is too little mail to judge', (t) => {
  const rate = (sent: number) => found('bounce-rate', acme({ measured: measured(250, { sent, bounced: sent }) }));
  t.is(rate(999).verdict, 'look');
  t.regex(rate(999).fact, /too little mail to judge/);
  t.is(rate(1_000).verdict, 'fails');
});

test('a missing record fails, and the remedy names the record and the domain', (t) => {
  const finding = found(
    'domains-proven',
    acme({ domains: [domain('a.example'), domain('b.example', { dkim: false, dmarc: false })] }),
  );
  t.is(finding.verdict, 'fails');
  t.is(finding.fact, 'b.example lacks DKIM and DMARC');
  t.is(finding.remedy, 'Publish the DKIM and DMARC records of b.example. Then check DNS again.');
});

test('a record that is there but not right is said to be so, beside those that are missing', (t) => {
  const wrong = domain('b.example', { spf: false, dmarc: false, wrong: ['spf'] });
  const finding = found('domains-proven', acme({ domains: [domain('a.example'), wrong] }));
  t.is(finding.verdict, 'fails');
  t.is(finding.fact, 'b.example: SPF not right, DMARC missing');
  t.is(finding.customer.sentence, 'SPF of b.example is there but not right; DMARC was not found for b.example.');
  t.is(
    finding.remedy,
    'Correct the SPF record of b.example: its page says what is not right. Publish the DMARC record of b.example. Then check DNS again.',
  );
});

test('a domain that was never looked at is not told to lack anything, but a look is wanted', (t) => {
  const unseen = domain('b.example', { spf: false, dkim: false, dmarc: false, checkedAt: null });
  const one = found('domains-proven', acme({ domains: [domain('a.example'), unseen] }));
  t.like(one, { verdict: 'look', fact: 'b.example not checked yet', asOf: null });
  const lacking = domain('c.example', { dmarc: false });
  t.is(
    found('domains-proven', acme({ domains: [lacking, unseen] })).verdict,
    'fails',
    'what is known to be missing still is',
  );
});

test('the proof of several domains is as old as the oldest, and none when one was never checked', (t) => {
  const proof = (checkedAt: number | null) =>
    found('domains-proven', acme({ domains: [domain('a.example'), domain('b.example', { checkedAt })] })).asOf;
  t.is(proof(5), 5);
  t.is(proof(null), null);
});

test('a request without a domain blocks', (t) => {
  t.is(found('domains-proven', acme({ domains: [] })).verdict, 'blocks');
});

test('a reviewer looks where a domain would leave the transactional pool for the IPs', (t) => {
  const pooled = domain('receipts.acme.example', { usage: 'transactional', route: 'transactional' });
  const finding = found('leaves-pool', acme({ domains: [domain('shop.acme.example'), pooled] }));
  t.like(finding, { verdict: 'look', fact: 'receipts.acme.example', binds: true });
  t.is(finding.remedy, 'Leave receipts.acme.example out of this request, and it stays in the pool.');
  t.throws(() => found('leaves-pool', acme()), undefined, 'where none is in the pool, nothing is said');
});
