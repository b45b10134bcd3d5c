import test from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import {
  type Bar,
  barTo,
  mailOf,
  openTransitions,
  type Transition,
  type TransitionName,
  transitionNames,
  transitions,
} from '../../src/requests/lifecycle.ts';
import { isOpen, kinds, openStatuses, type Status, statuses } from '../../src/requests/request.ts';

// The rules once more, said independently of the table: from where, and by whom.
const CUSTOMERS = ['admin', 'billing', 'member', 'requester', 'staff member of the account', 'requester on the staff'];
const DECIDERS = ['reviewer', 'staff admin', 'proposer'];
const RULES: Record<TransitionName, { from: Status[]; who: string[] }> = {
  submit: { from: [], who: CUSTOMERS },
  answer: { from: ['needs_info'], who: CUSTOMERS },
  edit: { from: ['submitted', 'needs_info'], who: ['admin', 'billing', 'requester', 'requester on the staff'] },
  accept: { from: ['offered'], who: ['admin', 'billing', 'requester', 'requester on the staff'] },
  appeal: { from: ['declined'], who: ['admin', 'billing', 'requester', 'requester on the staff'] },
  withdraw: {
    from: ['submitted', 'needs_info', 'second_review', 'offered', 'waitlisted'],
    who: ['admin', 'billing', 'requester', 'requester on the staff'],
  },
  ask: { from: ['submitted', 'second_review'], who: DECIDERS },
  propose: { from: ['submitted'], who: DECIDERS },
  offer: { from: ['submitted'], who: DECIDERS },
  approve: { from: ['submitted'], who: DECIDERS },
  decline: { from: ['submitted', 'second_review'], who: DECIDERS },
  approveAutomatically: { from: ['submitted'], who: ['Warmdesk itself'] },
  confirm: { from: ['second_review'], who: ['reviewer', 'staff admin'] },
  sendBack: { from: ['second_review'], who: ['reviewer', 'staff admin'] },
  serve: { from: ['waitlisted'], who: ['Warmdesk itself'] },
  lookAgain: { from: ['waitlisted'], who: ['Warmdesk itself'] },
  askAboutPool: { from: ['waitlisted', 'offered'], who: ['Warmdesk itself'] },
  decidePool: { from: ['needs_info'], who: ['admin', 'billing', 'requester', 'requester on the staff'] },
  waitlist: { from: ['submitted', 'second_review', 'offered'], who: ['Warmdesk itself'] },
  expire: { from: ['needs_info', 'offered'], who: ['Warmdesk itself'] },
  requote: { from: ['second_review', 'offered', 'waitlisted'], who: ['Warmdesk itself'] },
  closeAccount: {
    from: ['submitted', 'needs_info', 'second_review', 'offered', 'waitlisted'],
    who: ['Warmdesk itself'],
  },
};
const DECISIONS = ['ask', 'propose', 'offer', 'approve', 'decline', 'confirm', 'sendBack'];

const ACCOUNT = 7;
const someone = (id: number, who: Partial<Person>): Person => ({
  id,
  email: `${id}@example.com`,
  name: `Person ${id}`,
  accountId: null,
  accountRole: null,
  staffRole: null,
  timeZone: 'UTC',
  ...who,
});
const of = (accountRole: Person['accountRole']) => ({ accountId: ACCOUNT, accountRole });
const PEOPLE: Record<string, Person | null> = {
  admin: someone(1, of('admin')),
  billing: someone(2, of('billing')),
  member: someone(3, of('member')),
  requester: someone(4, of('member')),
  'admin of another account': someone(5, { accountId: 8, accountRole: 'admin' }),
  reviewer: someone(6, { staffRole: 'reviewer' }),
  'staff admin': someone(7, { staffRole: 'admin' }),
  proposer: someone(8, { staffRole: 'reviewer' }),
  'staff member of the account': someone(9, { ...of('member'), staffRole: 'reviewer' }),
  'requester on the staff': someone(10, { ...of('member'), staffRole: 'admin' }),
  'requester who left for the staff': someone(11, { staffRole: 'reviewer' }),
  'Warmdesk itself': null,
};

