// What the pages of a team say. Pure.
import type { PeopleProblem } from './actions.ts';
import type { MemberState } from './member.ts';

export const STATE_WORDS: Readonly<Record<MemberState, { label: string; tone: 'good' | 'busy' | 'quiet' }>> = {
  active: { label: 'Can sign in', tone: 'good' },
  invited: { label: 'Invited', tone: 'busy' },
  disabled: { label: 'Disabled', tone: 'quiet' },
};

/** Why nothing was done, and what to do instead. */
export const PROBLEMS: Readonly<Record<PeopleProblem, string>> = {
  'not-found': 'This person is no longer here.',
  'not-yours': 'Your role no longer lets you do this. Ask an admin.',
  yourself: 'You cannot change your own role or disable yourself. Ask another admin.',
  'on-the-staff': 'This person also works for the provider, whose administrators look after the sign-in.',
  'last-admin': 'This is the only admin. Make somebody else admin first.',
  changed: 'Somebody else changed this first. This is the current state.',
  taken: 'This address already belongs to somebody here. Each address can be used once: invite another one.',
  disabled: 'This person is disabled. Let them in again first.',
  'has-password': 'This person has a password already. If it is forgotten, the sign-in page sends a link.',
  'no-second-factor': 'This person has no second step to remove.',
  closed: 'This account is closed. Reopen it first.',
};
