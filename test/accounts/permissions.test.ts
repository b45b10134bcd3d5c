import test from 'ava';
import { can, type Permission, permissions, permissionTable, startOf } from '../../src/accounts/permissions.ts';
import type { Person } from '../../src/accounts/person.ts';

// Who holds what, said once more and independently of the table.
const CUSTOMERS = ['member', 'billing', 'admin'];
const STAFF = ['staff reviewer', 'staff deliverability', 'staff billing', 'staff admin'];
const REVIEWERS = ['staff reviewer', 'staff admin'];
const WARMERS = ['staff reviewer', 'staff deliverability', 'staff admin'];
const HOLDERS: Readonly<Record<Permission, readonly string[]>> = {
  anyone: ['nobody', 'without a role', ...CUSTOMERS, ...STAFF],
  'signed in': ['without a role', ...CUSTOMERS, ...STAFF],
  'see own account': CUSTOMERS,
  'make requests': CUSTOMERS,
  'see warm-ups': [...CUSTOMERS, ...STAFF],
  'see account history': ['admin'],
  'review requests': REVIEWERS,
  'see customers': STAFF,
  'see inventory': STAFF,
  'manage inventory': ['staff deliverability', 'staff admin'],
  'manage own IPs': ['billing', 'admin'],
  'see subusers': CUSTOMERS,
  'manage subusers': ['admin'],
  'assign IPs': ['billing', 'admin'],
  'manage customers’ IPs': ['staff deliverability', 'staff admin'],
  'run warm-ups': WARMERS,
  'report sending': WARMERS,
  'see mail': STAFF,
  'see audit': STAFF,
  'manage mail systems': ['staff admin'],
  'manage colleagues': ['admin'],
  'see own charges': ['billing', 'admin'],
  'keep charges': ['staff billing', 'staff admin'],
  'remove domains': ['admin'],
  'manage domains': ['staff deliverability', 'staff admin'],
  'manage customers': ['staff admin'],
  'change plans': ['staff billing', 'staff admin'],
  'suspend customers': ['staff deliverability', 'staff billing', 'staff admin'],
  'see staff': STAFF,
  'manage staff': ['staff admin'],
  'set up': ['staff admin'],
};

const person = (change: Partial<Person>): Person => ({
  id: 1,
  email: 'somebody@acme.example',
  name: 'Somebody',
  accountId: null,
  accountRole: null,
  staffRole: null,
  timeZone: 'UTC',
  ...change,
});
const WHO: Readonly<Record<string, Person | null>> = {
  nobody: null,
  'without a role': person({}),
  member: person({ accountId: 7, accountRole: 'member' }),
  billing: person({ accountId: 7, accountRole: 'billing' }),
  admin: person({ accountId: 7, accountRole: 'admin' }),
  'staff reviewer': person({ staffRole: 'reviewer' }),
  'staff deliverability': person({ staffRole: 'deliverability' }),
  'staff billing': person({ staffRole: 'billing' }),
  'staff admin': person({ staffRole: 'admin' }),
};

for (const [who, one] of Object.entries(WHO)) {
  test(`${who} may do exactly what the table says`, (t) => {
    for (const permission of permissions) t.is(can(one, permission), HOLDERS[permission].includes(who), permission);
  });
}

test('S-22: people of a subuser neither assign IPs nor see or create subusers, and have no charges', (t) => {
  const held = (accountRole: Person['accountRole']) =>
    permissions.filter((one) => can(person({ accountId: 8, accountRole, isOfSubuser: true }), one));
  const all = ['anyone', 'signed in', 'see own account', 'make requests', 'see warm-ups'];
  t.deepEqual(held('member').toSorted(), all.toSorted());
  t.deepEqual(held('billing').toSorted(), all.toSorted());
  const more = ['manage colleagues', 'remove domains', 'see account history'];
  t.deepEqual(held('admin').toSorted(), [...all, ...more].toSorted());
});

test('somebody of an account and of the staff holds what both roles bring', (t) => {
  const both = person({ accountId: 7, accountRole: 'member', staffRole: 'reviewer' });
  for (const permission of permissions) {
    const holders = HOLDERS[permission];
    t.is(can(both, permission), holders.includes('member') || holders.includes('staff reviewer'), permission);
  }
});

test('what is not in the table is not allowed', (t) => {
  for (const one of Object.values(WHO)) t.false(can(one, 'delete everything' as Permission));
  t.deepEqual([...permissions].sort(), Object.keys(HOLDERS).sort());
});

test('the Staff page’s table says in words what each role of the staff may do', (t) => {
  const all = ['reviewer', 'deliverability', 'billing', 'admin'];
  const warmers = ['reviewer', 'deliverability', 'admin'];
  t.deepEqual(
    permissionTable().map(({ what, roles }) => [what, ...roles]),
    [
      ['See warm-ups', ...all],
      ['See customers, their people and what they send', ...all],
      ['See IPs and shared pools', ...all],
      ['See the mail that goes out, and send it again', ...all],
      ['See the audit history', ...all],
      ['See the staff and this table', ...all],
      ['Suspend and reopen customers', 'deliverability', 'billing', 'admin'],
      ['Pause, resume and set back warm-ups', ...warmers],
      ['Upload sending counts', ...warmers],
      ['Decide requests', 'reviewer', 'admin'],
      ['Change a customer’s plan and region', 'billing', 'admin'],
      ['See what customers owe, and close months', 'billing', 'admin'],
      ['Add, look up and remove customers’ domains', 'deliverability', 'admin'],
      ['Add IPs, take them out of stock and put them back', 'deliverability', 'admin'],
      ['Release customers’ IPs, and choose which domains use them', 'deliverability', 'admin'],
      ['Add, import and close customers; manage their people', 'admin'],
      ['Give tokens to mail systems', 'admin'],
      ['Invite staff, change roles, disable people', 'admin'],
      ['Set up the provider: name, mail, policy, pools', 'admin'],
    ],
  );
});

test('who signs in begins at home as a customer, at their own work as staff', (t) => {
  const starts = Object.entries(WHO).flatMap(([who, one]) => (one ? [`${who}: ${startOf(one)}`] : []));
  t.deepEqual(starts, [
    'without a role: /customers',
    'member: /',
    'billing: /',
    'admin: /',
    'staff reviewer: /review',
    'staff deliverability: /warm-ups',
    'staff billing: /customers',
    'staff admin: /review',
  ]);
  t.is(startOf(person({ accountId: 7, accountRole: 'member', staffRole: 'reviewer' })), '/');
});
