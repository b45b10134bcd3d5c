// A closed door by default: who may do what, in one table. What is not named here is not allowed.
import type { Person } from './person.ts';

export const permissions = [
  'anyone',
  'signed in',
  'see own account',
  'make requests',
  'see warm-ups',
  'see account history',
  'review requests',
  'see customers',
  'see inventory',
  'manage inventory',
  'run warm-ups',
  'report sending',
  'see mail',
  'see audit',
  'manage mail systems',
] as const;
export type Permission = (typeof permissions)[number];

const member: readonly Permission[] = ['see own account', 'make requests', 'see warm-ups'];
const reviewer: readonly Permission[] = [
  'review requests',
  'see customers',
  'see inventory',
  'see warm-ups',
  'run warm-ups',
  'report sending',
  'see mail',
  'see audit',
];

const ofAccountRole = {
  member,
  billing: member,
  admin: [...member, 'see account history'],
} satisfies Record<NonNullable<Person['accountRole']>, readonly Permission[]>;

const ofStaffRole = {
  reviewer,
  admin: [...reviewer, 'manage inventory', 'manage mail systems'],
} satisfies Record<NonNullable<Person['staffRole']>, readonly Permission[]>;

/** Whether `person` (null: nobody signed in) holds the permission. */
export function can(person: Person | null, permission: Permission): boolean {
  if (permission === 'anyone') return true;
  if (person === null) return false;
  if (permission === 'signed in') return true;
  const held: readonly Permission[] = [
    ...(person.accountRole ? ofAccountRole[person.accountRole] : []),
    ...(person.staffRole ? ofStaffRole[person.staffRole] : []),
  ];
  return held.includes(permission);
}
