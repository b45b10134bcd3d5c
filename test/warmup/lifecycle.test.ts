import test from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import {
  ALLOCATION_OF,
  barToTransition,
  openWarmupTransitions,
  type Transition,
  type WarmupTransitionName,
  warmupTransitionNames,
  warmupTransitions,
} from '../../src/warmup/lifecycle.ts';
import { type WarmupStatus, warmupStatuses } from '../../src/warmup/state.ts';

const ACME = 7;
const person = (id: number, change: Partial<Person> = {}): Person => ({
  id,
  email: 'somebody@warmdesk.example',
  name: 'Somebody',
  accountId: null,
  accountRole: null,
  staffRole: 'reviewer',
  timeZone: 'UTC',
  ...change,
});

const WHO: Readonly<Record<string, Person | null>> = {
  Warmdesk: null,
  proposer: person(1),
  another: person(2),
  insider: person(3, { accountId: ACME, accountRole: 'admin' }),
  customer: person(4, { accountId: ACME, accountRole: 'admin', staffRole: null }),
  'customer of another account': person(5, { accountId: ACME + 1, accountRole: 'admin', staffRole: null }),
};

// Every cell that is open: who, by the status, without and with a proposal of the proposer's. All others are shut.
const OPEN: Readonly<Record<WarmupTransitionName, readonly string[]>> = {
  begin: ['planned Warmdesk', 'planned proposed Warmdesk'],
  brake: ['running Warmdesk', 'running proposed Warmdesk'],
  cool: ['running Warmdesk', 'running proposed Warmdesk', 'paused Warmdesk', 'paused proposed Warmdesk'],
  follow: ['running Warmdesk', 'running proposed Warmdesk'],
  stand: ['running Warmdesk', 'running proposed Warmdesk', 'paused Warmdesk', 'paused proposed Warmdesk'],
  reopen: ['complete Warmdesk', 'complete proposed Warmdesk'],
  recool: ['complete Warmdesk', 'complete proposed Warmdesk'],
  alarm: ['complete Warmdesk', 'complete proposed Warmdesk'],
  complete: ['running Warmdesk', 'running proposed Warmdesk'],
  end: [
    'planned Warmdesk',
    'planned proposed Warmdesk',
    'running Warmdesk',
    'running proposed Warmdesk',
    'paused Warmdesk',
    'paused proposed Warmdesk',
    'complete Warmdesk',
    'complete proposed Warmdesk',
  ],
  pause: ['running proposer', 'running another', 'running proposed proposer', 'running proposed another'],
  askToGoOn: ['paused insider', 'paused customer', 'paused proposed insider', 'paused proposed customer'],
  resume: ['paused proposer', 'paused another', 'paused proposed proposer', 'paused proposed another'],
  setBack: [
    'running proposer',
    'running another',
    'running proposed proposer',
    'running proposed another',
    'paused proposer',
    'paused another',
    'paused proposed proposer',
    'paused proposed another',
  ],
  replan: [
    'running proposer',
    'running another',
    'running proposed proposer',
    'running proposed another',
    'paused proposer',
    'paused another',
    'paused proposed proposer',
    'paused proposed another',
  ],
  propose: ['running proposer', 'running another', 'paused proposer', 'paused another'],
  agree: ['running proposed another', 'paused proposed another'],
  drop: [
    'running proposed proposer',
    'running proposed another',
    'paused proposed proposer',
    'paused proposed another',
  ],
};

const stands = (status: WarmupStatus, proposed: boolean, stage = 2) => ({
  status,
  stage,
  accountId: ACME,
  early: proposed ? { by: 1 } : null,
});

for (const name of warmupTransitionNames) {
  test(`${name}: each cell of the lifecycle is open or shut as the table says`, (t) => {
    for (const status of warmupStatuses) {
      for (const proposed of [false, true]) {
        for (const [who, one] of Object.entries(WHO)) {
          const cell = `${status} ${proposed ? 'proposed ' : ''}${who}`;
          t.is(barToTransition(name, stands(status, proposed), one) === null, OPEN[name].includes(cell), cell);
        }
      }
    }
  });
}

test('R-05: staff who belong to the customer’s account may not take any step, and are told why', (t) => {
  const insider = WHO.insider ?? t.fail();
  for (const status of ['running', 'paused'] as const) {
    // As a customer they may ask for it, as anybody of the account.
    const own = status === 'paused' ? ['askToGoOn'] : [];
    t.deepEqual(openWarmupTransitions(stands(status, true), insider), own);
    t.is(barToTransition('setBack', stands(status, true), insider), 'own-account');
  }
  t.is(barToTransition('agree', stands('running', true), WHO.proposer ?? null), 'own-proposal');
  t.is(barToTransition('pause', stands('running', false), WHO.customer ?? null), 'not-yours');
});

test('from the first stage nothing is set back', (t) => {
  t.is(barToTransition('setBack', stands('running', false, 1), person(1)), 'not-open');
});

test('from the first stage all else is open as from any other', (t) => {
  for (const [status, proposed] of [
    ['running', false],
    ['running', true],
    ['paused', false],
    ['paused', true],
  ] as const) {
    const open = (stage: number) => openWarmupTransitions(stands(status, proposed, stage), person(2));
    t.deepEqual(
      open(1),
      open(2).filter((name) => name !== 'setBack'),
      `${status} ${proposed}`,
    );
    t.true(open(2).includes('setBack'));
  }
});

