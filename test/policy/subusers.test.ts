// What a parent's request for IPs says of the subusers whose domains it names.
import test from 'ava';
import { assess } from '../../src/policy/checks/assess.ts';
import type { DedicatedFacts, DomainFacts, Region, SubuserFacts } from '../../src/policy/checks/facts.ts';
import { acme, domain, found, now, sendgrid } from './facts.ts';

const of = (name: string, region: Region, change: Partial<SubuserFacts> = {}): DomainFacts =>
  domain(`news.${name.toLowerCase()}.example`, { subuser: { name, region, status: 'active', ...change } });
const asking = (
  domains: DomainFacts[],
  region: Region,
  { role = 'admin', home = null }: { role?: DedicatedFacts['requester']['role']; home?: Region | null } = {},
) =>
  acme({ domains, account: { name: 'Acme', plan: 'pro', region: home }, requester: { name: 'Ola', role } }, { region });
const subusers = (facts: DedicatedFacts) => found('subuser-domains', facts, sendgrid);
const region = (facts: DedicatedFacts) => found('region', facts, sendgrid);

test('nothing is said of subusers where a request names no domain of theirs', (t) => {
  t.false(assess(sendgrid, acme(), now).some(({ check }) => check === 'subuser-domains'));
});

test('S-18: what is approved for domains of subusers is assigned to them, each named once', (t) => {
  const finding = subusers(asking([of('Labs', 'eu'), of('Club', 'eu'), of('Labs', 'eu')], 'eu'));
  t.like(finding, { verdict: 'passes', rule: 'S-18', fact: 'Club (EU) and Labs (EU)', limit: 'active, in EU' });
  t.is(finding.customer.sentence, 'What is approved is assigned to Club and Labs.');
});

test('S-23: a subuser of another region than the one asked for blocks, with those of it named', (t) => {
  const finding = subusers(asking([of('Labs', 'eu'), of('Club', 'us')], 'us'));
  t.like(finding, { verdict: 'blocks', rule: 'S-23', fact: 'Club (US) and Labs (EU)', limit: 'active, in US' });
  t.is(finding.customer.sentence, 'Labs sends from the EU only; you ask for IPs in the US.');
  t.regex(finding.remedy ?? '', /in its own region for Labs,/);
});

test('S-22: a member of the account cannot ask for what is assigned to subusers; admins and billing contacts can', (t) => {
  const by = (role: 'admin' | 'billing' | 'member') => subusers(asking([of('Labs', 'us')], 'us', { role }));
  t.like(by('member'), { verdict: 'blocks', rule: 'S-22', fact: 'Ola, account member', limit: 'admin or billing' });
  t.is(by('billing').verdict, 'passes');
  t.is(by('admin').verdict, 'passes');
});

test('a subuser that is suspended or closed gets no IP', (t) => {
  for (const status of ['suspended', 'closed'] as const) {
    const finding = subusers(asking([of('Labs', 'us', { status }), of('Club', 'us')], 'us'));
    t.like(finding, { verdict: 'blocks', rule: 'own choice', fact: `Club (US) and Labs (US, ${status})` });
    t.regex(finding.customer.sentence, new RegExp(`^Labs is ${status}\\.`));
  }
});

test('S-14, S-04: a parent without the EU pin asks for an EU IP for EU subusers, and for nothing of its own', (t) => {
  const [own, labs] = [domain('news.acme.example'), of('Labs', 'eu')];
  t.like(region(asking([labs], 'eu')), { verdict: 'passes', limit: 'EU' });
  t.is(region(asking([labs], 'eu')).customer.sentence, 'Your subusers send from the EU.');
  t.like(region(asking([own], 'eu')), { verdict: 'blocks', limit: 'US', remedy: 'Ask for IPs in the US.' });
  const mixed = region(asking([own, labs], 'eu'));
  t.is(mixed.verdict, 'blocks', 'its own mail would leave over it');
  t.is(mixed.remedy, 'Ask for your own domains and for those of your subusers in requests of their own.');
  t.is(region(asking([own, labs], 'eu', { home: 'eu' })).verdict, 'passes', 'with the pin both may');
});

test('S-23, S-14: the region of the subusers counts where a request names their domains alone, whatever the parent’s is', (t) => {
  t.is(region(asking([of('Labs', 'us')], 'us', { home: 'eu' })).verdict, 'passes');
  const wrong = region(asking([of('Labs', 'us')], 'eu', { home: 'eu' }));
  t.like(wrong, { verdict: 'blocks', limit: 'US', remedy: 'Ask for IPs in the US.' });
  t.regex(wrong.customer.sentence, /no subuser named sends from there/);
});

test('S-16: mail of EU subusers above the cap goes over warm IPs in the EU, whatever the parent’s region is', (t) => {
  const overflow = (facts: DedicatedFacts) => found('warm-way-out', facts, sendgrid).verdict;
  t.is(overflow(asking([of('Labs', 'us')], 'us', { home: 'eu' })), 'passes');
  t.is(overflow({ ...asking([of('Labs', 'us')], 'us', { home: 'eu' }), warmIps: 0 }), 'blocks');
  t.is(overflow(asking([domain('news.acme.example')], 'us', { home: 'eu' })), 'blocks', 'its own may not go there');
});
