// Believable facts for every mail, as the actions would give them.
import type { MailFacts } from '../../src/notifications/mail.ts';

const AT = Date.UTC(2026, 10, 24, 15, 30);

const forCustomer = {
  reference: 'WD-1042',
  kind: 'dedicated_ip' as const,
  what: 'One dedicated IP for Acme Shop',
  account: 'Acme Shop',
  path: '/requests/WD-1042',
};
const forStaff = { ...forCustomer, path: '/review/WD-1042' };

export const sampleFacts: {
  readonly [Name in Extract<keyof MailFacts, `request-${string}` | 'warmup-complete'>]: MailFacts[Name];
} = {
  'request-received': {
    ...forCustomer,
    monthlyCents: 5000,
    currency: 'USD',
    decideBy: AT,
    findings: [
      { title: 'Enough mail for one IP', ok: true },
      { title: 'Clean sending', ok: true },
      { title: 'Second IP this month: a reviewer looks at this before deciding', ok: false },
    ],
  },
  'request-to-review': { ...forStaff, verdict: 'Approve one IP.', decideBy: AT },
  'request-question': {
    ...forCustomer,
    question: 'Your stated volume is twice what we measure.\n\nWhat do you expect to change, and when?',
    answerBy: AT,
    asker: 'Rita Reviewer',
  },
  'request-answered': {
    ...forStaff,
    answer: 'We add the winter catalogue from 1 December: two mailings a week to the whole list.',
    by: 'Ola Acme',
  },
  'request-second-review': forCustomer,
  'request-to-confirm': {
    ...forStaff,
    reason: 'The account moves its volume over from another provider; we have seen the statistics there.',
    proposer: 'Rita Reviewer',
    failedChecks: ['Weekly volume: 42,000 measured, 50,000 needed', 'Account on the desk for 12 days'],
  },
  'request-sent-back': { ...forStaff, reason: 'Ask for the statistics first, please.', by: 'Sam Second' },
  'request-back-in-review': forCustomer,
  'request-offered': {
    ...forCustomer,
    what: 'Three dedicated IPs for Acme Shop',
    asked: 3,
    granted: 2,
    reason: 'Your 120,000 emails a week keep two IPs warm, not three.',
    monthlyCents: 5000,
    currency: 'USD',
    acceptBy: AT,
  },
  'request-waitlisted': { ...forCustomer, region: 'eu', granted: 1, monthlyCents: 0, currency: 'USD' },
  'request-approved': {
    ...forCustomer,
    addresses: ['198.51.100.24'],
    monthlyCents: 0,
    currency: 'USD',
    quoteSentence: 'Your Premium plan includes three IPs; this is the second. A fourth would be $50 a month.',
    startsOn: 20786,
    finishesOn: 20824,
    firstCap: 200,
    domains: ['shop.acme.example', 'mail.acme.example'],
  },
  'request-approved-pool': {
    ...forCustomer,
    kind: 'transactional_pool',
    what: 'The transactional pool for receipts.acme.example',
    domain: 'receipts.acme.example',
  },
  'request-declined': {
    ...forCustomer,
    reason:
      'The domain sends 12,000 emails a week. An IP of its own would not keep its reputation with so little mail.',
    remedies: [
      'Send at least 50,000 emails a week over the domains that use the IP; that is 38,000 more than now.',
      'Publish a DMARC record for shop.acme.example.',
    ],
  },
  'request-withdrawn': { ...forCustomer, by: 'Ola Acme' },
  'request-expired': { ...forCustomer, waitedForDays: 14 },
  'request-decided': { ...forStaff, outcome: 'approved', by: 'Sam Second' },
  'warmup-complete': {
    ...forCustomer,
    path: '/warm-ups/7',
    address: '198.51.100.24',
    domains: ['shop.acme.example', 'mail.acme.example'],
  },
};
