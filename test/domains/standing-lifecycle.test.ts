// What may be decided about a domain's place in its pool, cell by cell, against a table written by hand.
import test from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import { barToStanding, type StandingStep, standingSteps } from '../../src/domains/standing/lifecycle.ts';

const ACME = 7;
const of = (change: Partial<Person>): Person => ({
  ...{ id: 1, email: 'somebody@acme.example', name: 'Somebody', accountId: null, accountRole: null, staffRole: null },
  timeZone: 'UTC',
  ...change,
});
const WHO: Readonly<Record<string, Person>> = {
  admin: of({ accountId: ACME, accountRole: 'admin' }),
  member: of({ accountId: ACME, accountRole: 'member' }),
  stranger: of({ accountId: 8, accountRole: 'admin' }),
  reviewer: of({ staffRole: 'reviewer' }),
  deliverability: of({ staffRole: 'deliverability' }),
  'staff admin': of({ staffRole: 'admin' }),
};
const STATES = {
  default: { route: 'default', stoppedAt: null, leaveAskedAt: null },
  stopped: { route: 'default', stoppedAt: 1, leaveAskedAt: null },
  pooled: { route: 'transactional', stoppedAt: null, leaveAskedAt: null },
  asked: { route: 'transactional', stoppedAt: null, leaveAskedAt: 1 },
} as const;

const staff = ['deliverability', 'staff admin'];
const reviewers = ['reviewer', 'staff admin'];
const cells = (states: readonly string[], who: readonly string[]): string[] =>
  states.flatMap((state) => who.map((one) => `${state} ${one}`)).sort();
const OPEN: Readonly<Record<StandingStep, readonly string[]>> = {
  stop: cells(['default', 'pooled', 'asked'], staff),
  letIn: cells(['stopped'], staff),
  askToLeave: cells(['pooled'], ['admin', 'member']),
  leave: cells(['pooled', 'asked'], reviewers),
  keep: cells(['asked'], reviewers),
};

for (const name of standingSteps) {
  test(`C-02: ${name}: each cell is open or shut as the table says`, (t) => {
    const found = Object.entries(STATES).flatMap(([state, domain]) =>
      Object.entries(WHO).flatMap(([who, person]) =>
        barToStanding(name, { ...domain, accountId: ACME }, person) === null ? [`${state} ${who}`] : [],
      ),
    );
    t.deepEqual(found.sort(), OPEN[name]);
  });
}

test('R-05: staff of the account itself decide about no domain of it', (t) => {
  const insider = of({ accountId: ACME, accountRole: 'member', staffRole: 'admin' });
  for (const name of ['stop', 'leave'] as const)
    t.is(barToStanding(name, { ...STATES.pooled, accountId: ACME }, insider), 'own-account');
});
