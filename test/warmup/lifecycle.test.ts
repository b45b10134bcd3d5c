import test from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import {
  barToTransition,
  openWarmupTransitions,
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
};

// Every cell that is open: who, by the status, without and with a proposal of the proposer's. All others are shut.
const OPEN: Readonly<Record<WarmupTransitionName, readonly string[]>> = {
  begin: ['planned Warmdesk', 'planned proposed Warmdesk'],
  brake: ['running Warmdesk', 'running proposed Warmdesk'],
  cool: ['running Warmdesk', 'running proposed Warmdesk', 'paused Warmdesk', 'paused proposed Warmdesk'],
  complete: ['running Warmdesk', 'running proposed Warmdesk'],
  pause: ['running proposer', 'running another', 'running proposed proposer', 'running proposed another'],
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

test('R-05: staff who belong to the customer’s account take none of the steps, and are told why', (t) => {
  const insider = WHO.insider ?? t.fail();
  for (const status of ['running', 'paused'] as const) {
    t.deepEqual(openWarmupTransitions(stands(status, true), insider), []);
    t.is(barToTransition('setBack', stands(status, true), insider), 'own-account');
  }
  t.is(barToTransition('agree', stands('running', true), WHO.proposer ?? null), 'own-proposal');
  t.is(barToTransition('pause', stands('running', false), WHO.customer ?? null), 'not-yours');
});

test('from the first stage nothing is set back', (t) => {
  t.is(barToTransition('setBack', stands('running', false, 1), person(1)), 'not-open');
});

test('what pauses, sets back or shortens a warm-up has a reason', (t) => {
  const required = warmupTransitionNames.filter((name) => warmupTransitions[name].reason === 'required');
  t.deepEqual(required, ['pause', 'setBack', 'propose']);
});
