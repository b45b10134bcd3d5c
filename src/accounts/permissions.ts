// A closed door by default: who may do what, in one table. What is not named here is not allowed.
import type { Person, StaffRole } from './person.ts';

export const permissions = [
  'anyone',
  'signed in',
  'see own account',
  'make requests',
  'remove domains',
  'manage own IPs',
  'see subusers',
  'manage subusers',
  'assign IPs',
  'manage colleagues',
  'see warm-ups',
  'see account history',
  'see own charges',
  'review requests',
  'see customers',
  'manage customers',
  'change plans',
  'suspend customers',
  'keep charges',
  'manage domains',
  'see inventory',
  'manage inventory',
  'manage customers’ IPs',
  'run warm-ups',
  'report sending',
  'see mail',
  'see audit',
  'manage mail systems',
  'see staff',
  'manage staff',
  'set up',
] as const;
export type Permission = (typeof permissions)[number];

const ofEveryAccount: readonly Permission[] = ['see own account', 'make requests', 'see warm-ups'];
const member: readonly Permission[] = [...ofEveryAccount, 'see subusers'];
const payer: readonly Permission[] = [...member, 'see own charges', 'manage own IPs', 'assign IPs'];

/** What everybody on the staff may look at. */
const staff: readonly Permission[] = [
  'see customers',
  'see inventory',
  'see warm-ups',
  'see mail',
  'see audit',
  'see staff',
];
const reviewer: readonly Permission[] = [...staff, 'review requests', 'run warm-ups', 'report sending'];

const ofAccountRole = {
  member,
  billing: payer,
  admin: [...payer, 'see account history', 'manage colleagues', 'remove domains', 'manage subusers'],
} satisfies Record<NonNullable<Person['accountRole']>, readonly Permission[]>;

/** People of a subuser: its IPs and what they cost are its parent's, and it has no subusers itself (S-22). */
const ofSubuserRole = {
  member: ofEveryAccount,
  billing: ofEveryAccount,
  admin: [...ofEveryAccount, 'see account history', 'manage colleagues', 'remove domains'],
} satisfies typeof ofAccountRole;

const ofStaffRole = {
  reviewer,
  deliverability: [
    ...staff,
    'run warm-ups',
    'report sending',
    'manage inventory',
    'manage customers’ IPs',
    'suspend customers',
    'manage domains',
  ],
  billing: [...staff, 'change plans', 'suspend customers', 'keep charges'],
  admin: [
    ...reviewer,
    'manage inventory',
    'manage customers’ IPs',
    'manage mail systems',
    'manage customers',
    'change plans',
    'suspend customers',
    'keep charges',
    'manage domains',
    'manage staff',
    'set up',
  ],
} satisfies Record<StaffRole, readonly Permission[]>;

/** Whether `person` (null: nobody signed in) holds the permission. */
export function can(
  person: Pick<Person, 'accountRole' | 'staffRole' | 'isOfSubuser'> | null,
  permission: Permission,
): boolean {
  if (permission === 'anyone') return true;
  if (person === null) return false;
  if (permission === 'signed in') return true;
  const held: readonly Permission[] = [
    ...(person.accountRole ? (person.isOfSubuser ? ofSubuserRole : ofAccountRole)[person.accountRole] : []),
    ...(person.staffRole ? ofStaffRole[person.staffRole] : []),
  ];
  return held.includes(permission);
}

/** What each permission of the staff lets somebody do, as the Staff page tells it. */
const WORDS: Readonly<Partial<Record<Permission, string>>> = {
  'see customers': 'See customers, their people and what they send',
  'see inventory': 'See IPs and shared pools',
  'see warm-ups': 'See warm-ups',
  'see mail': 'See the mail that goes out, and send it again',
  'see audit': 'See the audit history',
  'see staff': 'See the staff and this table',
  'review requests': 'Decide requests',
  'run warm-ups': 'Pause, resume and set back warm-ups',
  'report sending': 'Upload sending counts',
  'manage inventory': 'Add IPs, take them out of stock and put them back',
  'manage customers’ IPs': 'Release customers’ IPs, and choose which domains use them',
  'change plans': 'Change a customer’s plan and region',
  'suspend customers': 'Suspend and reopen customers',
  'keep charges': 'See what customers owe, and close months',
  'manage customers': 'Add, import and close customers; manage their people',
  'manage domains': 'Add, look up and remove customers’ domains',
  'manage mail systems': 'Give tokens to mail systems',
  'manage staff': 'Invite staff, change roles, disable people',
  'set up': 'Set up the provider: name, mail, policy, pools',
};

export type PermissionRow = { readonly what: string; readonly roles: readonly StaffRole[] };

/** The table of what each role of the staff may do, from what all may to what few may. */
export const permissionTable = (): PermissionRow[] =>
  permissions
    .flatMap((permission) => {
      const what = WORDS[permission];
      const roles = (Object.keys(ofStaffRole) as StaffRole[]).filter((staffRole) =>
        can({ accountRole: null, staffRole }, permission),
      );
      return what === undefined ? [] : [{ what, roles }];
    })
    .toSorted((a, b) => b.roles.length - a.roles.length);

/** Where somebody begins who has just signed in: a customer at home, staff at their own work. */
export function startOf(person: Person): string {
  if (person.accountId !== null) return '/';
  if (can(person, 'review requests')) return '/review';
  return can(person, 'run warm-ups') ? '/warm-ups' : '/customers';
}
