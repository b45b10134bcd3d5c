// Somebody of a team as those see them who manage it. Pure.
import type { Person } from '../person.ts';
import type { Role, Team } from './role.ts';

export type Member = Person & {
  readonly createdAt: number;
  /** UTC milliseconds; null: never. */
  readonly signedInAt: number | null;
  readonly disabledAt: number | null;
  /** False: invited, and has not chosen a password yet. */
  readonly hasPassword: boolean;
  /** Whether signing in takes a second step. */
  readonly hasSecondFactor: boolean;
  /** Until when the open link works; null: there is none. */
  readonly linkUntil: number | null;
  /** Until when they were or are away from the desk (UTC milliseconds), and the name of the stand-in, if any; null: never. */
  readonly absence: { readonly until: number; readonly standIn: string | null } | null;
};

export type MemberState = 'active' | 'invited' | 'disabled';

/** What somebody is at the moment; who was imported and never mailed counts as invited. */
export const stateOf = ({
  disabledAt,
  hasPassword,
  signedInAt,
}: Pick<Member, 'disabledAt' | 'hasPassword' | 'signedInAt'>): MemberState =>
  // Who signs in over the provider needs no password.
  disabledAt !== null ? 'disabled' : hasPassword || signedInAt !== null ? 'active' : 'invited';

/** Somebody's absence as a team may know it: of the staff, among the staff, while it lasts at the instant `at` (UTC milliseconds). */
export const absenceIn = (team: Team, { absence }: Pick<Member, 'absence'>, at: number): Member['absence'] =>
  team.kind === 'staff' && absence !== null && absence.until > at ? absence : null;

/** The role that a person has in a team; null: they are not of it. */
export function roleIn(team: Team, person: Pick<Person, 'accountId' | 'accountRole' | 'staffRole'>): Role | null {
  if (team.kind === 'staff') return person.staffRole;
  return person.accountId === team.id ? person.accountRole : null;
}

/** Why something cannot be done to somebody of a team. */
export type MemberBar = 'not-yours' | 'yourself' | 'on-the-staff' | 'last-admin';

/** What keeps `actor` (null: the server's console) from managing `target`; null where nothing does. */
export function barToManage(
  team: Team,
  actor: Pick<Person, 'id' | 'staffRole'> | null,
  target: Pick<Person, 'id' | 'staffRole'>,
): MemberBar | null {
  if (actor === null) return null;
  if (actor.id === target.id) return 'yourself';
  // A customer's admin has no say over somebody who also works for the provider.
  return team.kind === 'account' && target.staffRole !== null && actor.staffRole !== 'admin' ? 'on-the-staff' : null;
}
