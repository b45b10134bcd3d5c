// The lifecycles of allocations and IPs, cell by cell, against a table written by hand.
import test from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import { type AllocationStatus, allocationStatuses } from '../../src/ips/allocation.ts';
import {
  type AllocationTransitionName,
  allocationTransitions,
  barToAllocation,
  barToHolder,
  barToIp,
  type IpStatus,
  type IpTransitionName,
  ipStatuses,
  ipTransitions,
  mayFollow,
} from '../../src/ips/lifecycle.ts';

const ACME = 7;
const of = (change: Partial<Person>): Person => ({
  ...{ id: 1, email: 'somebody@acme.example', name: 'Somebody', accountId: null, accountRole: null, staffRole: null },
  timeZone: 'UTC',
  ...change,
});
const WHO: Readonly<Record<string, Person | null>> = {
  Warmdesk: null,
  admin: of({ accountId: ACME, accountRole: 'admin' }),
  billing: of({ accountId: ACME, accountRole: 'billing' }),
  member: of({ accountId: ACME, accountRole: 'member' }),
  'other admin': of({ accountId: 8, accountRole: 'admin' }),
  reviewer: of({ staffRole: 'reviewer' }),
  deliverability: of({ staffRole: 'deliverability' }),
  'staff admin': of({ staffRole: 'admin' }),
  insider: of({ accountId: ACME, accountRole: 'member', staffRole: 'admin' }),
};
const HOLDERS = ['admin', 'billing', 'deliverability', 'staff admin'];

const open = <Status extends string>(statuses: readonly Status[], who: readonly string[]): string[] =>
  statuses.flatMap((status) => who.map((one) => `${status} ${one}`)).sort();

const ALLOCATIONS: Readonly<Record<AllocationTransitionName, readonly string[]>> = {
  begin: open(['reserved'], ['Warmdesk']),
  pause: open(['warming'], ['Warmdesk']),
  resume: open(['paused'], ['Warmdesk']),
  complete: open(['warming', 'paused'], ['Warmdesk']),
  reopen: open(['active'], ['Warmdesk']),
  release: open(['reserved', 'warming', 'paused', 'active'], HOLDERS),
  finish: open(['releasing'], ['Warmdesk']),
};

for (const name of Object.keys(ALLOCATIONS) as AllocationTransitionName[]) {
  test(`${name}: each cell of an allocation’s lifecycle is open or shut as the table says`, (t) => {
    const found = allocationStatuses.flatMap((status) =>
      Object.entries(WHO).flatMap(([who, person]) =>
        barToAllocation(name, { status, accountId: ACME }, person) === null ? [`${status} ${who}`] : [],
      ),
    );
    t.deepEqual(found.sort(), ALLOCATIONS[name]);
  });
}

const STOCK = ['deliverability', 'staff admin', 'insider'];
const IPS: Readonly<Record<IpTransitionName, readonly string[]>> = {
  allocate: open(['free'], ['Warmdesk']),
  rest: open(['allocated'], ['Warmdesk']),
  free: open(['quarantined'], ['Warmdesk']),
  withdraw: open(['free', 'quarantined'], STOCK),
  putBack: open(['withdrawn'], STOCK),
  putBackToRest: open(['withdrawn'], STOCK),
};

for (const name of Object.keys(IPS) as IpTransitionName[]) {
  test(`${name}: each cell of an IP’s lifecycle is open or shut as the table says`, (t) => {
    const found = ipStatuses.flatMap((status) =>
      Object.entries(WHO).flatMap(([who, person]) =>
        barToIp(name, status, person) === null ? [`${status} ${who}`] : [],
      ),
    );
    t.deepEqual(found.sort(), IPS[name]);
  });
}

test('where each step leads, what is recorded, and what is mailed', (t) => {
  const leads = (table: Record<string, { to: string; event: string | null; mail: string | null; reason: string }>) =>
    Object.fromEntries(
      Object.entries(table).map(([name, { to, event, mail, reason }]) => [name, [to, event, mail, reason]]),
    );
  t.deepEqual(leads(allocationTransitions), {
    begin: ['warming', null, null, 'none'],
    pause: ['paused', null, null, 'none'],
    resume: ['warming', null, null, 'none'],
    complete: ['active', null, null, 'none'],
    reopen: ['warming', null, null, 'none'],
    release: ['releasing', 'allocation.releasing', 'ip-releasing', 'of staff'],
    finish: ['released', 'allocation.released', 'ip-released', 'none'],
  });
  t.deepEqual(leads(ipTransitions), {
    allocate: ['allocated', null, null, 'none'],
    rest: ['quarantined', 'ip.quarantined', null, 'none'],
    free: ['free', 'ip.freed', null, 'none'],
    withdraw: ['withdrawn', 'ip.withdrawn', null, 'required'],
    putBack: ['free', 'ip.putBack', null, 'required'],
    putBackToRest: ['quarantined', 'ip.putBack', null, 'required'],
  });
});

test('a warm-up takes an allocation only along its own lines, and never back from a release', (t) => {
  const allowed = allocationStatuses.flatMap((from: AllocationStatus) =>
    allocationStatuses.filter((to) => mayFollow(from, to)).map((to) => `${from} ${to}`),
  );
  const expected = ['reserved warming', 'warming paused', 'paused warming', 'warming active', 'paused active'];
  t.deepEqual(allowed.sort(), [...expected, 'active warming'].sort());
});

test('R-05, S-11: why somebody may not give an IP back', (t) => {
  t.is(barToHolder(ACME, WHO.insider ?? null), 'own-account');
  for (const who of ['member', 'other admin', 'reviewer']) t.is(barToHolder(ACME, WHO[who] ?? null), 'not-yours', who);
  t.is(barToAllocation('release', { status: 'released', accountId: ACME }, WHO.admin ?? null), 'not-open');
  t.is(barToIp('withdraw', 'allocated' satisfies IpStatus, WHO['staff admin'] ?? null), 'not-open');
});
