import { type FormResult, readForm } from '../../form.ts';
import { isPlainAddress } from '../../notifications/mail.ts';
import type { Invited } from './actions.ts';
import { type Role, rolesOf, type Team } from './role.ts';

export const NAME = { label: 'Name', max: 100 } as const;

/** Whom to invite to a team, as which role. Without a name it is the part of the address before the @. */
export function readInvited(body: unknown, team: Team): FormResult<Invited> {
  const form = readForm(body);
  const email = form.text('email', { label: 'Email', max: 254 }).toLowerCase();
  if (email !== '' && !isPlainAddress(email)) form.fail('email', 'Email must be an address, like name@example.com.');
  const name = form.name('name', { ...NAME, required: false });
  const role = form.choice('role', { label: 'a role', among: rolesOf(team) });
  return form.result(() => ({ email, name: name || (email.split('@')[0] ?? email), role: role as Role }));
}

/** The role that somebody gets, and the one that the page showed. */
export function readRoleChange(body: unknown, team: Team): FormResult<{ readonly from: Role; readonly to: Role }> {
  const form = readForm(body);
  const to = form.choice('role', { label: 'a role', among: rolesOf(team) });
  const from = form.choice('from', { label: 'a role on a complete page', among: rolesOf(team) });
  return form.result(() => ({ from: from as Role, to: to as Role }));
}
