// The roles of a team, what they are called and what they are for. Pure.
import { type AccountRole, accountRoles, type StaffRole, staffRoles } from '../person.ts';

/** The people of the provider, or those of one customer. */
export type Team =
  | { readonly kind: 'staff' }
  | { readonly kind: 'account'; readonly id: number; readonly name: string };
export type Role = AccountRole | StaffRole;
export type RoleWords = { readonly label: string; readonly hint: string };

const OF_STAFF: Readonly<Record<StaffRole, RoleWords>> = {
  reviewer: { label: 'Reviewer', hint: 'Decides requests and runs warm-ups.' },
  deliverability: { label: 'Deliverability', hint: 'Runs warm-ups, IPs and pools; does not decide requests.' },
  billing: { label: 'Billing', hint: 'Changes plans, suspends and reopens customers.' },
  admin: { label: 'Administrator', hint: 'May do everything, including inviting and disabling staff.' },
};

const OF_ACCOUNT: Readonly<Record<AccountRole, RoleWords>> = {
  admin: { label: 'Admin', hint: 'Requests IPs, may commit to their cost, invites colleagues.' },
  billing: { label: 'Billing', hint: 'Requests IPs and may commit to their cost.' },
  member: { label: 'Member', hint: 'Prepares and follows requests; passes those that cost money on to an admin.' },
};

/** The roles that people of a team can have. */
export const rolesOf = (team: Team): readonly Role[] => (team.kind === 'staff' ? staffRoles : accountRoles);

/** What a role is called on pages of this team. */
export const roleWords = (team: Pick<Team, 'kind'>, role: Role): RoleWords =>
  team.kind === 'staff' ? OF_STAFF[role as StaffRole] : OF_ACCOUNT[role as AccountRole];