const requestFacts = (status: Status, who: string) => ({
  status,
  proposerId: 8,
  wasAppealed: false,
  declinedBy: null,
  wasClaimed: false,
  account: { id: ACCOUNT },
  requester: { id: who.startsWith('requester') ? (PEOPLE[who]?.id ?? 0) : 4 },
});

function expected(step: TransitionName, status: Status, who: string): Bar | null {
  const rule = RULES[step];
  if (rule.who.includes(who)) return rule.from.includes(status) ? null : 'not-open';
  if (!DECISIONS.includes(step)) return 'not-yours';
  if (who === 'proposer') return 'own-proposal';
  return who.startsWith('staff member') || who.includes('the staff') ? 'own-account' : 'not-yours';
}

for (const status of statuses) {
  test(`R-05: from ${status}, each step is open to exactly those who may take it`, (t) => {
    for (const step of transitionNames) {
      for (const [who, person] of Object.entries(PEOPLE)) {
        t.is(barTo(step, requestFacts(status, who), person), expected(step, status, who), `${who}: ${step}`);
      }
    }
  });

  test(`the steps offered to each person at ${status} are those without a bar`, (t) => {
    for (const [who, person] of Object.entries(PEOPLE)) {
      const open = transitionNames.filter((step) => expected(step, status, who) === null);
      t.deepEqual(openTransitions(requestFacts(status, who), person), open, who);
    }
  });
}

test('R-05: staff decide nothing of their own account and nothing they asked for, whatever its state', (t) => {
  for (const status of statuses) {
    for (const who of ['staff member of the account', 'requester on the staff', 'requester who left for the staff']) {
      const open = openTransitions(requestFacts(status, who), PEOPLE[who] as Person);
      t.false(
        open.some((step) => DECISIONS.includes(step)),
        `${who} at ${status}`,
      );
    }
  }
});

test('R-04: who proposed an approval can neither confirm it nor send it back, but can decline or ask', (t) => {
  const open = openTransitions(requestFacts('second_review', 'proposer'), PEOPLE.proposer as Person);
  t.deepEqual([...open].sort(), ['ask', 'decline']);
});

test('R-09: the customer has a way out of every open state, and so has the provider', (t) => {
  for (const status of openStatuses) {
    t.true(openTransitions(requestFacts(status, 'requester'), PEOPLE.requester as Person).includes('withdraw'), status);
    const provider = ['reviewer', 'Warmdesk itself'].flatMap((who) =>
      openTransitions(requestFacts(status, who), PEOPLE[who] as Person),
    );
    t.true(provider.length > 0, status);
  }
});

test('nothing leads out of a closed state but the appeal of a decline', (t) => {
  for (const status of statuses.filter((one) => !isOpen(one))) {
    t.false(
      transitionNames.some(
        (step) => step !== 'appeal' && (transitions[step].from as readonly Status[]).includes(status),
      ),
      status,
    );
  }
});

test('every state is reached from the sending, and every step leads into a state that there is', (t) => {
  const reached = new Set<Status>(['submitted']);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const step of transitionNames) {
      const { from, to } = transitions[step];
      t.true(statuses.includes(to));
      if (from.some((status) => reached.has(status))) reached.add(to);
    }
  }
  t.deepEqual([...reached].sort(), [...statuses].sort());
});

test('what is open is exactly what has not ended', (t) => {
  const ended = ['fulfilled', 'declined', 'withdrawn', 'expired'];
  for (const status of statuses) t.is(isOpen(status), !ended.includes(status), status);
});

test('R-07: every step tells the requester, the answer aside, which is the customer’s own', (t) => {
  for (const step of transitionNames) {
    for (const kind of kinds) t.is(mailOf(step, 'requester', kind) !== undefined, step !== 'answer', step);
  }
});

