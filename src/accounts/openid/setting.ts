// What an operator sets of an OpenID provider. Pure.
import { ok, type Result, refused } from '../../result.ts';
import { type StaffRole, staffRoles } from '../person.ts';

export type GroupRole = { readonly group: string; readonly role: StaffRole };

export type OpenIdSetting = {
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  /** What the provider is called on the sign-in page. */
  readonly label: string;
  /** What is asked for, `openid` included. */
  readonly scope: string;
  /** The claim that lists somebody's groups. */
  readonly groupsClaim: string;
  /** Which groups are which roles of the staff; of several the first counts. Empty: roles stay as they are in Warmdesk. */
  readonly roles: readonly GroupRole[];
  /** Whether somebody of such a group who is not known becomes one of the staff. */
  readonly createsStaff: boolean;
  /** Whether the provider's own second factor counts; else Warmdesk asks for its own. */
  readonly trustsSecondFactor: boolean;
};

const ROLES = staffRoles.join(', ');
const COMMAS = new RegExp(`=\\s*(${staffRoles.join('|')})\\s*,`);

/** Reads `GROUP=role; GROUP=role`; a group's name may have commas and equals signs, as in LDAP. Refused with a sentence. */
export function readGroupRoles(text: string): Result<readonly GroupRole[], string> {
  const found: GroupRole[] = [];
  for (const pair of text.split(';').map((one) => one.trim())) {
    if (pair === '') continue;
    const [, group = '', name = ''] = /^(.+)=([^=]*)$/.exec(pair) ?? [];
    const role = staffRoles.find((one) => one === name.trim());
    // With commas between the pairs, one group of an odd name would be read that nobody has.
    if (group.trim() === '' || role === undefined || COMMAS.test(group))
      return refused(`must be like desk-admins=admin; desk-reviewers=reviewer, with the roles ${ROLES}`);
    found.push({ group: group.trim(), role });
  }
  return ok(found);
}

/** The role of somebody with these groups: that of the first line of the setting that names one of them. */
export const roleOfGroups = (roles: readonly GroupRole[], groups: readonly string[]): StaffRole | null =>
  roles.find(({ group }) => groups.includes(group))?.role ?? null;