test('who is neither Warmdesk nor of the staff is told that a step is not theirs', (t) => {
  for (const who of ['customer', 'proposer', 'insider']) {
    t.is(barToTransition('begin', stands('planned', false), WHO[who] ?? null), 'not-yours', who);
  }
  t.is(barToTransition('pause', stands('running', false), null), 'not-yours');
});

test('who asks that another account’s warm-up goes on is told that it is not theirs', (t) => {
  const stranger = WHO['customer of another account'] ?? t.fail();
  t.is(barToTransition('askToGoOn', stands('paused', false), stranger), 'not-yours');
});

// What each step brings about: where it leads, whether it takes a reason, what is recorded, what is mailed to whom.
const BRINGS: Readonly<
  Record<WarmupTransitionName, Pick<Transition, 'by' | 'to' | 'reason' | 'event' | 'mail' | 'staffMail'>>
> = {
  begin: {
    by: 'Warmdesk',
    to: 'running',
    reason: 'none',
    event: 'warmup.began',
    mail: 'warmup-started',
    staffMail: null,
  },
  brake: {
    by: 'Warmdesk',
    to: 'paused',
    reason: 'none',
    event: 'warmup.paused',
    mail: 'warmup-paused',
    staffMail: { template: 'warmup-to-resume', next: 'resume' },
  },
  askToGoOn: {
    by: 'customer',
    to: 'same',
    reason: 'required',
    event: 'warmup.goOnAsked',
    mail: null,
    staffMail: { template: 'warmup-go-on-asked', next: 'resume' },
  },
  cool: { by: 'Warmdesk', to: 'same', reason: 'none', event: 'warmup.cold', mail: 'warmup-cold', staffMail: null },
  follow: {
    by: 'Warmdesk',
    to: 'same',
    reason: 'none',
    event: 'warmup.followed',
    mail: 'warmup-followed',
    staffMail: null,
  },
  stand: {
    by: 'Warmdesk',
    to: 'same',
    reason: 'none',
    event: 'warmup.stood',
    mail: 'warmup-stands',
    staffMail: { template: 'warmup-to-look-at', next: 'look' },
  },
  reopen: {
    by: 'Warmdesk',
    to: 'running',
    reason: 'none',
    event: 'warmup.reopened',
    mail: 'warmup-reopened',
    staffMail: null,
  },
  recool: {
    by: 'Warmdesk',
    to: 'running',
    reason: 'none',
    event: 'warmup.cold',
    mail: 'warmup-reopened',
    staffMail: null,
  },
  alarm: {
    by: 'Warmdesk',
    to: 'same',
    reason: 'none',
    event: 'warmup.alarmed',
    mail: null,
    staffMail: { template: 'warmup-to-look-at', next: 'look' },
  },
  complete: {
    by: 'Warmdesk',
    to: 'complete',
    reason: 'none',
    event: 'warmup.completed',
    mail: 'warmup-complete',
    staffMail: null,
  },
  end: { by: 'Warmdesk', to: 'ended', reason: 'none', event: 'warmup.ended', mail: null, staffMail: null },
  pause: {
    by: 'staff',
    to: 'paused',
    reason: 'required',
    event: 'warmup.paused',
    mail: 'warmup-paused',
    staffMail: null,
  },
  resume: {
    by: 'staff',
    to: 'running',
    reason: 'optional',
    event: 'warmup.resumed',
    mail: 'warmup-resumed',
    staffMail: null,
  },
  setBack: {
    by: 'staff',
    to: 'same',
    reason: 'required',
    event: 'warmup.setBack',
    mail: 'warmup-set-back',
    staffMail: null,
  },
  replan: {
    by: 'staff',
    to: 'same',
    reason: 'required',
    event: 'warmup.replanned',
    mail: 'warmup-replanned',
    staffMail: null,
  },
  propose: {
    by: 'staff',
    to: 'same',
    reason: 'required',
    event: 'warmup.earlyProposed',
    mail: null,
    staffMail: { template: 'warmup-early-proposed', next: 'agree' },
  },
  agree: {
    by: 'second person',
    to: 'complete',
    reason: 'optional',
    event: 'warmup.completed',
    mail: 'warmup-complete',
    staffMail: null,
  },
  drop: { by: 'staff', to: 'same', reason: 'optional', event: 'warmup.earlyDropped', mail: null, staffMail: null },
};

for (const name of warmupTransitionNames) {
  test(`R-07, R-08: ${name} leads on, takes a reason, is recorded and is mailed as the rules say`, (t) => {
    const { by, to, reason, event, mail, staffMail, label }: Transition = warmupTransitions[name];
    t.deepEqual({ by, to, reason, event, mail, staffMail }, BRINGS[name]);
    t.regex(label, /^[A-Z][A-Za-z ]+$/, 'what its button says');
  });
}

test('an allocation is warming while its plan is planned or runs, paused with it, active after it, and gone with it', (t) => {
  const before = { planned: 'warming', running: 'warming', paused: 'paused', complete: 'active' } as const;
  t.deepEqual(ALLOCATION_OF, { ...before, ended: 'releasing' });
});

test('what pauses, sets back or shortens a warm-up has a reason', (t) => {
  const required = warmupTransitionNames.filter((name) => warmupTransitions[name].reason === 'required');
  t.deepEqual(required, ['pause', 'askToGoOn', 'setBack', 'replan', 'propose']);
});