// What each step brings about, once more: where it leads, whether it takes words, what is recorded, who is mailed what.
const BRINGS: Record<TransitionName, Omit<Transition, 'from' | 'by' | 'label'>> = {
  submit: {
    to: 'submitted',
    note: 'none',
    event: 'request.submitted',
    mails: { requester: 'request-received', reviewers: 'request-to-review' },
  },
  ask: { to: 'needs_info', note: 'required', event: 'request.asked', mails: { requester: 'request-question' } },
  answer: { to: 'submitted', note: 'required', event: 'request.answered', mails: { asker: 'request-answered' } },
  edit: {
    to: 'submitted',
    note: 'none',
    event: 'request.edited',
    mails: { requester: 'request-changed', holder: 'request-edited' },
  },
  propose: {
    to: 'second_review',
    note: 'required',
    event: 'request.proposed',
    mails: { requester: 'request-second-review', reviewers: 'request-to-confirm' },
  },
  sendBack: {
    to: 'submitted',
    note: 'required',
    event: 'request.sentBack',
    mails: { requester: 'request-back-in-review', proposer: 'request-sent-back' },
  },
  offer: {
    to: 'offered',
    note: 'required',
    event: 'request.offered',
    mails: { requester: 'request-offered', payers: 'request-offered' },
  },
  approve: {
    to: 'fulfilled',
    note: 'none',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved' },
  },
  approveAutomatically: {
    to: 'fulfilled',
    note: 'none',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved' },
  },
  confirm: {
    to: 'fulfilled',
    note: 'none',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved', proposer: 'request-decided' },
  },
  accept: {
    to: 'fulfilled',
    note: 'none',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved' },
  },
  serve: {
    to: 'fulfilled',
    note: 'none',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved' },
  },
  waitlist: {
    to: 'waitlisted',
    note: 'none',
    event: 'request.waitlisted',
    mails: { requester: 'request-waitlisted', payers: 'request-waitlisted', proposer: 'request-decided' },
  },
  lookAgain: {
    to: 'submitted',
    note: 'none',
    event: 'request.lookedAtAgain',
    mails: { requester: 'request-looked-at-again', payers: 'request-looked-at-again', reviewers: 'request-to-review' },
  },
  askAboutPool: {
    to: 'needs_info',
    note: 'none',
    event: 'request.poolAsked',
    mails: { requester: 'request-pool-question', payers: 'request-pool-question' },
  },
  decidePool: {
    to: 'submitted',
    note: 'none',
    event: 'request.poolDecided',
    mails: { requester: 'request-pool-decided', reviewers: 'request-to-review' },
  },
  decline: {
    to: 'declined',
    note: 'required',
    event: 'request.declined',
    mails: { requester: 'request-declined', proposer: 'request-decided' },
  },
  appeal: {
    to: 'submitted',
    note: 'required',
    event: 'request.appealed',
    mails: { requester: 'request-appealed', reviewers: 'request-to-review' },
  },
  withdraw: {
    to: 'withdrawn',
    note: 'none',
    event: 'request.withdrawn',
    mails: { requester: 'request-withdrawn', proposer: 'request-withdrawn', asker: 'request-withdrawn' },
  },
  expire: { to: 'expired', note: 'none', event: 'request.expired', mails: { requester: 'request-expired' } },
  requote: {
    to: 'submitted',
    note: 'none',
    event: 'request.requoted',
    mails: { requester: 'request-requoted', payers: 'request-requoted', reviewers: 'request-to-review' },
  },
  closeAccount: {
    to: 'withdrawn',
    note: 'none',
    event: 'request.withdrawn',
    mails: { requester: 'request-withdrawn', proposer: 'request-withdrawn', asker: 'request-withdrawn' },
  },
};

for (const name of transitionNames) {
  test(`R-07, R-08: ${name} leads on, takes words, is recorded and is mailed as the rules say`, (t) => {
    const { from: _, by: __, label, ...brings }: Transition = transitions[name];
    t.deepEqual(brings, BRINGS[name]);
    t.regex(label, /^[A-Z][a-z ]+$/, 'what its button says');
  });
}

test('what is sent was in no state before', (t) => {
  t.deepEqual(transitions.submit.from, []);
});

test('an approval of each kind has its own mail', (t) => {
  for (const step of ['approve', 'confirm'] as const) {
    t.is(mailOf(step, 'requester', 'dedicated_ip'), 'request-approved');
    t.is(mailOf(step, 'payers', 'transactional_pool'), 'request-approved-pool');
  }
});
