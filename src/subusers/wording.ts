// What the pages of subusers say. Pure.
import type { AccountStatus } from '../accounts/person.ts';
import type { AssignmentProblem, CreationProblem } from './actions.ts';

export const CREATION_PROBLEMS: Readonly<Record<Exclude<CreationProblem, 'not-found'>, string>> = {
  'not-yours': 'Your role no longer lets you do this. Ask an admin of the account.',
  'not-active': 'The account is suspended or closed, so no subuser can be created until it is reopened.',
  nested: 'This account is a subuser itself. Only its parent can have further subusers.',
  'ip-region': 'A subuser sends over IPs of its own region alone. Choose IPs of that region, or none.',
  'ip-gone': 'One of these IPs is no longer yours to assign. Choose again.',
  taken: 'This address already belongs to somebody here. Each address can be used once: invite another one.',
};

export const ASSIGNMENT_PROBLEMS: Readonly<Record<Exclude<AssignmentProblem, 'not-found'>, string>> = {
  'not-yours': 'Only admins and billing contacts of the account that has the IP may assign it.',
  'not-open': 'It was given back, so nobody can send over it.',
  'not-active': 'The account is suspended, so nothing can be assigned until it is reopened.',
  changed: 'Somebody changed who sends over it since you opened this page. Look at it again before you go on.',
  region: 'A subuser sends over IPs of its own region alone.',
  'owner-region': 'Mail of your account itself may not leave from the region of this IP.',
  suspended: 'A subuser that is suspended gets no IPs until it is reopened.',
  nobody:
    'Somebody has to send over it: the account itself, or at least one subuser. If it is not needed, give it back.',
  same: 'Nothing has changed.',
};

export const STATE_WORDS: Readonly<
  Record<AccountStatus, { readonly text: string; readonly tone: 'good' | 'bad' | 'quiet' }>
> = {
  active: { text: 'Active', tone: 'good' },
  suspended: { text: 'Suspended', tone: 'bad' },
  closed: { text: 'Closed', tone: 'quiet' },
};
