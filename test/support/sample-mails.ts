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

const ofWarmup = {
  reference: 'WD-1042',
  account: 'Acme Shop',
  address: '198.51.100.24',
  domains: ['shop.acme.example', 'mail.acme.example'],
  path: '/warm-ups/7',
};
const stands = { stage: 12, stages: 38, cap: 1_310, finishesOn: 20_810 };

export const sampleFacts: {
  readonly [Name in Exclude<keyof MailFacts, 'password-reset'>]: MailFacts[Name];
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
  'warmup-started': {
    ...ofWarmup,
    ...stands,
    stage: 1,
    cap: 200,
    also: [{ ...ofWarmup, ...stands, address: '198.51.100.25', stage: 1, cap: 200 }],
  },
  'warmup-paused': {
    ...ofWarmup,
    stage: 11,
    stages: 38,
    why: 'Over the last seven days, 11.2 % of the mail bounced (limit 10 %). The plan goes one stage back and is paused until somebody has looked at it.',
    reason: '',
  },
  'warmup-resumed': { ...ofWarmup, ...stands, reason: 'The list from the trade fair is taken out. Carry on.' },
  'warmup-set-back': {
    ...ofWarmup,
    ...stands,
    before: 16,
    paused: false,
    reason: 'Gmail defers much of your mail. Let us climb again from a smaller volume.',
  },
  'warmup-replanned': {
    ...ofWarmup,
    ...stands,
    before: 50_000,
    target: 8_000,
    paused: false,
    reason: 'Your mailings have about 8,000 recipients, so the plan ends there.',
  },
  'warmup-followed': {
    ...ofWarmup,
    ...stands,
    why: 'Mail goes out on Tuesdays, on fewer days than the plan was made for: eight more stages instead of 40, up to 50,000 messages on the busiest day.',
    paused: false,
  },
  'warmup-cold': { ...ofWarmup, ...stands, stage: 1, cap: 200, idleDays: 30, paused: false },
  'warmup-stands': {
    ...ofWarmup,
    stage: 11,
    stages: 38,
    why: 'For 14 days the plan has been at stage 11 of 38. No mail went over the IP, so the day does not count.',
    help: 'No mail reached the IP. Check whether its domains are sending, and whether the mail servers ask Warmdesk for the route.',
  },
  'warmup-reopened': {
    ...ofWarmup,
    ...stands,
    why: '60,000 messages came on a day, more than twice the 20,000 that the IP is warmed to.',
  },
  'warmup-to-look-at': {
    ...ofWarmup,
    why: 'Over the last seven days, 6.1 % of the mail bounced (limit 5 %).',
    help: 'Check how receivers respond to it.',
  },
  'warmup-complete': { ...ofWarmup, early: false, reason: '' },
  'warmup-to-resume': {
    ...ofWarmup,
    stage: 11,
    stages: 38,
    why: 'Over the last seven days, 11.2 % of the mail bounced (limit 10 %). The plan goes one stage back and is paused until somebody has looked at it.',
  },
  'warmup-early-proposed': {
    ...ofWarmup,
    ...stands,
    by: 'Rita Reviewer',
    reason: 'The same mail went over an IP of theirs at another provider until last week.',
  },
  'warmup-progress': {
    account: 'Acme Shop',
    week: 20773,
    warmups: [
      {
        ...stands,
        address: '198.51.100.24',
        path: '/warm-ups/7',
        status: 'running',
        sent: 8_120,
        passed: 6,
        hold: null,
      },
      {
        ...stands,
        address: '198.51.100.25',
        path: '/warm-ups/8',
        status: 'paused',
        stage: 5,
        cap: 390,
        sent: 1_204,
        passed: 0,
        hold: 'Over the last seven days, 0.41 % of the delivered mail was reported as spam (limit 0.3 %). The plan goes one stage back and is paused until somebody has looked at it.',
      },
    ],
  },
  'request-looked-at-again': {
    ...forCustomer,
    differences: ['Measured volume: it was 62,000 a week (passes), it is 12,000 a week (fails).'],
    decideBy: AT,
  },
  'request-pool-question': { ...forCustomer, domains: ['receipts.acme.example'], answerBy: AT },
  'warmup-go-on-asked': { ...ofWarmup, by: 'Ola Acme', note: 'We took 4,000 dead addresses off the list.' },
  'request-pool-decided': {
    ...forCustomer,
    domains: ['receipts.acme.example'],
    leaves: true,
    by: 'Ola Acme',
    decideBy: AT,
  },
  'request-requoted': {
    ...forCustomer,
    beforeCents: 0,
    monthlyCents: 5000,
    currency: 'USD',
    plan: 'Essentials',
    isBack: true,
  },
  'account-changed': {
    account: 'Acme Shop',
    changes: [{ what: 'Plan', before: 'Premium', after: 'Essentials' }],
    prices: [{ address: '198.51.100.24', monthlyCents: 5000, fromDay: 20_816 }],
    currency: 'USD',
  },
  'account-suspended': { account: 'Acme Shop', reason: 'Complaints above 0.3 % for a week.' },
  'account-reopened': { account: 'Acme Shop' },
  'account-closed': { account: 'Acme Shop', reason: 'You asked for it on 20 November.' },
  'draft-handed-over': { by: 'Mia Member', kind: 'dedicated_ip', path: '/requests/drafts/3' },
  'import-finished': { kind: 'customers', file: 'customers.csv', items: 1200, path: '/imports/3' },
  'test-mail': { by: 'Ana Ruiz' },
  invitation: { account: 'Acme Shop', role: 'billing', seed: 'one of many', expiresAt: AT, by: 'Ola Acme' },
  'second-factor': { change: 'code-used', at: AT, left: 2 },
  'email-proof': { seed: 'one of many', email: 'ola@new.example', expiresAt: AT },
  'email-asked': { seed: 'another', email: 'ola@new.example', expiresAt: AT },
  'email-changed': { before: 'ola@acme.example', after: 'ola@new.example' },
  'role-changed': { account: null, role: 'deliverability', by: 'Ana Ruiz' },
  'team-changed': {
    account: 'Acme Shop',
    what: 'invited kim@acme.example as member',
    by: 'Ola Acme',
    path: '/people',
  },
};
